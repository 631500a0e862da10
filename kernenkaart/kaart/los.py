"""The stand-alone map file of one kern: one HTML file to mail, to print, to take to a meeting.

It carries its scripts, its looks and its data, opens from disk and needs no network. What may run
in it is pinned by hash, in the file itself and in the header it is sent with.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER
from kernenkaart.config import Settings
from kernenkaart.errors import NotFound
from kernenkaart.geo.geojson import to_kader
from kernenkaart.kaart.compose import skelet
from kernenkaart.kaart.insluiten import json_block
from kernenkaart.kaart.kaartdata import extent, map_data, zoom_for
from kernenkaart.kaart.kernlaag import kernen_json
from kernenkaart.kaart.queries import Raster, find_overzicht, merge
from kernenkaart.kaart.zoeken import Gezocht
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.tijd import Periode
from kernenkaart.web.assets import STIJL, read
from kernenkaart.web.dingen import to_rij

RIJEN_MAX = 2_000
FIJN = Raster(16)


@dataclass(frozen=True)
class LosBestand:
    """The file and the policy it is sent with."""

    html: str
    policy: str


def make_los(session: Session, slug: str, vandaag: date) -> LosBestand:
    """The map file of a kern with all that is public from ``vandaag`` on.

    Raises:
        NotFound: if there is no such kern.
    """
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    kern = session.execute(
        select(Kern.naam, Kern.grens)
        .join(Gemeente)
        .where(Kern.slug == slug, Gemeente.code == settings.gemeente_code)
    ).one_or_none()
    if kern is None:
        raise NotFound
    keuze = DingFilter(gemeente=settings.gemeente_code, kern=slug, periode=Periode(vandaag))
    overzicht = find_overzicht(session, BEZOEKER, keuze, raster=FIJN, aantal=RIJEN_MAX)
    gezocht = Gezocht(keuze, kern=slug)
    kader = extent(overzicht, gezocht) or to_kader(kern.grens)
    raster = Raster(zoom_for(kader))
    overzicht = replace(overzicht, groepen=merge(overzicht.groepen, raster))
    rijen = [to_rij(rij, vandaag) for rij in overzicht.rijen]
    scripts, styles = _scripts(), _styles(settings)
    policy = _policy(scripts, styles)
    html = render_template(
        "kaart/los.html",
        kern_naam=kern.naam,
        vandaag_dag=vandaag,
        lagen=[(laag, [rij for rij in rijen if rij.laag == laag.naam]) for laag in LAGEN],
        telling=overzicht.telling,
        soorten=overzicht.getekend,
        skelet=skelet("los"),
        kernen=Markup(_in_page(kernen_json(session, settings.gemeente_code).decode())),  # noqa: S704
        data=json_block(map_data(overzicht, "", gezocht, kader, raster)),
        tekens=Markup(_asset("img/tekens.svg", settings)),  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        styles=[Markup(style) for style in styles],  # noqa: S704
        policy=policy,
        slug=slug,
    )
    return LosBestand(html, policy)


def _asset(path: str, settings: Settings) -> str:
    content = read(path, settings.thema)
    if content is None:
        raise FileNotFoundError(path)
    return content.decode().replace("\r\n", "\n")  # as a browser reads and hashes it


def _scripts() -> list[str]:
    """Leaflet, and as one module our own part with what folium composed."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    leaflet, basis = (_asset(path, settings) for path in skelet("los").js)
    return [leaflet, f"{basis}\n{skelet('los').script}\n"]


def _styles(settings: Settings) -> list[str]:
    """All styles without what they would fetch."""
    texts = [_asset(path, settings) for path in (STIJL, *skelet("los").css)]
    texts = [re.sub(r"@font-face\s*{[^}]*}", "", text) for text in texts]
    return [re.sub(r"url\((?!['\"]?(data:|#))[^)]*\)", "none", text) for text in texts]


def _policy(scripts: list[str], styles: list[str]) -> str:
    def hashes(texts: list[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in texts
        )

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _in_page(json: str) -> str:
    return json.replace("<", "\\u003c")


def file_headers(bestand: LosBestand, slug: str) -> dict[str, Any]:
    """The headers of the file as an attachment."""
    return {
        "Content-Disposition": f'attachment; filename="kernenkaart-{slug}.html"',
        "Content-Security-Policy": f"{bestand.policy}; sandbox allow-scripts",
    }
