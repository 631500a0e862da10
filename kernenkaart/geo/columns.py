"""The geometry column: RD in the database, shapely in Python."""

from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.elements import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from kernenkaart.geo.crs import RD


class RDGeometry(TypeDecorator[BaseGeometry]):
    """A geometry in EPSG:28992; values are shapely geometries, metres.

    Args:
        kind: ``POINT``, ``MULTIPOLYGON`` … or ``GEOMETRY`` for any.
    """

    impl = Geometry
    cache_ok = True
    comparator_factory = Geometry.comparator_factory

    def __init__(self, kind: str = "GEOMETRY", *, srid: int = RD) -> None:
        super().__init__(geometry_type=kind, srid=srid, spatial_index=False)
        self.kind = kind
        self.srid = srid

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Shapely to the text GeoAlchemy2 hands to ``ST_GeomFromEWKT``."""
        if value is None or isinstance(value, str | WKBElement):
            return value
        return f"SRID={self.srid};{shapely.to_wkt(value, rounding_precision=-1)}"

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:  # noqa: ARG002
        """The database's WKB to shapely."""
        if value is None or isinstance(value, BaseGeometry):
            return value
        return to_shape(value)
