"""The reach of RD: where its coordinates mean something, for Python and for the database."""

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


def bereik_sql(kolom: str) -> str:
    """``in_bereik`` of the geometry in ``kolom`` as a condition in SQL, for a constraint.

    NULL stays NULL; numbers that are not finite are left to ``ST_IsValid``.
    """
    x_min, y_min, x_max, y_max = (f"{grens:.0f}" for grens in RD_BOUNDS)
    return (
        f"NOT ST_IsEmpty({kolom}) AND ST_XMin({kolom}) >= {x_min} AND ST_XMax({kolom}) <= {x_max} "
        f"AND ST_YMin({kolom}) >= {y_min} AND ST_YMax({kolom}) <= {y_max}"
    )
