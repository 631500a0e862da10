"""The reach of RD: where its coordinates mean something."""

import shapely
from shapely.geometry.base import BaseGeometry

# bounds of EPSG:28992 in metres (area of use of the EPSG register, rounded outward)
RD_BOUNDS = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)


def in_bereik(geom: BaseGeometry) -> bool:
    """Whether ``geom`` (RD, metres) lies wholly within the reach of RD, all numbers finite."""
    if geom.is_empty:
        return False
    coordinates = shapely.get_coordinates(geom)
    x_min, y_min, x_max, y_max = RD_BOUNDS
    xs, ys = coordinates[:, 0], coordinates[:, 1]
    return bool(
        ((xs >= x_min) & (xs <= x_max) & (ys >= y_min) & (ys <= y_max)).all()  # NaN compares False
    )
