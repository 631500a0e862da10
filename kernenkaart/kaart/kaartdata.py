"""What the browser draws: the found things as the data of the map, and where it looks."""

from collections.abc import Iterable, Mapping
from math import floor, log2
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from kernenkaart.geo.crs import RD, WGS84, to_rd, transformer
from kernenkaart.geo.geojson import DEGREES, Kader, to_kader, to_lonlat
from kernenkaart.getal import format_getal
from kernenkaart.kaart.queries import METER_PER_PX, Groep, Overzicht, Raster
from kernenkaart.kaart.stijl import KERN_ZOOM, ZOOM_MAX, ZOOM_MIN
from kernenkaart.kaart.zoeken import DICHTBIJ_M, Gezocht
from kernenkaart.lagen.filter import Vraag
from kernenkaart.lagen.keuzes import Keuzes

NAMEN_MAX = 200  # a gemeente has fewer kernen, and no picture has room for more names
BEELD_PX = (700, 372)  # about the size of the picture, before the browser has told
RUIM_M = 100.0


def frame(vraag: Vraag, gezocht: Gezocht, keuzes: Keuzes) -> Kader | None:
    """Where the map looks: as the visitor left it, around what was asked for, or everywhere.

    Returns:
        West, south, east, north in degrees; None without any kern.
    """
    if vraag.kader:
        return vraag.kader
    if gezocht.plek:
        return to_kader(gezocht.plek.punt, DICHTBIJ_M + RUIM_M)
    kaders = {slug: kader for slug, _naam, kader in keuzes.kernen}
    return kaders.get(gezocht.kern or "", keuzes.kader)


def extent(overzicht: Overzicht, gezocht: Gezocht) -> Kader | None:
    """The frame around all that was found; None when nothing of it is on the map."""
    vakken: list[BaseGeometry] = [shapely.box(*groep.kader) for groep in overzicht.groepen]
    if gezocht.plek:
        vakken.append(gezocht.plek.punt.buffer(DICHTBIJ_M))
    vakken += [
        to_rd(shapely.Point(rij["lon"], rij["lat"]))
        for rij in overzicht.rijen
        if rij["n"] == overzicht.gekozen and rij["op_kaart"]
    ]
    return to_kader(shapely.GeometryCollection(vakken), RUIM_M) if vakken else None


def zoom_for(kader: Kader | None) -> int:
    """The zoom level at which a frame just fits in the picture."""
    if kader is None:
        return ZOOM_MIN
    west, south, east, north = to_rd(shapely.box(*kader)).bounds
    m_per_px = max((east - west) / BEELD_PX[0], (north - south) / BEELD_PX[1], 0.1)
    return max(ZOOM_MIN, min(ZOOM_MAX, floor(log2(METER_PER_PX / m_per_px))))


def names(keuzes: Keuzes, kader: Kader | None, zoom: int) -> list[list[Any]]:
    """The kernen whose names may stand in a picture: slug, name, ``[lon, lat]`` and frame.

    Of a gemeente all of them, so that the visitor can pan; of a whole country those in the
    picture, and none as long as there is no room for them.
    """
    kernen = keuzes.kernen
    if len(kernen) > NAMEN_MAX:
        if kader is None or zoom < KERN_ZOOM:
            return []
        west, south, east, north = kader
        kernen = [
            (slug, naam, vak)
            for slug, naam, vak in kernen
            if vak[0] <= east and vak[2] >= west and vak[1] <= north and vak[3] >= south
        ]
    return [[slug, naam, keuzes.harten[slug], vak] for slug, naam, vak in kernen[:NAMEN_MAX]]


def map_data(
    overzicht: Overzicht,
    gekozen: str,
    gezocht: Gezocht,
    kader: Kader | None,
    raster: Raster,
    *,
    vast: bool = False,
    kernen: list[list[Any]] | None = None,
    tegels: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """The found things as ``static/js/kaart/basis.js`` wants them.

    Args:
        vast: whether frame and zoom are as a visitor left them, to be shown exactly so.
        kernen: what may be named (``names``); None leaves it to the base map.
        tegels: where tiles are (``tile_addresses``); None is a map without.
    """
    enkel = [groep for groep in overzicht.groepen if groep.ding]
    samen = [groep for groep in overzicht.groepen if not groep.ding]
    dingen = [_ding(groep.ding, punt) for groep, punt in zip(enkel, _lonlat(enkel), strict=True)]
    dingen += [
        _ding(rij, [round(rij["lon"], DEGREES), round(rij["lat"], DEGREES)])
        for rij in overzicht.rijen
        if rij["n"] == overzicht.gekozen and rij["op_kaart"]
    ]
    plek = gezocht.plek and {
        "l": to_lonlat(gezocht.plek.punt),
        "naam": gezocht.plek.naam,
        "straal_m": DICHTBIJ_M,
    }
    return {
        "kader": kader,
        "zoom": raster.zoom,
        "vast": vast,
        "dingen": dingen,
        "groepen": [_groep(groep, punt) for groep, punt in zip(samen, _lonlat(samen), strict=True)],
        "vormen": [_vorm(vorm) for vorm in overzicht.vormen],
        "gekozen": gekozen or None,
        "kern": gezocht.kern,
        "plek": plek,
        **({"kernen": kernen} if kernen is not None else {}),
        **({"tegels": tegels} if tegels is not None else {}),
    }


def _vorm(vorm: Mapping[str, Any]) -> dict[str, Any]:
    soort = vorm.get("soort")
    return _ding(vorm, None) | {"g": vorm["g"]} | ({"klasse": f"k-{soort}"} if soort else {})


def _lonlat(groepen: list[Groep]) -> Iterable[list[float]]:
    lons, lats = transformer(RD, WGS84).transform(
        [groep.x for groep in groepen], [groep.y for groep in groepen]
    )
    return [[round(lon, DEGREES), round(lat, DEGREES)] for lon, lat in zip(lons, lats, strict=True)]


def _ding(ding: Mapping[str, Any], punt: list[float] | None) -> dict[str, Any]:
    data = {
        "sleutel": f"{ding['ding']}-{ding['id']}",
        "ding": ding["ding"],
        "titel": ding["titel"],
    }
    if ding["hinder"]:
        data["hinder"] = ding["hinder"]
    if punt:
        data["l"] = punt
    return data


def _groep(groep: Groep, punt: list[float]) -> dict[str, Any]:
    data: dict[str, Any] = {"n": groep.n, "l": punt}
    if groep.kern:
        data |= {"kern": groep.kern[0], "naam": f"{groep.kern[1]}: {format_getal(groep.n)}"}
    else:
        data |= {
            "kader": to_kader(shapely.box(*groep.kader), 20.0),
            "naam": f"{format_getal(groep.n)} samen",
        }
    return data
