"""The picture of a source as a map of the page wants it: signs, words and addresses."""

from collections.abc import Mapping
from typing import Any

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.crs import to_rd
from kernenkaart.geo.geojson import to_kader
from kernenkaart.werkbronnen.beeld import Beeld, Ding, Groep, Vak, middle

# each its own sign, so that nobody needs to see colours
TEKENS = {
    "nieuw": ("+", "nieuw"),
    "veranderd": ("≠", "veranderd"),
    "weg": ("×", "niet meer in de bron"),
    "eigen": ("=", "hier zelf veranderd, blijft zo"),
    "geweigerd": ("!", "geweigerd"),
}


def to_vak(tekst: str) -> Vak | None:
    """The RD frame of an address (degrees, with commas); None when it is none."""
    try:
        west, zuid, oost, noord = (float(deel) for deel in tekst.split(","))
        if not (-180 <= west <= oost <= 180 and -90 <= zuid <= noord <= 90):
            return None
        x_min, y_min, x_max, y_max = to_rd(box(west, zuid, oost, noord)).bounds
    except ValueError:
        return None
    return x_min, y_min, x_max, y_max


def beeld_van(beeld: Beeld, adres: str) -> Mapping[str, Any]:
    """The arguments of ``kaart`` in a template.

    Args:
        adres: of the page; a count leads to the same page, closer by.
    """
    vak: BaseGeometry | None = box(*beeld.vak) if beeld.vak else None
    return {
        "dingen": [_ding(ding) for ding in beeld.dingen],
        "groepen": [_groep(groep, adres) for groep in beeld.groepen],
        "bundel": not beeld.groepen,
        "kader": vak,
    }


def _ding(ding: Ding) -> dict[str, Any]:
    teken, woord = TEKENS[ding.wat]
    regel = f" (regel {ding.nummer})" if ding.nummer else ""
    return {
        "ding": "werkzaamheid",
        "sleutel": f"{ding.wat}-{ding.nummer or ding.werk_id}",
        "nummer": teken,
        "titel": f"{woord.capitalize()}: {ding.titel}{regel}",
        "geom": ding.geom,
        "klasse": f"k-bron-{ding.wat}",
        "url": f"/werkzaamheden/{ding.werk_id}" if ding.werk_id else None,
    }


def _groep(groep: Groep, adres: str) -> dict[str, Any]:
    kader = to_kader(box(*groep.vak))
    delen = (f"{n} {TEKENS[wat][1]}" for wat, n in groep.soorten.items())
    return {
        "n": groep.aantal,
        "punt": middle(groep),
        "naam": "; ".join(delen),
        "url": f"{adres}?kader={','.join(str(graad) for graad in kader)}",
    }
