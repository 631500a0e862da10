"""``kaart(...)`` in templates: a composed map with its bars and its data, on any page."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from flask import current_app, g, render_template
from flask.sansio.app import App
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.geo.afstand import format_afstand
from kernenkaart.geo.geojson import to_geojson, to_kader, to_lonlat
from kernenkaart.kaart.compose import skelet
from kernenkaart.kaart.queries import Versies, data_versies
from kernenkaart.kernen.models import Kern

LABELS = {
    "thuis": "Kaart",
    "klein": "Kaart",
    "kiezen": "Kaart om een plek te kiezen",
    "tekenen": "Kaart om op te tekenen",
}
# in JSON inside a page these end the script or start a comment
_VEILIG = {ord(teken): f"\\u{ord(teken):04x}" for teken in "<>&\u2028\u2029"}


def json_block(data: Any) -> Markup:
    """``data`` as JSON that is safe between script tags, whatever its texts."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_VEILIG))  # noqa: S704  # escaped just above


def kernen_url() -> str:
    """The address of the base map; another one whenever a boundary changes."""
    return f"/kaart/kernen-{versies().kernen}.json"


def versies() -> Versies:
    """The versions of the data, asked once per request."""
    if "kaart_versies" not in g:
        g.kaart_versies = data_versies(db.session())
    found: Versies = g.kaart_versies
    return found


def kaart(
    soort: str = "klein",
    *,
    dingen: Iterable[Mapping[str, Any]] = (),
    groepen: Iterable[Mapping[str, Any]] = (),
    erbij: Iterable[tuple[str, BaseGeometry | None]] = (),
    omtrek: BaseGeometry | None = None,
    blik: BaseGeometry | None = None,
    kader: BaseGeometry | None = None,
    kern: str | None = None,
    data: Mapping[str, Any] | None = None,
    label: str | None = None,
    gemeente: str | None = None,
    onder: Markup | str = "",
    bundel: bool = False,
) -> Markup:
    """A map with its bars, scripts and data; once per page.

    Args:
        soort: ``klein`` (look), ``kiezen`` (a place), ``tekenen`` (lines and areas), ``thuis``.
        dingen: what is on it: mappings with ``ding`` (``werkzaamheid`` …) and ``geom`` (RD), and
            if wanted ``titel``, ``punt`` (RD, of the marker), ``hinder``, ``url``, ``sleutel``,
            ``nummer`` (shown in the marker), ``klasse`` (how its line or area looks). A thing
            whose ``geom`` is None is left out.
        groepen: counts on it: mappings with ``n``, ``punt`` (RD), ``naam`` and ``url``, where one
            sees them closer by.
        erbij: what is drawn below the things, as class and RD geometry: ``k-hinder``,
            ``k-omleiding``; None is left out.
        omtrek: RD geometry drawn as a dashed line: a distance around a kern; without things the
            map looks at it.
        blik: RD geometry the map looks at as long as nothing lies on it; None asks the database
            for the kern.
        kader: RD geometry the map looks at, whatever lies on it.
        kern: slug of a kern that is outlined; without things the map looks at it.
        data: the whole data of the map, as ``gegevens`` makes it; instead of ``dingen``.
        label: what a screen reader calls it.
        gemeente: CBS code of the one whose kernen stand out; None is all.
        onder: what stands in the bar below it.
        bundel: whether things that lie too close together to be told apart become a count.
    """
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    if data is None:
        data = gegevens(dingen, erbij=erbij, omtrek=omtrek, blik=kader or blik, kern=kern)
        data["bundel"] = bundel
        data["groepen"] = [_groep(groep) for groep in groepen]
        if kader is not None:
            data["kader"] = to_kader(kader)
    fotos = [
        naam
        for naam, url in (("standaard", settings.tegels_url), ("luchtfoto", settings.luchtfoto_url))
        if url
    ]
    return Markup(  # noqa: S704  # a template of ours
        render_template(
            "kaart/_kaart.html",
            skelet=skelet(soort),
            soort=soort,
            data=json_block(data),
            fotos=fotos,
            kernen_url=kernen_url(),
            kern=kern,
            gemeente=gemeente,
            label=label or LABELS[soort],
            onder=onder,
        )
    )


def gegevens(
    dingen: Iterable[Mapping[str, Any]],
    *,
    erbij: Iterable[tuple[str, BaseGeometry | None]] = (),
    omtrek: BaseGeometry | None = None,
    blik: BaseGeometry | None = None,
    kern: str | None = None,
) -> dict[str, Any]:
    """Things with RD geometry as the data of a map: markers, lines and areas, and a frame."""
    getekend = [(klasse, geom) for klasse, geom in erbij if geom is not None]
    punten, vormen, extent = [], [], []
    for ding in dingen:
        geom: BaseGeometry | None = ding["geom"]
        if geom is None:
            continue
        extent.append(geom)
        wat = {
            key: ding[key]
            for key in ("ding", "titel", "hinder", "url", "sleutel", "nummer", "klasse")
            if ding.get(key) is not None
        }
        punt = ding.get("punt")
        punten.append(wat | {"l": to_lonlat(geom.point_on_surface() if punt is None else punt)})
        if geom.geom_type.removeprefix("Multi") != "Point":
            vormen.append(wat | {"g": to_geojson(geom)})
    vormen = [{"klasse": klasse, "g": to_geojson(geom)} for klasse, geom in getekend] + vormen
    extent += [geom for _, geom in getekend]
    if omtrek is not None:
        vormen.insert(0, {"klasse": "k-straal", "g": to_geojson(omtrek)})
        extent = extent or [omtrek]
    if not extent:
        extent = list(_kern_grens(kern)) if blik is None else [blik]
    ruimte_m = 60.0 if omtrek is None else 300.0  # so much of the distance line is in sight
    kader = to_kader(shapely.GeometryCollection(extent), ruimte_m) if extent else None
    return {"kader": kader, "dingen": punten, "vormen": vormen, "kern": kern}


def _groep(groep: Mapping[str, Any]) -> dict[str, Any]:
    return {key: groep[key] for key in ("n", "naam", "url")} | {"l": to_lonlat(groep["punt"])}


def _kern_grens(kern: str | None) -> Iterable[BaseGeometry]:
    statement = select(Kern.grens)
    if kern:
        statement = statement.where(Kern.slug == kern)
    else:
        settings: Settings = current_app.extensions["kernenkaart.settings"]
        statement = statement.where(Kern.gemeente.has(code=settings.gemeente_code))
    return db.session().scalars(statement)


def init_kaart(app: App) -> None:
    """Make ``kaart`` known to all templates."""
    app.jinja_env.globals.update(kaart=kaart, kernen_url=kernen_url)
    app.jinja_env.filters.update(kaartjson=json_block, afstand=format_afstand)
