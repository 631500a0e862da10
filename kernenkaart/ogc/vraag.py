"""A question for items: from the parameters of a request to a statement and its values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from kernenkaart.errors import Invalid
from kernenkaart.geo.laag import OpenLaag
from kernenkaart.ogc.cql2.json_form import parse_json
from kernenkaart.ogc.cql2.queryables import parsers
from kernenkaart.ogc.cql2.sql import to_sql
from kernenkaart.ogc.cql2.text import parse_text
from kernenkaart.ogc.crs import CRS84, Crs, parse_crs
from kernenkaart.ogc.params import (
    AFSTAND_M,
    LIMIET,
    parse_afstand,
    parse_bbox,
    parse_cursor,
    parse_datetime,
    parse_limit,
    parse_slug,
    to_vak,
)
from kernenkaart.ogc.queries import LAAG_VAN, Vorm
from kernenkaart.web.api import Fout, Parser, read_params

TALEN = {"cql2-text": parse_text, "cql2-json": parse_json}
FORMATEN = ("json", "html")
HOORT_BIJ = {
    "bbox-crs": "bbox",
    "afstand": "nabij",
    "filter-lang": "filter",
    "filter-crs": "filter",
}


def parse_formaat(text: str) -> str:
    """``json`` or ``html``."""
    if text not in FORMATEN:
        raise ValueError("Geef bij 'f' json of html.")
    return text


def parse_taal(text: str) -> str:
    """The form of a filter."""
    if text not in TALEN:
        raise ValueError(f"Geef bij 'filter-lang' een van: {', '.join(TALEN)}.")
    return text


VAST: dict[str, Parser] = {
    "f": parse_formaat,
    "limit": parse_limit,
    "cursor": parse_cursor,
    "bbox": parse_bbox,
    "bbox-crs": parse_crs,
    "crs": parse_crs,
    "datetime": parse_datetime,
    "nabij": parse_slug,
    "afstand": parse_afstand,
    "filter": str,
    "filter-lang": parse_taal,
    "filter-crs": parse_crs,
}


@cache
def parsers_of(naam: str) -> dict[str, Parser]:
    """What makes a value of each parameter of the items of the layer with this name.

    A field that is called as one of ours can be asked in a filter only.
    """
    return {**parsers(LAAG_VAN[naam]), **VAST}


@dataclass(frozen=True)
class Vraag:
    """What was asked.

    Attributes:
        vorm: its shape.
        crs: system of the answer.
        waarden: what the statement asks for.
        filter_: one more condition, of a shape of the asker's own.
    """

    vorm: Vorm
    crs: Crs
    waarden: dict[str, Any] = field(default_factory=dict)
    filter_: ColumnElement[bool] | None = None


def read_vraag(laag: OpenLaag, args: MultiDict[str, str], standaard: Crs = CRS84) -> Vraag:
    """The question in these parameters.

    Args:
        standaard: system of the answer when ``crs`` says nothing.

    Raises:
        BadInput: with all that is wrong.
    """
    gelezen = read_params(args, parsers_of(laag.naam), lambda values: _combine(laag, args, values))
    crs: Crs = gelezen.get("crs", standaard)
    velden = tuple(sorted(gelezen.keys() - VAST.keys() - {"_vak", "_cql"}))
    waarden: dict[str, Any] = {
        "na": gelezen.get("cursor", 0),
        "limiet": gelezen.get("limit", LIMIET),
        **{f"eq_{naam}": gelezen[naam] for naam in velden},
    }
    if vak := gelezen.get("_vak"):
        waarden["vak"] = vak
    if tijd := gelezen.get("datetime"):
        waarden |= {naam: getattr(tijd, naam) for naam in ("begin", "einde", "eerste", "laatste")}
    if "nabij" in gelezen:
        waarden |= {"nabij": gelezen["nabij"], "afstand": gelezen.get("afstand", AFSTAND_M)}
    filter_, cql = gelezen.get("_cql", (None, {}))
    vorm = Vorm(
        laag=laag.naam,
        crs=crs.uri,
        vak_srid=gelezen.get("bbox-crs", CRS84).srid if vak else 0,
        met_plek="bbox" in gelezen and not vak,
        nabij="nabij" in gelezen,
        tijd=tijd is not None,
        velden=velden,
    )
    return Vraag(vorm, crs, waarden | cql, filter_)


def _combine(laag: OpenLaag, args: MultiDict[str, str], values: dict[str, Any]) -> Iterator[Fout]:
    """What parameters say together; errors are those of the ones that were understood."""
    for naam, ander in HOORT_BIJ.items():
        if naam in args and ander not in args:
            yield Fout("query", naam, f"'{naam}' zegt alleen iets samen met '{ander}'.")
    if "bbox" in values and ("bbox-crs" in values or "bbox-crs" not in args):
        try:
            values["_vak"] = to_vak(values["bbox"], values.get("bbox-crs", CRS84))
        except ValueError as error:
            yield Fout("query", "bbox", str(error))
    begrepen = all(naam in values or naam not in args for naam in ("filter-lang", "filter-crs"))
    if "filter" in values and begrepen:
        parse = TALEN[values.get("filter-lang", "cql2-text")]
        try:
            node = parse(values["filter"])
            values["_cql"] = to_sql(node, laag, values.get("filter-crs", CRS84))
        except Invalid as error:
            yield Fout("query", "filter", error.melding)
