"""What is there: one activity, those near a day, those of a platform."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import Row, and_, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernenkaart.activiteiten.models import (
    Activiteit,
    ActiviteitSoort,
    Doelgroep,
    Status,
)
from kernenkaart.activiteiten.policy import OPENBAAR, visible_to
from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.journaal.queries import find_changes
from kernenkaart.journaal.verhaal import Mededeling, tell
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import PlatformKern
from kernenkaart.platforms.posten import KernKeuze
from kernenkaart.tijd import format_moment
from kernenkaart.zalen.models import Zaal

GEHEEL = tuple(
    joinedload(relation)
    for relation in (
        Activiteit.platform,
        Activiteit.soort,
        Activiteit.kern,
        Activiteit.doelgroep,
        Activiteit.zaal,
        Activiteit.beeld,
        Activiteit.reeks,
    )
)


def get_activiteit(session: Session, actor: Actor, activiteit_id: int) -> Activiteit:
    """One activity with its platform, kind and kern.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    activiteit = session.scalar(
        select(Activiteit).where(Activiteit.id == activiteit_id, visible_to(actor)).options(*GEHEEL)
    )
    if activiteit is None:
        raise NotFound("Deze activiteit bestaat niet (meer). Misschien is hij al voorbij.")
    return activiteit


def find_soorten(session: Session, ook: int | None = None) -> Sequence[tuple[int, str]]:
    """The kinds to choose from, as key and name.

    Args:
        ook: a kind that is offered even when it is no longer in use.
    """
    rows = session.execute(
        select(ActiviteitSoort.id, ActiviteitSoort.naam)
        .where(or_(ActiviteitSoort.actief, ActiviteitSoort.id == ook))
        .order_by(ActiviteitSoort.volgorde, ActiviteitSoort.naam)
    )
    return [(row.id, row.naam) for row in rows]


def find_keuzes(
    session: Session, soort_id: int | None = None, doelgroep_id: int | None = None
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The kinds and the publics to choose from, as key and name; one statement.

    Args:
        soort_id: a kind that is offered even when it is no longer in use.
        doelgroep_id: a public likewise.
    """
    lijsten: tuple[tuple[Any, int | None], ...] = (
        (ActiviteitSoort, soort_id),
        (Doelgroep, doelgroep_id),
    )
    arms = [
        select(literal(nummer).label("lijst"), model.id, model.naam, model.volgorde).where(
            or_(model.actief, model.id == ook)
        )
        for nummer, (model, ook) in enumerate(lijsten)
    ]
    keuzes: tuple[list[tuple[int, str]], list[tuple[int, str]]] = ([], [])
    for row in session.execute(union_all(*arms).order_by("lijst", "volgorde", "naam")):
        keuzes[row.lijst].append((row.id, row.naam))
    return keuzes


def find_plekken(
    session: Session, platform_id: int, ook: int | None = None
) -> tuple[list[KernKeuze], list[Zaal]]:
    """All kernen to choose from and the halls in use, those of the platform first; one statement.

    Args:
        ook: a hall that is among them even when it is no longer in use.

    Returns:
        The kernen by name, and the halls by kern and name, each with its kern.
    """
    mine = Kern.id.in_(select(PlatformKern.kern_id).where(PlatformKern.platform_id == platform_id))
    rows = session.execute(
        select(Kern.id, Kern.naam, Kern.slug, mine.label("eigen"), Zaal)
        .outerjoin(Zaal, and_(Zaal.kern_id == Kern.id, or_(Zaal.actief, Zaal.id == ook)))
        .options(contains_eager(Zaal.kern).load_only(Kern.naam))
        .order_by(mine.desc(), Kern.naam, Zaal.naam)
    ).all()
    kernen = {row.id: KernKeuze(row.id, row.naam, row.slug, row.eigen) for row in rows}
    return list(kernen.values()), [row.Zaal for row in rows if row.Zaal]


def find_eerdere(
    session: Session, platform_id: int, *, limiet: int = 50
) -> Sequence[Row[int, str, datetime, datetime, bool]]:
    """What a platform posted before, newest first and each title once, to copy from.

    Returns:
        Rows with ``id``, ``titel``, ``begint_op``, ``eindigt_op`` and ``hele_dag``.
    """
    last = (
        select(Activiteit.id)
        .where(Activiteit.platform_id == platform_id, Activiteit.status != Status.INGETROKKEN)
        .ext(distinct_on(func.lower(Activiteit.titel)))
        .order_by(func.lower(Activiteit.titel), Activiteit.begint_op.desc())
    )
    return session.execute(
        select(
            Activiteit.id,
            Activiteit.titel,
            Activiteit.begint_op,
            Activiteit.eindigt_op,
            Activiteit.hele_dag,
        )
        .where(Activiteit.id.in_(last))
        .order_by(Activiteit.begint_op.desc())
        .limit(limiet)
    ).all()


def find_bekende_plekken(session: Session, platform_id: int) -> dict[str, Point]:
    """Where the named places of a platform lie (RD), by name in small letters; latest counts."""
    rows = session.execute(
        select(func.lower(Activiteit.plek_naam).label("naam"), Activiteit.punt)
        .ext(distinct_on(func.lower(Activiteit.plek_naam)))
        .where(
            Activiteit.platform_id == platform_id,
            Activiteit.plek_naam.is_not(None),
            Activiteit.geom.is_not(None),
        )
        .order_by(func.lower(Activiteit.plek_naam), Activiteit.updated_at.desc())
    )
    return {row.naam: row.punt for row in rows}


def find_bekende_sleutels(session: Session, sleutels: Collection[UUID]) -> set[UUID]:
    """Which of these keys were posted before."""
    found = session.scalars(select(Activiteit.sleutel).where(Activiteit.sleutel.in_(sleutels)))
    return {sleutel for sleutel in found if sleutel}


def find_veranderd(session: Session, activiteit_id: int) -> list[Mededeling]:
    """What changed since it was first published, newest first, in plain words."""
    return tell(
        find_changes(session, "activiteit", activiteit_id),
        (_status_changed, _time_changed, _title_changed, _place_changed, _text_changed),
        zichtbaar=lambda row: row.get("status") in set(OPENBAAR),
        eerste="Voor het eerst in de kalender.",
    )


def _status_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    if voor.get("status") == na.get("status"):
        return None
    if na.get("status") == Status.AFGELAST:
        return f"Gaat niet door. {na.get('reden') or ''}".strip()
    if na.get("status") == Status.VERWACHT:
        return "Wordt verwacht. Het is nog niet zeker."
    if voor.get("status") == Status.VERWACHT:
        return "Het gaat door."
    return (
        "Staat weer in de kalender." if voor.get("status") != Status.AFGELAST else "Gaat toch door."
    )


def _time_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    fields = ("begint_op", "eindigt_op", "hele_dag")
    if any(f not in voor for f in fields) or all(voor[f] == na[f] for f in fields):
        return None
    return f"Nieuwe tijd: {_written(na)}. Was: {_written(voor)}."


def _written(row: Mapping[str, Any]) -> str:
    begin, eind = (datetime.fromisoformat(row[f]) for f in ("begint_op", "eindigt_op"))
    return format_moment(begin, eind, hele_dag=row["hele_dag"])


def _title_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    return None if voor.get("titel") == na.get("titel") else f"Nieuwe naam. Was: {voor['titel']}."


def _place_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    if voor.get("geom") == na.get("geom") and voor.get("plek_naam") == na.get("plek_naam"):
        return None
    was = voor.get("plek_naam")
    return f"Nieuwe plek. Was: {was}." if was else "Nieuwe plek."


def _text_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = voor.get("omschrijving") == na.get("omschrijving")
    return None if same else "De uitleg is aangepast."
