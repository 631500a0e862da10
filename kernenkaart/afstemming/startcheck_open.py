"""What is still to be decided where somebody goes to work: works that could be one, and clashes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor
from kernenkaart.afstemming import botsing_policy, koppel_policy
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.afstemming.startcheck_models import Startcheck
from kernenkaart.werkzaamheden.models import Werkzaamheid

HOOGSTENS = 20


@dataclass(frozen=True)
class Open:
    """A suggestion (``koppelkans``) or a clash (``botsing``) that waits for a decision."""

    soort: str
    id: int
    een: str
    ander: str

    @property
    def url(self) -> str:
        """Its own page."""
        return f"/afstemming/{'botsingen' if self.soort == 'botsing' else 'koppelkans'}/{self.id}"


@dataclass(frozen=True)
class OpenToen:
    """What waited for a decision when a check was kept; ``nog`` is whether its page is there."""

    open: Open
    nog: bool


def find_open(
    session: Session, actor: Actor, *, werk_ids: Collection[int], activiteit_ids: Collection[int]
) -> list[Open]:
    """Open suggestions and clashes of these works and activities that ``actor`` may see.

    Clashes first; at most ``HOOGSTENS``; one statement.
    """
    a, b = aliased(Werkzaamheid), aliased(Werkzaamheid)
    botsingen: Any = (
        select(
            literal("botsing").label("soort"),
            Botsing.id,
            Werkzaamheid.titel.label("een"),
            Activiteit.titel.label("ander"),
        )
        .join(Werkzaamheid, Werkzaamheid.id == Botsing.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .where(
            Botsing.actueel,
            or_(Botsing.werkzaamheid_id.in_(werk_ids), Botsing.activiteit_id.in_(activiteit_ids)),
            botsing_policy.visible_to(actor),
        )
    )
    kansen: Any = (
        select(literal("koppelkans"), Koppelkans.id, a.titel, b.titel)
        .join(a, a.id == Koppelkans.a_id)
        .join(b, b.id == Koppelkans.b_id)
        .where(
            Koppelkans.past,
            or_(Koppelkans.keuze.is_(None), Koppelkans.opnieuw),
            or_(Koppelkans.a_id.in_(werk_ids), Koppelkans.b_id.in_(werk_ids)),
            koppel_policy.visible_to(actor),
        )
    )
    beide = union_all(botsingen, kansen).subquery()
    rows = session.execute(
        select(beide).order_by(beide.c.soort, beide.c.id).limit(HOOGSTENS)
    ).mappings()
    return [Open(**row) for row in rows]


def find_open_then(session: Session, actor: Actor, check: Startcheck) -> list[OpenToen] | None:
    """What was open when ``check`` was kept, in the words of that day; one statement at most.

    Whoever kept it, and staff, read all of it; others what they may see today.

    Returns:
        None when that was not kept yet.
    """
    if check.open_toen is None:
        return None
    toen = [Open(**een) for een in check.open_toen]
    if not toen:
        return []
    ids = {
        soort: [een.id for een in toen if een.soort == soort] for soort in ("botsing", "koppelkans")
    }
    a, b = aliased(Werkzaamheid), aliased(Werkzaamheid)
    botsingen: Any = (
        select(literal("botsing"), Botsing.id)
        .join(Werkzaamheid, Werkzaamheid.id == Botsing.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .where(Botsing.id.in_(ids["botsing"]), botsing_policy.visible_to(actor))
    )
    kansen: Any = (
        select(literal("koppelkans"), Koppelkans.id)
        .join(a, a.id == Koppelkans.a_id)
        .join(b, b.id == Koppelkans.b_id)
        .where(Koppelkans.id.in_(ids["koppelkans"]), koppel_policy.visible_to(actor))
    )
    nu = {tuple(row) for row in session.execute(union_all(botsingen, kansen))}
    alles = actor.is_medewerker or check.organisatie_id == actor.organisatie_id
    return [OpenToen(een, nog) for een in toen if (nog := (een.soort, een.id) in nu) or alles]
