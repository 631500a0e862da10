"""Who may see pairs of works and decide about them."""

from sqlalchemy import ColumnElement, Exists, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.policy import visible_to as werk_visible_to


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The pairs ``actor`` may see: staff all, partners those with a work of their own."""
    if actor.is_medewerker:
        return true()
    if not actor.is_ketenpartner:
        return false()
    eigen = Werkzaamheid.organisatie_id == actor.organisatie_id
    return and_(
        _both_seen_by(actor), or_(_has(Koppelkans.a_id, eigen), _has(Koppelkans.b_id, eigen))
    )


def outcome_is_public() -> ColumnElement[bool]:
    """The pairs of which everybody may know what was decided: everybody may see both works."""
    return _both_seen_by(BEZOEKER)


def may_decide(actor: Actor, kans: Koppelkans) -> bool:
    """Whether ``actor`` decides about this pair, which he may see: staff, and whose work it is."""
    werken = (kans.a, kans.b)
    return actor.is_medewerker or (
        actor.is_ketenpartner
        and any(werk is not None and werk.organisatie_id == actor.organisatie_id for werk in werken)
    )


def _both_seen_by(actor: Actor) -> ColumnElement[bool]:
    seen = werk_visible_to(actor)
    return and_(_has(Koppelkans.a_id, seen), _has(Koppelkans.b_id, seen))


def _has(kant: InstrumentedAttribute[int | None], condition: ColumnElement[bool]) -> Exists:
    """Whether the work on one side meets it; of a few pairs no other works are read for that."""
    werk = select(Werkzaamheid.id).where(Werkzaamheid.id == kant, condition)
    return werk.correlate(Koppelkans).exists()
