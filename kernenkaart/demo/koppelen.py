"""What demo works are to each other, and some decisions about them."""

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.koppel_models import Keuze, Koppelbesluit, Koppelkans, Vorm
from kernenkaart.afstemming.koppel_policy import outcome_is_public
from kernenkaart.afstemming.koppel_services import Beslissing, decide, seen_of
from kernenkaart.afstemming.vuil import look_again
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Werkzaamheid

BESLISSINGEN = (
    Beslissing(
        Keuze.COMBINEREN,
        Vorm.AFSLUITING,
        "De straat gaat één keer dicht. De aannemers stemmen de volgorde samen af.",
    ),
    Beslissing(
        Keuze.COMBINEREN, Vorm.SLEUF, "De sleuf ligt toch al open. De kosten delen we half om half."
    ),
    Beslissing(Keuze.NA_ELKAAR, None, "Samen past niet in de straat. We gaan direct na elkaar."),
    Beslissing(Keuze.NIET, None, "De vergunning van het ene werk is nog niet rond."),
)


def look_at_all(session: Session) -> None:
    """Compare all that was made at once, instead of leaving it to the job."""
    while look_again(session):
        pass


def add_besluiten(session: Session, medewerker: Gebruiker) -> None:
    """Decide about some pairs of public works, those that save most first, as this medewerker."""
    actor = Actor(
        medewerker.id, medewerker.naam, medewerker.rol, organisatie_id=medewerker.organisatie_id
    )
    kansen = session.scalars(
        select(Koppelkans)
        .where(outcome_is_public(), Koppelkans.keuze.is_(None), Koppelkans.past)
        .order_by(Koppelkans.bespaard_dagen.desc(), Koppelkans.score.desc(), Koppelkans.id)
        .limit(2 * len(BESLISSINGEN))
    ).all()
    for kans, beslissing in zip(kansen[::2], BESLISSINGEN, strict=False):  # the others stay open
        decide(session, actor, kans.id, beslissing, gezien=seen_of(kans))


def remove_kansen(session: Session, organisaties: Select[int]) -> None:
    """Remove all pairs with a work of the demo or of these organisations; the owning role may."""
    werken = select(Werkzaamheid.id).where(
        or_(Werkzaamheid.demo, Werkzaamheid.organisatie_id.in_(organisaties))
    )
    weg = select(Koppelkans.id).where(or_(Koppelkans.a_id.in_(werken), Koppelkans.b_id.in_(werken)))
    session.execute(delete(Koppelbesluit).where(Koppelbesluit.koppelkans_id.in_(weg)))
    session.execute(delete(Koppelkans).where(Koppelkans.id.in_(weg)))
    session.execute(
        update(Koppelbesluit)
        .where(Koppelbesluit.organisatie_id.in_(organisaties))
        .values(organisatie_id=None)
    )
