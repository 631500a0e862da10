"""Decide about two works that could be one. The caller commits."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernenkaart.actor import Actor
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans, Vorm
from kernenkaart.afstemming.koppel_policy import may_decide, visible_to
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound

REDEN_MAX = 2000


@dataclass(frozen=True)
class Beslissing:
    """What somebody decides.

    Attributes:
        vorm: how they are combined; None unless they are.
        reden: why, for who plans; never public.
        venster: first and last day that was agreed on, if any.
    """

    keuze: Keuze
    vorm: Vorm | None
    reden: str
    venster: tuple[date, date] | None = None


def seen_of(kans: Koppelkans) -> str:
    """What somebody saw who decides: changes with every decision and every moved place or day."""
    stand = json.dumps([kans.besluiten, kans.past, kans.invoer], sort_keys=True)
    return hashlib.sha256(stand.encode()).hexdigest()[:16]


def decide(
    session: Session, actor: Actor, koppelkans_id: int, beslissing: Beslissing, *, gezien: str
) -> Koppelbesluit:
    """Record a decision beside those that were there already.

    Args:
        gezien: ``seen_of`` the pair as it was on the page.

    Raises:
        NotFound: if it is not there for ``actor``.
        NotAllowed: if it is not for ``actor`` to decide.
        Conflict: if somebody decided or something moved since.
        Invalid: if it is not complete.
    """
    kans = _lock(session, actor, koppelkans_id)
    if seen_of(kans) != gezien:
        raise Conflict(
            "Er is net iets veranderd: iemand anders besliste, of een datum of plek verschoof. "
            "Kijk wat er nu staat. Wat jij invulde staat er nog."
        )
    _check(beslissing, kans)
    combineert = beslissing.keuze is Keuze.COMBINEREN
    van, tot = beslissing.venster or (None, None)
    besluit = Koppelbesluit(
        koppelkans_id=kans.id,
        nummer=kans.besluiten + 1,
        keuze=beslissing.keuze,
        vorm=beslissing.vorm if combineert else None,
        reden=beslissing.reden,
        venster_van=van,
        venster_tot=tot,
        bespaard_dagen=kans.bespaard_dagen if combineert else 0,
        stand=kans.invoer | {"titels": _titles(kans)},
        gebruiker_id=actor.gebruiker_id,
        organisatie_id=actor.organisatie_id,
    )
    session.add(besluit)
    kans.keuze, kans.besluiten, kans.opnieuw = besluit.keuze, besluit.nummer, not kans.past
    session.flush()
    return besluit


def _lock(session: Session, actor: Actor, koppelkans_id: int) -> Koppelkans:
    """The pair, held until the transaction ends."""
    kans = session.scalar(
        select(Koppelkans)
        .where(Koppelkans.id == koppelkans_id, visible_to(actor))
        .options(joinedload(Koppelkans.a), joinedload(Koppelkans.b))
        .with_for_update(of=Koppelkans)
        .execution_options(populate_existing=True)
    )
    if kans is None:
        raise NotFound("Deze koppelkans bestaat niet (meer). Misschien is een datum verschoven.")
    if not may_decide(actor, kans):
        raise NotAllowed("Je beslist alleen over werk van je eigen organisatie.")
    return kans


def _titles(kans: Koppelkans) -> dict[str, str]:
    return {
        kant.value: werk.titel
        for kant, werk in ((Kant.A, kans.a), (Kant.B, kans.b))
        if werk is not None
    }


def _check(beslissing: Beslissing, kans: Koppelkans) -> None:
    if beslissing.keuze is Keuze.COMBINEREN and beslissing.vorm is None:
        raise Invalid("Kies hoe jullie het werk combineren.", veld="vorm")
    if not beslissing.reden:
        raise Invalid("Schrijf op waarom. Dan weet een ander het later ook nog.", veld="reden")
    if len(beslissing.reden) > REDEN_MAX:
        raise Invalid(f"Maak de reden korter: hoogstens {REDEN_MAX} tekens.", veld="reden")
    if beslissing.venster and beslissing.venster[1] < beslissing.venster[0]:
        raise Invalid("De laatste dag ligt vóór de eerste dag.", veld="venster_tot")
    if beslissing.keuze is Keuze.NA_ELKAAR and beslissing.venster:
        van, tot = beslissing.venster
        nodig = sum(kans.invoer[kant]["duur"] for kant in Kant)
        if (tot - van).days + 1 < nodig:
            raise Invalid(
                f"Na elkaar duurt het {nodig} dagen. Kies meer dagen, of laat ze leeg.",
                veld="venster_tot",
            )
