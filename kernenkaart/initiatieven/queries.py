"""What is there: one initiative, the kinds, what changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from kernenkaart.actor import Actor
from kernenkaart.errors import NotFound
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort, Status
from kernenkaart.initiatieven.policy import VERBORGEN, visible_to
from kernenkaart.journaal.queries import find_changes
from kernenkaart.journaal.verhaal import Mededeling, tell
from kernenkaart.labels.queries import find_labels


def get_initiatief(session: Session, actor: Actor, initiatief_id: int) -> Initiatief:
    """One initiative with its platform, kind and kern.

    Raises:
        NotFound: if it does not exist, or not for ``actor``.
    """
    initiatief = session.scalar(
        select(Initiatief)
        .where(Initiatief.id == initiatief_id, visible_to(actor))
        .options(
            joinedload(Initiatief.platform),
            joinedload(Initiatief.soort),
            joinedload(Initiatief.kern),
        )
    )
    if initiatief is None:
        raise NotFound("Dit initiatief bestaat niet (meer).")
    return initiatief


def find_soorten(session: Session, ook: int | None = None) -> Sequence[tuple[int, str]]:
    """The kinds to choose from, as key and name.

    Args:
        ook: a kind that is offered even when it is no longer in use.
    """
    rows = session.execute(
        select(InitiatiefSoort.id, InitiatiefSoort.naam)
        .where(or_(InitiatiefSoort.actief, InitiatiefSoort.id == ook))
        .order_by(InitiatiefSoort.volgorde, InitiatiefSoort.naam)
    )
    return [(row.id, row.naam) for row in rows]


def find_statussen(session: Session) -> list[tuple[str, str]]:
    """How far it can be, as code and word; what nobody sees is left out."""
    words = find_labels(session, "initiatief.status")
    return [(code, tekst) for code, tekst in words.items() if Status(code) not in VERBORGEN]


def find_veranderd(session: Session, initiatief_id: int) -> list[Mededeling]:
    """What changed since it was first published, newest first, in plain words."""
    words = find_labels(session, "initiatief.status")

    def status_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
        if voor.get("status") == na.get("status"):
            return None
        return f"Nu: {words[na['status']].lower()}."

    return tell(
        find_changes(session, "initiatief", initiatief_id),
        (status_changed, _title_changed, _place_changed, _text_changed),
        zichtbaar=lambda row: "status" in row and row["status"] not in VERBORGEN,
        eerste="Voor het eerst op de kaart.",
    )


def _title_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = voor.get("titel") == na.get("titel")
    return None if same else f"Nieuwe naam. Was: {voor.get('titel')}."


def _place_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = all(voor.get(field) == na.get(field) for field in ("geom", "plek_naam"))
    return None if same else "Nieuwe plek."


def _text_changed(voor: Mapping[str, Any], na: Mapping[str, Any]) -> str | None:
    same = all(voor.get(field) == na.get(field) for field in ("omschrijving", "wie"))
    return None if same else "De uitleg is aangepast."
