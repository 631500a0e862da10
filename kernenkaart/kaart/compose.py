"""folium composes the skeleton of each kind of map: the Leaflet map, its layers, its controls.

branca compiles what it rendered a second time as a Jinja template, so only constants of this
module ever enter a folium object. Titles, names and geometry travel as JSON, apart from it, and
are put in the page as text. A skeleton is rendered once per process and never changes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from kernenkaart.kaart.stijl import MIDDEN, ZOOM_MAX, ZOOM_MIN

SOORTEN = ("thuis", "klein", "kiezen", "tekenen", "los")
FOTOS = ("standaard", "luchtfoto")

# folium's name of an asset: our own copy of it under static/
ASSETS = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
    "kernenkaart_css": "css/kaart.css",
    "kernenkaart": "js/kaart/basis.js",
    "tegellaag": "js/kaart/tegellaag.js",
}


@dataclass(frozen=True)
class Skelet:
    """One kind of map, composed.

    Attributes:
        html: the element that Leaflet fills.
        script: what builds the map; runs as a module, after the files of ``js``.
        js: static paths of the scripts it needs, in order.
        css: static paths of the style sheets it needs.
    """

    html: str
    script: str
    js: tuple[str, ...]
    css: tuple[str, ...]


class KernMap(folium.Map):
    """A map without the outside files and the page styles that folium brings by itself."""

    default_js: list[tuple[str, str]] = [("leaflet", ASSETS["leaflet"])]  # noqa: RUF012
    default_css: list[tuple[str, str]] = [("leaflet_css", ASSETS["leaflet_css"])]  # noqa: RUF012


class Bouwsteen(JSCSSMixin, MacroElement):
    """A part of the map that our own script makes: ``KK.<naam>(map, options)``.

    Args:
        naam: name of the function.
        opties: constants only.
    """

    default_js: list[tuple[str, str]] = [("kernenkaart", ASSETS["kernenkaart"])]  # noqa: RUF012
    default_css: list[tuple[str, str]] = [("kernenkaart_css", ASSETS["kernenkaart_css"])]  # noqa: RUF012
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "KK.{{ this.naam }}({{ this._parent.get_name() }}, {{ this.opties|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, naam: str, **opties: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = naam
        self.naam = naam
        self.opties = opties


class Tegellaag(Bouwsteen):
    """Kernen and all things as vector tiles."""

    default_js: list[tuple[str, str]] = [  # noqa: RUF012
        *Bouwsteen.default_js,
        ("tegellaag", ASSETS["tegellaag"]),
    ]


class Achtergrond(Bouwsteen):
    """What shows one of the tile layers, and our own map when they cannot be had."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "KK.achtergrond({{ this._parent.get_name() }}, "
        "{ {% for foto in this.fotos %}{{ foto }}: tile_layer_{{ foto }}, {% endfor %} });"
        "{% endmacro %}"
    )

    def __init__(self, fotos: tuple[str, ...]) -> None:
        super().__init__("achtergrond")
        self.fotos = fotos


@cache
def skelet(soort: str) -> Skelet:
    """The skeleton of a kind of map.

    Raises:
        KeyError: if there is no such kind, or if a part asks for a file that is not ours.
    """
    if soort not in SOORTEN:
        raise KeyError(soort)
    kaart = KernMap(
        location=MIDDEN,
        zoom_start=10,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        minZoom=ZOOM_MIN,
        maxZoom=ZOOM_MAX,
        zoom_animation=False,
        fade_animation=False,
        marker_zoom_animation=False,
        inertia=False,
        scroll_wheel_zoom=soort != "klein",
        bounce_at_zoom_limits=False,
    )
    kaart._id = soort
    fotos = () if soort == "los" else FOTOS  # the stand-alone file has no server behind it
    for foto in fotos:
        tegels = folium.TileLayer(
            tiles=f"/achtergrond/{foto}/{{z}}/{{x}}/{{y}}",
            attr=foto,  # folium wants one; the page prints the real source itself
            name=foto,
            min_zoom=ZOOM_MIN,
            max_zoom=ZOOM_MAX,
            show=False,  # the page decides which, if any
            update_when_idle=True,
            keep_buffer=1,
        )
        tegels._id = foto
        tegels.add_to(kaart)
    for bouwsteen in (
        Achtergrond(fotos),
        Tegellaag("tegellaag") if soort == "thuis" else Bouwsteen("kernlaag"),
        Bouwsteen("dinglaag"),
        Bouwsteen("schaal", breedte=110),
        Bouwsteen("klaar", soort=soort),
    ):
        bouwsteen._id = soort
        bouwsteen.add_to(kaart)
    return _take_apart(kaart)


def _take_apart(kaart: KernMap) -> Skelet:
    root: Any = kaart.get_root()
    root.render()
    onderdelen = [kaart, *kaart._children.values()]
    js = [naam for deel in onderdelen for naam, _ in getattr(deel, "default_js", ())]
    css = [naam for deel in onderdelen for naam, _ in getattr(deel, "default_css", ())]
    return Skelet(
        html=root.html.render().strip(),
        script="\n".join(
            regel.strip() for regel in root.script.render().splitlines() if regel.strip()
        ),
        # an unknown name is an outside file: refuse it
        js=tuple(ASSETS[naam] for naam in dict.fromkeys(js)),
        css=tuple(ASSETS[naam] for naam in dict.fromkeys(css)),
    )
