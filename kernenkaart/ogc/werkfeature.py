"""A work as a GeoJSON feature that a program writes and reads back.

A feature is turned into the form of the pages, filled in: so every rule and every sentence is the
one that people get. What is added here is only what a page cannot send wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

import shapely
from pyproj import CRS
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.geo.crs import RD, transform
from kernenkaart.geo.invoer import read_vorm
from kernenkaart.ogc.crs import Crs
from kernenkaart.ogc.eigenschappen import ALLEEN_LEZEN, BY_NAAM, BY_VELD, read_delen, read_value
from kernenkaart.web.api import BadInput, Fout, printable
from kernenkaart.web.json_invoer import pointer
from kernenkaart.web.vorm import vorm_text
from kernenkaart.werkzaamheden.forms import WerkForm, period_text
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid, WerkzaamheidFase
from kernenkaart.werkzaamheden.policy import may_post
from kernenkaart.werkzaamheden.queries import find_organisaties, find_soort_ids
from kernenkaart.werkzaamheden.services import WerkGegevens

FOUTEN_MAX = 50
ZELFDE_M = 0.01  # an open answer has its degrees to the centimetre
GRADEN_CIJFERS = 8

Feature = Mapping[str, Any]


class WerkInvoer(WerkForm):
    """The form of a work, filled in by a program: the same rules and sentences.

    Args:
        teksten: what a page would have sent, by field.
        vorm: the RD geometry, or what is wrong with the one that was sent.
        read_deel: gives the RD geometry of hinder, detour or a step by what stands for it in the
            texts; asked only for what the form takes.
        stored: the work that is changed.
    """

    class Meta(WerkForm.Meta):
        """The key in the header says who sends it; a token of a page is not needed."""

        csrf = False

    def __init__(
        self,
        teksten: Mapping[str, str],
        vorm: BaseGeometry | Invalid,
        read_deel: Callable[[str], BaseGeometry],
        stored: Werkzaamheid | None,
    ) -> None:
        super().__init__(formdata=MultiDict(teksten))
        self._read_deel = read_deel
        self._vorm = vorm
        was = stored.geom if stored is not None else None
        same = (
            was is not None
            and not isinstance(vorm, Invalid)
            and shapely.equals_exact(vorm, was, ZELFDE_M)
        )
        self.vorm.data = vorm_text(was) if same else ""

    def to_vorm(self) -> BaseGeometry:
        """The geometry that was sent."""
        if isinstance(self._vorm, Invalid):
            raise self._vorm
        return self._vorm

    def read_deel(self, tekst: str) -> BaseGeometry | None:
        """The geometry that ``tekst`` stands for."""
        return self._read_deel(tekst) if tekst else None

    def to_gegevens(
        self, stored: Werkzaamheid | None = None, *, concept: bool = False
    ) -> WerkGegevens:
        """What was sent; the internal note, which a program cannot send, stays as it is."""
        return replace(super().to_gegevens(stored, concept=concept), interne_notitie=None)


def read_feature(
    session: Session,
    actor: Actor,
    feature: object,
    crs: Crs,
    stored: Werkzaamheid | None = None,
    *,
    houd_vorm: bool = False,
) -> WerkGegevens:
    """What a feature says about a work, when all of it is right.

    Args:
        crs: which its coordinates are in.
        stored: the work that is replaced.
        houd_vorm: keep the stored geometry, whatever the feature says.

    Raises:
        BadInput: naming all that is wrong, each with a pointer to where.
        NotAllowed: if it is of an organisation that ``actor`` does not post for.
    """
    properties, fouten = _check_shape(feature, stored)
    waarden = {naam: w for naam, w in properties.items() if w is not None and naam in BY_NAAM}
    teksten: dict[str, str] = {}
    for naam, waarde in waarden.items():
        try:
            teksten[BY_NAAM[naam].veld] = read_value(BY_NAAM[naam], waarde)
        except ValueError as error:
            fouten.append(_fout(str(error), "properties", naam))
    concept = _fill_in(teksten)
    fouten += _look_up(session, actor, teksten, stored)
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    vorm = stored.geom if houd_vorm and stored is not None else _read_vorm(geometry, crs)
    delen = read_delen(properties)

    def read_deel(deel: str) -> BaseGeometry:
        return _to_rd(delen[deel], crs)

    form = WerkInvoer(teksten, vorm, read_deel, stored)  # type: ignore[arg-type]  # a work has one
    form.offer(session, actor, stored)
    if not form.validate():
        bekend = {fout.naam for fout in fouten}
        fouten += [fout for fout in form_errors(form) if fout.naam not in bekend]
    if fouten:
        raise BadInput(fouten[:FOUTEN_MAX])
    return form.to_gegevens(stored, concept=concept)


def form_errors(form: WerkForm) -> list[Fout]:
    """What a form found wrong, each with a pointer into the feature."""
    return [
        *(_fout(str(melding)) for melding in form.form_errors),
        *(
            to_fout(Invalid(str(melding), field.short_name))
            for field in form
            for melding in field.errors
        ),
    ]


def to_fout(error: Invalid) -> Fout:
    """Where in the feature the sentence of ``error`` belongs."""
    if error.veld in ("vorm", "bestand"):
        return _fout(error.melding, "geometry")
    eigenschap = BY_VELD.get(error.veld or "")
    return _fout(error.melding, *(("properties", eigenschap.naam) if eigenschap else ()))


def to_feature(werk: Werkzaamheid, crs: Crs) -> dict[str, Any]:
    """A work with all that its owner may know of it, fit to be sent back changed.

    Args:
        crs: which its coordinates are to be in.
    """
    return {
        "type": "Feature",
        "id": werk.id,
        "geometry": _geometry(werk.geom, crs),
        "properties": {
            "titel": werk.titel,
            "omschrijving": werk.omschrijving,
            "soort": werk.soort.naam,
            "organisatie": werk.organisatie.naam,
            "eersteDag": werk.eerste_dag.isoformat(),
            "laatsteDag": werk.laatste_dag.isoformat(),
            "periode": period_text(werk) or None,
            "nauwkeurigheid": werk.nauwkeurigheid.value,
            "duurDagen": werk.duur_dagen,
            "vroegst": werk.vroegst.isoformat() if werk.vroegst else None,
            "laatst": werk.laatst.isoformat() if werk.laatst else None,
            "diepte": werk.diepte.value if werk.diepte else None,
            "fasen": [_fase(fase, crs) for fase in werk.fasen],
            "status": werk.status.value,
            "statusStraks": werk.status_straks.value if werk.status_straks else None,
            "hinder": werk.hinder.value,
            "hinderKort": werk.hinder_kort,
            "hinderregels": [
                {"wie": regel.wie, "niveau": regel.niveau.value, "tekst": regel.tekst}
                for regel in werk.hinderregels
            ],
            "hinderVorm": _geometry(werk.hinder_geom, crs),
            "omleiding": werk.omleiding,
            "omleidingVorm": _geometry(werk.omleiding_geom, crs),
            "plek": werk.plek_naam,
            "project": werk.project_id,
            "contactRol": werk.contact_rol,
            "contactTelefoon": werk.contact_telefoon,
            "openbaar": werk.openbaar,
            "kern": werk.kern.naam if werk.kern else None,
            "bevestigdOp": werk.bevestigd_op.isoformat() if werk.bevestigd_op else None,
            "gewijzigdOp": werk.updated_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        },
    }


def _fase(fase: WerkzaamheidFase, crs: Crs) -> dict[str, Any]:
    return {
        "naam": fase.naam,
        "eersteDag": fase.eerste_dag.isoformat(),
        "laatsteDag": fase.laatste_dag.isoformat(),
        "vorm": _geometry(fase.geom, crs),
    }


def with_period(patch: object) -> object:
    """A patch that says when: days take the place of a period, and a period of days."""
    if not isinstance(patch, dict) or not isinstance(patch.get("properties"), dict):
        return patch
    properties = patch["properties"]
    dagen = {"eersteDag", "laatsteDag"}
    if properties.get("periode") is not None:
        weg = dagen - properties.keys()
    else:
        weg = {"periode"} if dagen & properties.keys() else set()
    return patch | {"properties": dict.fromkeys(weg) | properties}


def _fout(melding: str, *keys: str) -> Fout:
    return Fout("body", pointer(*map(printable, keys)), melding)


def _check_shape(
    feature: object, stored: Werkzaamheid | None
) -> tuple[Mapping[str, Any], list[Fout]]:
    """The properties of a feature, and what is wrong with the feature itself."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return {}, [_fout('Stuur één GeoJSON-object met "type": "Feature".', "type")]
    fouten = []
    if stored is not None and str(feature.get("id", stored.id)) != str(stored.id):
        fouten.append(_fout("Dit is niet het nummer uit het adres.", "id"))
    fouten += [
        _fout("Noem het coördinatenstelsel in de kop Content-Crs.", naam)
        for naam in ("crs", "coordRefSys")
        if feature.get(naam) is not None
    ]
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return {}, [*fouten, _fout("Zet hier een object met eigenschappen.", "properties")]
    fouten += [
        _fout("Deze eigenschap bestaat niet.", "properties", naam)
        for naam in properties
        if naam not in BY_NAAM and naam not in ALLEEN_LEZEN
    ]
    return properties, fouten


def _fill_in(teksten: dict[str, str]) -> bool:
    """Fill in what may be left out; whether it is to be a draft."""
    concept = teksten.get("status") == Status.CONCEPT
    straks = teksten.pop("status_straks", None)
    if concept:
        teksten["status"] = straks or Status.VERWACHT.value
    teksten.setdefault("status", Status.VERWACHT.value)
    teksten.setdefault("hinder", Hinder.GEEN.value)
    teksten.setdefault("openbaar", "y")
    return concept


def _look_up(
    session: Session, actor: Actor, teksten: dict[str, str], stored: Werkzaamheid | None
) -> list[Fout]:
    """Replace the names of a kind and an organisation by their keys; those that do not exist."""
    fouten = []
    eigen = stored.organisatie_id if stored is not None else actor.organisatie_id
    organisaties = {naam.casefold(): id_ for id_, naam in find_organisaties(session)}
    for veld, ids in (("soort", find_soort_ids(session)), ("organisatie", organisaties)):
        if veld in teksten and (naam := teksten.pop(veld).strip().casefold()):
            if naam in ids:
                teksten[veld] = str(ids[naam])
            else:
                een = "een soort" if veld == "soort" else "een organisatie"
                fouten.append(_fout(f"Kies {een} uit de lijst.", "properties", veld))
        elif veld == "organisatie" and eigen is not None:
            teksten[veld] = str(eigen)
    if "organisatie" in teksten and not may_post(actor, int(teksten["organisatie"])):
        raise NotAllowed("Je plaatst alleen werk van je eigen organisatie.")
    return fouten


def _to_rd(geometry: object, crs: Crs) -> BaseGeometry:
    return read_vorm(geometry, CRS.from_epsg(crs.srid), noord_eerst=crs.lat_lon)


def _read_vorm(geometry: object, crs: Crs) -> BaseGeometry | Invalid:
    try:
        return _to_rd(geometry, crs)
    except Invalid as error:
        return error


def _geometry(geom: BaseGeometry | None, crs: Crs) -> dict[str, Any] | None:
    if geom is None:
        return None
    moved = geom if crs.srid == RD else transform(geom, RD, crs.srid)
    cijfers = GRADEN_CIJFERS if crs.in_graden else crs.cijfers
    moved = shapely.transform(moved, lambda xy: (xy[:, ::-1] if crs.lat_lon else xy).round(cijfers))
    found: dict[str, Any] = mapping(moved)
    return found
