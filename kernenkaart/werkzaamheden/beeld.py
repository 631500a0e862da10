"""A work as a picture: what is drawn on its map, what the legend names, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from kernenkaart.werkzaamheden.models import HinderplekSoort, WerkzaamheidFase
from kernenkaart.werkzaamheden.services import FaseZin, HinderVormen

VLAKBIJ_M = 25.0


@dataclass(frozen=True)
class Beeld:
    """What is on the map of a work.

    Attributes:
        dingen: its steps that have a place of their own and above them the work, as ``kaart()``
            wants them.
        erbij: hinder and detour, as ``kaart()`` wants them.
        legenda: the hinder codes of the lines; empty when the work is no line.
        soorten: what is drawn besides the work itself.
        zinnen: the same in plain Dutch, for who cannot see it.
    """

    dingen: tuple[Mapping[str, Any], ...]
    erbij: tuple[tuple[str, BaseGeometry | None], ...]
    legenda: tuple[str, ...]
    soorten: tuple[HinderplekSoort, ...]
    zinnen: tuple[str, ...]


def make_beeld(
    werk: Mapping[str, Any],
    vormen: HinderVormen,
    fasen: Sequence[WerkzaamheidFase | FaseZin],
) -> Beeld:
    """The picture of a work.

    Args:
        werk: the work as ``kaart()`` wants a thing: ``geom`` (RD) and ``hinder`` at least.
        vormen: where it is in the way, and the way around.
        fasen: its steps in order; those without a place of their own are not drawn.
    """
    geom: BaseGeometry = werk["geom"]
    stappen = [
        {
            "ding": "werkzaamheid",
            "titel": f"Stap {nummer}: {fase.naam}",
            "geom": fase.geom,
            "punt": _middle(fase.geom),
            "nummer": nummer,
            "klasse": f"k-{HinderplekSoort.STAP}",
        }
        for nummer, fase in enumerate(fasen, start=1)
        if fase.geom is not None
    ]
    getekend = (
        (HinderplekSoort.HINDER, vormen.hinder is not None),
        (HinderplekSoort.OMLEIDING, vormen.omleiding is not None),
        (HinderplekSoort.STAP, bool(stappen)),
    )
    return Beeld(
        dingen=(*stappen, werk),
        erbij=(("k-hinder", vormen.hinder), ("k-omleiding", vormen.omleiding)),
        legenda=(werk["hinder"],) if "Line" in geom.geom_type else (),
        soorten=tuple(soort for soort, is_er in getekend if is_er),
        zinnen=tuple(_sentences(geom, vormen)),
    )


def _middle(geom: BaseGeometry) -> BaseGeometry:
    """Where the marker of a step stands: the middle of a line, else a point surely on it."""
    if isinstance(geom, LineString):
        return geom.interpolate(0.5, normalized=True)
    return geom.point_on_surface()


def _sentences(geom: BaseGeometry, vormen: HinderVormen) -> list[str]:
    found = []
    if vormen.hinder is not None:
        waar = "in het gestreepte vlak" if "Polygon" in vormen.hinder.geom_type else "op de stippen"
        found.append(f"Hinder is er {waar}: {_reach(geom, vormen.hinder)}.")
    if vormen.omleiding is not None:
        found.append(f"De omleiding is ongeveer {format_lengte(vormen.omleiding.length)} lang.")
    return found


def _reach(geom: BaseGeometry, hinder: BaseGeometry) -> str:
    """How far from the work its hinder reaches, at the corners of what was drawn."""
    hoeken = shapely.points(shapely.get_coordinates(hinder))
    ver = float(shapely.distance(hoeken, geom).max())
    if ver < VLAKBIJ_M:
        return "op het werk zelf en er vlak naast"
    return f"tot ongeveer {format_lengte(ver)} van het werk"


def format_lengte(lengte_m: float) -> str:
    """A length in words: ``40 meter``, ``650 meter``, ``1,2 kilometer``; never nothing."""
    if lengte_m >= 975:
        kilometers = f"{lengte_m / 1000:.1f}".removesuffix(".0").replace(".", ",")
        return f"{kilometers} kilometer"
    stap = 10 if lengte_m < 100 else 50
    return f"{max(stap, round(lengte_m / stap) * stap)} meter"
