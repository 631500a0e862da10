"""What is there: one work, works near an area, what needs somebody's attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Float, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernenkaart.actor import Actor
from kernenkaart.db import Model
from kernenkaart.errors import NotFound
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.journaal.queries import find_changes
from kernenkaart.journaal.verhaal import Mededeling, tell
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid, format_periode
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.laag import LAAG
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid, WerkzaamheidSoort
from kernenkaart.werkzaamheden.policy import changeable_by, visible_to

T = TypeVar("T")
AF = (Status.CONCEPT, Status.VERVALLEN)
LOPEND = (Status.NOG_NIET_ZEKER, Status.VERWACHT, Status.BEVESTIGD, Status.BEZIG)


def get_werkzaamheid(session: Session, actor: Actor, werkzaamheid_id: int) -> Werkzaamheid:
    """One work with its organisation, kind, kern and hinder lines.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    werk = session.scalars(of_one(actor, werkzaamheid_id)).unique().one_or_none()
    return or_not_found(werk)


def of_one(actor: Actor, werkzaamheid_id: int) -> Select[Werkzaamheid]:
    """The question for ``get_werkzaamheid``; a work comes once for each of its lines."""
    return (
        select(Werkzaamheid)
        .where(Werkzaamheid.id == werkzaamheid_id, visible_to(actor))
        .options(
            joinedload(Werkzaamheid.organisatie),
            joinedload(Werkzaamheid.soort),
            joinedload(Werkzaamheid.kern),
            # a few lines each: together with the work they are quicker than each by itself
            joinedload(Werkzaamheid.hinderregels),
            joinedload(Werkzaamheid.fasen),
        )
    )


def or_not_found(werk: T | None) -> T:
    """What was found of a work.

    Raises:
        NotFound: if that is nothing.
    """
    if werk is None:
        raise NotFound("Dit werk bestaat niet (meer). Misschien is het al klaar.")
    return werk


def find_changeable(
    session: Session, actor: Actor, *, na: int, hoogstens: int
) -> Sequence[Werkzaamheid]:
    """Works that ``actor`` may change, drafts too, in the order in which they were posted.

    Args:
        na: only those that came after the one with this key; 0 for all.
        hoogstens: so many at most.
    """
    found = session.scalars(
        select(Werkzaamheid)
        .where(changeable_by(actor), Werkzaamheid.id > na)
        .options(
            joinedload(Werkzaamheid.organisatie),
            joinedload(Werkzaamheid.soort),
            joinedload(Werkzaamheid.kern),
            joinedload(Werkzaamheid.hinderregels),
            joinedload(Werkzaamheid.fasen),
        )
        .order_by(Werkzaamheid.id)
        .limit(hoogstens)
    )
    return found.unique().all()


@dataclass(frozen=True)
class Nabij:
    """A work near an area; ``afstand_m`` is 0 when it touches it."""

    werk: Werkzaamheid
    afstand_m: float


def find_near(
    session: Session,
    actor: Actor,
    *,
    gebied: BaseGeometry,
    afstand_m: float,
    periode: Periode,
    organisatie_id: int | None = None,
    behalve: int | None = None,
) -> Sequence[Nabij]:
    """Works that ``actor`` may see, near ``gebied`` and going on during ``periode``.

    Args:
        gebied: any valid shapely geometry in RD (EPSG:28992).
        afstand_m: greatest distance from the edge of ``gebied``, in metres, included; works that
            touch it are at distance 0.
        periode: works that share at least one day with it are found.
        organisatie_id: only works of this organisation.
        behalve: the work that is asked about itself.

    Returns:
        The works by first day, then by title. Drafts and dropped works are not among them.
    """
    hier = bindparam(None, gebied, type_=RDGeometry())
    afstand = func.ST_Distance(Werkzaamheid.geom, hier, type_=Float)
    statement = (
        select(Werkzaamheid, afstand)
        .join(Werkzaamheid.organisatie)
        .join(Werkzaamheid.soort)
        .outerjoin(Werkzaamheid.kern)
        .where(
            visible_to(actor),
            Werkzaamheid.status.not_in(AF),
            func.ST_DWithin(Werkzaamheid.geom, hier, afstand_m),
            LAAG.tijdens(periode),
        )
        .options(
            contains_eager(Werkzaamheid.organisatie),
            contains_eager(Werkzaamheid.soort),
            contains_eager(Werkzaamheid.kern),
        )
        .order_by(Werkzaamheid.eerste_dag, Werkzaamheid.titel, Werkzaamheid.id)
    )
    if organisatie_id is not None:
        statement = statement.where(Werkzaamheid.organisatie_id == organisatie_id)
    if behalve is not None:
        statement = statement.where(Werkzaamheid.id != behalve)
    return [Nabij(werk, meters) for werk, meters in session.execute(statement)]


def find_soorten(session: Session, ook: int | None = None) -> list[tuple[int, str]]:
    """The kinds to choose from, as key and name; ``ook`` is offered even when out of use."""
    rows = session.execute(
        select(WerkzaamheidSoort.id, WerkzaamheidSoort.naam)
        .where(or_(WerkzaamheidSoort.actief, WerkzaamheidSoort.id == ook))
        .order_by(WerkzaamheidSoort.volgorde, WerkzaamheidSoort.naam)
    )
    return [(row.id, row.naam) for row in rows]


def find_soort_ids(session: Session) -> dict[str, int]:
    """The key of every kind by its code and by its name, in small letters."""
    rows = session.execute(
        select(WerkzaamheidSoort.id, WerkzaamheidSoort.naam, WerkzaamheidSoort.code)
    )
    return {tekst.casefold(): id_ for id_, *teksten in rows for tekst in teksten}


def find_organisaties(session: Session) -> list[tuple[int, str]]:
    """All organisations, as key and name."""
    rows = session.execute(select(Organisatie.id, Organisatie.naam).order_by(Organisatie.naam))
    return [(row.id, row.naam) for row in rows]


def is_stale(werk: Werkzaamheid, vandaag: date, dagen: int) -> bool:
    """Whether nobody confirmed a work to come or going on for more than ``dagen`` days."""
    if werk.status not in LOPEND:
        return False
    return werk.bevestigd_op is None or werk.bevestigd_op < vandaag - timedelta(days=dagen)


def stale(vandaag: date, dagen: int) -> ColumnElement[bool]:
    """``is_stale`` as a condition for ``where``."""
    grens = vandaag - timedelta(days=dagen)
    oud = or_(Werkzaamheid.bevestigd_op.is_(None), Werkzaamheid.bevestigd_op < grens)
    return Werkzaamheid.status.in_(LOPEND) & oud


def overdue(vandaag: date) -> ColumnElement[bool]:
    """Works past their last day that nobody called finished, as a condition for ``where``."""
    return Werkzaamheid.status.in_(LOPEND) & (Werkzaamheid.laatste_dag < vandaag)


def find_veranderd(session: Session, werkzaamheid_id: int) -> list[Mededeling]:
    """What changed since visitors could first see it, newest first, in plain words."""
    return tell(
        find_changes(session, "werkzaamheid", werkzaamheid_id),
        (_status_changed, _days_changed, _hinder_changed, _title_changed, _place_changed),
        zichtbaar=lambda row: row.get("status") != Status.CONCEPT and bool(row.get("openbaar")),
        eerste="Voor het eerst op de kaart.",
    )


STATUS_ZIN = {
    Status.BEVESTIGD: "De dagen zijn bevestigd.",
    Status.BEZIG: "Het werk is begonnen.",
    Status.KLAAR: "Het werk is klaar.",
    Status.UITGESTELD: "Het werk is uitgesteld.",
    Status.VERVALLEN: "Het werk gaat niet door.",
    Status.NOG_NIET_ZEKER: "De dagen zijn nog niet zeker.",
    Status.VERWACHT: "De dagen worden verwacht.",
}


def _status_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    if voor.get("status") == na.get("status"):
        again = voor.get("bevestigd_op") != na.get("bevestigd_op") and na.get("bevestigd_op")
        return "De dagen zijn opnieuw bevestigd." if again else None
    return STATUS_ZIN.get(na["status"])


def _days_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    if any(f not in voor for f in ("eerste_dag", "laatste_dag")):
        return None
    nu, was = (_period_of(row) for row in (na, voor))
    return None if nu == was else f"Nu: {nu}. Was: {was}."


def _period_of(row: Mapping[str, Any]) -> str:
    eerste, laatste = (date.fromisoformat(row[f]) for f in ("eerste_dag", "laatste_dag"))
    return format_periode(eerste, laatste, row.get("nauwkeurigheid") or Nauwkeurigheid.DAG)


HINDER_ZIN = {Hinder.GEEN: "geen", Hinder.BEPERKT: "beperkt", Hinder.AFGESLOTEN: "afgesloten"}


def _hinder_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    if voor.get("hinder") == na.get("hinder"):
        same = voor.get("hinder_kort") == na.get("hinder_kort")
        return None if same else f"Hinder: {na.get('hinder_kort') or 'geen'}."
    return f"De hinder is anders. Was: {HINDER_ZIN.get(voor.get('hinder', ''), 'onbekend')}."


def _title_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    return None if voor.get("titel") == na.get("titel") else f"Nieuwe naam. Was: {voor['titel']}."


def _place_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    return None if voor.get("geom") == na.get("geom") else "De plek is aangepast."


def find_projecten(session: Session, actor: Actor, ook: int | None = None) -> list[tuple[int, str]]:
    """The running projects that ``actor`` can put a work under, as key and title, by title.

    Staff choose from all, partners from those of their own organisation; ``ook`` is always among
    them. The table is asked by name, since projects are another feature.
    """
    project = Model.metadata.tables["project"].c
    eigen = true() if actor.is_medewerker else project.organisatie_id == actor.organisatie_id
    te_kiezen = and_(project.status.not_in(("klaar", "gestopt")), eigen)
    rows = session.execute(
        select(project.id, project.titel)
        .where(or_(te_kiezen, project.id == ook))
        .order_by(project.titel)
    )
    return [(row.id, row.titel) for row in rows]
