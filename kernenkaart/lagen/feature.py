"""One thing of an open layer as a GeoJSON feature (RFC 7946), made by the database as text.

Python never takes it apart: the bytes go straight to the asker.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, func, literal_column, select
from sqlalchemy.sql import visitors

from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.crs import WGS84
from kernenkaart.geo.laag import OpenLaag

DEGREES = 7  # decimals: about a centimetre


def open_rows(laag: OpenLaag, *columns: Any) -> Select[Any]:
    """These columns of all that everyone may see of a layer, by key."""
    return (
        select(*columns).select_from(laag.bron).where(laag.visible_to(BEZOEKER)).order_by(laag.id)
    )


def feature_text(
    laag: OpenLaag, geom: ColumnElement[Any] | None = None, decimals: int = DEGREES
) -> ColumnElement[str]:
    """A feature as text, for a statement over ``laag.bron``.

    Args:
        geom: its geometry in the system that is wanted; None is longitude and latitude (WGS84).
        decimals: of a coordinate.
    """
    tables = [found for found in visitors.iterate(laag.bron) if isinstance(found, Table)]
    record = (
        select(*(veld.kolom.label(naam) for naam, veld in laag.velden.items()))
        .correlate(*tables)
        .subquery("r")
    )
    properties = select(func.row_to_json(literal_column("r"))).select_from(record)
    geometry = func.ST_Transform(laag.geom, WGS84) if geom is None else geom
    return func.concat(
        literal_column("""'{"type":"Feature","id":'"""),
        laag.id,
        literal_column("""',"geometry":'"""),
        func.coalesce(
            func.ST_AsGeoJSON(geometry, decimals, 0, type_=Text), literal_column("'null'")
        ),
        literal_column("""',"properties":'"""),
        properties.correlate(*tables).scalar_subquery(),
        literal_column("'}'"),
        type_=Text,
    )
