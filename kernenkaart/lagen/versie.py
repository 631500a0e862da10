"""The version of what a layer tells: a number that grows with every change of it."""

from functools import cache

from sqlalchemy import ScalarSelect, func, select

from kernenkaart.geo.laag import OpenLaag
from kernenkaart.journaal.models import DataVersie
from kernenkaart.lezen import Lezer, to_text


def versie_of(*lagen: OpenLaag) -> ScalarSelect[int]:
    """The version of these layers together, as part of a statement."""
    tabellen = sorted({tabel for laag in lagen for tabel in laag.tabellen})
    return (
        select(func.coalesce(func.sum(DataVersie.n), 0))
        .where(DataVersie.tabel.in_(tabellen))
        .scalar_subquery()
    )


@cache
def _statement(laag: OpenLaag) -> str:
    return to_text(select(versie_of(laag)))


def data_version_of(lezer: Lezer, laag: OpenLaag) -> int:
    """The version of a layer now."""
    row = lezer.row(_statement(laag), {})
    return int(row[0]) if row else 0
