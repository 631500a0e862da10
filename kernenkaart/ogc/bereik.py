"""Where and when the things of each layer are: exact, and asked again only when data changed."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    ScalarSelect,
    Select,
    cast,
    func,
    literal_column,
    select,
    true,
)

from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.crs import RD
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.lagen import OPEN_LAGEN
from kernenkaart.lagen.versie import versie_of
from kernenkaart.lezen import Lezer, to_text
from kernenkaart.ogc.crs import ETRS89
from kernenkaart.ogc.queries import MOMENT, smallest

NEDERLAND = (3.3, 50.7, 7.3, 53.6)  # of a layer without any place
SCHAAL = 1e6  # parts of a degree: about a decimetre
VER = {
    "west": "LINESTRING(-1e7 -1e7,-1e7 1e7)",
    "zuid": "LINESTRING(-1e7 -1e7,1e7 -1e7)",
    "oost": "LINESTRING(1e7 -1e7,1e7 1e7)",
    "noord": "LINESTRING(-1e7 1e7,1e7 1e7)",
}


@dataclass(frozen=True)
class Bereik:
    """The reach of a layer.

    Attributes:
        kader: west, south, east, north in degrees (CRS84), rounded outward.
        tijd: first and last moment (RFC 3339); None is unbounded, or a layer without dates.
    """

    kader: tuple[float, float, float, float]
    tijd: tuple[str | None, str | None]


class Bereiken:
    """The reach of each layer, kept as long as its data version stays the same."""

    def __init__(self) -> None:
        self._bekend: dict[str, tuple[int, Bereik]] = {}

    def of(self, lezer: Lezer, lagen: tuple[OpenLaag, ...]) -> dict[str, Bereik]:
        """The reach of these layers by name: one question, or two when something changed."""
        versies: dict[str, int] = dict(lezer.rows(_versies_text(), {}))
        oud = [
            laag for laag in lagen if self._bekend.get(laag.naam, (None,))[0] != versies[laag.naam]
        ]
        if oud:
            rijen = lezer.rows(_bereik_text(tuple(laag.naam for laag in oud)), {})
            for naam, versie, *kader, begin, einde in rijen:
                self._bekend[naam] = (versie, _to_bereik(tuple(kader), begin, einde))
        return {laag.naam: self._bekend[laag.naam][1] for laag in lagen}


def _to_bereik(
    kader: tuple[float | None, ...], begin: datetime | None, einde: datetime | None
) -> Bereik:
    west, zuid, oost, noord = kader
    if west is None or zuid is None or oost is None or noord is None:
        west, zuid, oost, noord = NEDERLAND
    rond = (_down(west), _down(zuid), -_down(-oost), -_down(-noord))
    return Bereik(rond, (_write(begin), _write(einde)))


def _down(graden: float) -> float:
    return math.floor(graden * SCHAAL) / SCHAAL


def _write(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


@cache
def _versies_text() -> str:
    arms: list[Any] = [_version(laag) for laag in OPEN_LAGEN]
    return to_text(arms[0].union_all(*arms[1:]))


def _version(laag: OpenLaag) -> Any:
    return select(literal_column(f"'{laag.naam}'"), versie_of(laag))


@cache
def _bereik_text(namen: tuple[str, ...]) -> str:
    arms: list[Select[Any]] = [_reach(laag) for laag in OPEN_LAGEN if laag.naam in namen]
    return to_text(arms[0].union_all(*arms[1:]))


def _reach(laag: OpenLaag) -> Select[Any]:
    hoeken = (
        _edge(laag, "west", func.ST_XMin), _edge(laag, "zuid", func.ST_YMin),
        _edge(laag, "oost", func.ST_XMax), _edge(laag, "noord", func.ST_YMax),
    )  # fmt: skip
    in_rd = func.ST_MakeEnvelope(*hoeken, RD)
    graden = func.ST_Transform(func.ST_Segmentize(in_rd, 1000.0), ETRS89)
    kader = select(graden.label("vlak")).subquery("kader")
    vlak = kader.c.vlak
    tijd = (
        select(
            cast(func.min(laag.begint_op), MOMENT).label("begin"),
            cast(func.max(laag.eindigt_op), MOMENT).label("einde"),
        )
        .select_from(smallest(laag, (laag.begint_op, laag.eindigt_op, laag.visible_to(BEZOEKER))))
        .where(laag.visible_to(BEZOEKER))
        .subquery("tijd")
    )
    return select(
        literal_column(f"'{laag.naam}'"),
        versie_of(laag),
        *(maat(vlak) for maat in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)),
        tijd.c.begin,
        tijd.c.einde,
    ).select_from(kader.join(tijd, true()))


def _edge(laag: OpenLaag, kant: str, maat: Any) -> ScalarSelect[Any]:
    """The outermost coordinate on one side: the index knows what is nearest to a line far away."""
    ver = func.ST_GeomFromText(literal_column(f"'{VER[kant]}'"), RD)
    naast: ColumnElement[Any] = laag.geom.op("<#>", return_type=Float())(ver)
    return (
        select(maat(laag.geom))
        .select_from(smallest(laag, (laag.geom, laag.visible_to(BEZOEKER))))
        .where(laag.visible_to(BEZOEKER), laag.geom.is_not(None))
        .order_by(naast)
        .limit(1)
        .scalar_subquery()
    )
