"""Begin to follow, confirm, change the rhythm, stop. Nothing is told to who did not confirm."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER
from kernenkaart.errors import Invalid
from kernenkaart.lagen.queries import count_dingen
from kernenkaart.taken.services import defer
from kernenkaart.tijd import AMSTERDAM, at
from kernenkaart.toegang.pogingen import Grens, Teller
from kernenkaart.volgen.models import Abonnement, Gemeld, Ritme, Volger
from kernenkaart.volgen.nieuws import Stand
from kernenkaart.volgen.onderwerp import VRAAG_MAX, Onderwerp
from kernenkaart.volgen.queries import find_now

DONDERDAG = 3
DINGEN_MAX = 2000  # what one subscription may be about
ABONNEMENTEN_MAX = 25
BEVESTIG_BINNEN = timedelta(days=7)
PER_ADRES = Grens(
    "volgen", 5, timedelta(hours=1), "Er zijn al 5 mails naar dit adres gestuurd. Wacht een uur."
)
PER_NETWERK = Grens(
    "volgen-net",
    30,
    timedelta(minutes=15),
    "Je hebt het te vaak geprobeerd. Wacht een kwartier en probeer het dan opnieuw.",
)


@dataclass(frozen=True)
class Wens:
    """What somebody asks for.

    Attributes:
        email: in small letters; that it is theirs is known once they confirm.
    """

    email: str
    onderwerp: Onderwerp
    ritme: Ritme


def limits(email: str, netwerk: str, geheim: str) -> tuple[Teller, Teller]:
    """What is counted before a mail is asked for: per address and per network of the asker.

    The limit of an address is the same whether it follows anything: it tells nothing.
    """
    return Teller(PER_ADRES, email, geheim), Teller(PER_NETWERK, netwerk, geheim)


def last_round(ritme: Ritme, moment: datetime, uur: int) -> date:
    """The day of the last round that should have been done by ``moment``.

    A round is of a day in Amsterdam, so no change of the clock makes one twice or none. Those per
    week are on Thursday: in time for the weekend.

    Args:
        uur: the hour at which a round begins.
    """
    hier = moment.astimezone(AMSTERDAM)
    dag = hier.date() if hier.hour >= uur else hier.date() - timedelta(days=1)
    if ritme is Ritme.WEEK:
        dag -= timedelta(days=(dag.weekday() - DONDERDAG) % 7)
    return dag


def rounds(moment: datetime, uur: int) -> Mapping[Ritme, date]:
    """``last_round`` of every rhythm."""
    return {ritme: last_round(ritme, moment, uur) for ritme in Ritme}


def next_rounds(moment: datetime, uur: int) -> Mapping[Ritme, datetime]:
    """Per rhythm when its first round after ``moment`` begins."""
    each = {Ritme.DAG: timedelta(days=1), Ritme.WEEK: timedelta(days=7)}
    return {
        ritme: at(last_round(ritme, moment, uur) + each[ritme], time()) + timedelta(hours=uur)
        for ritme in Ritme
    }


def ask_to_follow(session: Session, wens: Wens, *, vandaag: date, gemeente: str) -> Abonnement:
    """Keep a wish and mail a link to confirm it. Asking again mails again. The caller commits.

    Raises:
        Invalid: if it is about too much.
    """
    keuze = wens.onderwerp.to_filter(vandaag, gemeente)
    if count_dingen(session, BEZOEKER, keuze).gevonden > DINGEN_MAX:
        raise Invalid("Dit is te veel om te volgen. Kies een kern of een soort.")
    vraag = wens.onderwerp.to_text()
    if len(vraag) > VRAAG_MAX:
        raise Invalid("Dit zijn te veel woorden. Maak het korter.", veld="q")
    session.execute(insert(Volger).values(email=wens.email).on_conflict_do_nothing())
    volger_id = session.scalars(select(Volger.id).where(Volger.email == wens.email)).one()
    row = insert(Abonnement).values(volger_id=volger_id, vraag=vraag, ritme=wens.ritme)
    abonnement = session.scalars(
        row.on_conflict_do_update(
            index_elements=["volger_id", "vraag"],
            # what was confirmed is changed by its owner only
            set_={"ritme": wens.ritme},
            where=Abonnement.bevestigd_op.is_(None),
        )
        .returning(Abonnement)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if abonnement is None:
        abonnement = session.scalars(
            select(Abonnement).where(Abonnement.volger_id == volger_id, Abonnement.vraag == vraag)
        ).one()
    defer(session, "volgen.bevestig", abonnement_id=abonnement.id, sleutel=str(uuid.uuid4()))
    return abonnement


def confirm(
    session: Session, abonnement: Abonnement, *, moment: datetime, uur: int, gemeente: str
) -> None:
    """Begin to tell: from now on what is new. Confirming again changes nothing. The caller commits.

    Raises:
        Invalid: if its follower already follows as much as one may.
    """
    # the follower is held: two confirmations at once count one another
    session.execute(select(Volger.id).where(Volger.id == abonnement.volger_id).with_for_update())
    session.refresh(abonnement)
    if abonnement.bevestigd_op is not None:
        return
    aantal = session.scalar(
        select(func.count()).where(
            Abonnement.volger_id == abonnement.volger_id, Abonnement.bevestigd_op.is_not(None)
        )
    )
    if (aantal or 0) >= ABONNEMENTEN_MAX:
        raise Invalid(f"Je volgt al {ABONNEMENTEN_MAX} dingen. Stop eerst met een ervan.")
    abonnement.bevestigd_op = moment
    abonnement.gebundeld_tot = last_round(abonnement.ritme, moment, uur)
    keuze = Onderwerp.from_text(abonnement.vraag).to_filter(
        moment.astimezone(AMSTERDAM).date(), gemeente
    )
    remember(session, ((abonnement.id, ding.stand) for ding in find_now(session, keuze)), moment)
    session.flush()


def remember(session: Session, standen: Iterable[tuple[int, Stand]], moment: datetime) -> None:
    """Keep what subscriptions (by key) know of things, instead of what they knew of them."""
    rows = [
        {
            "abonnement_id": key,
            "laag": stand.laag,
            "ding_id": stand.id,
            "stand": stand.to_json(),
            "op": moment,
        }
        for key, stand in standen
    ]
    if not rows:
        return
    row = insert(Gemeld)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["abonnement_id", "laag", "ding_id"],
            set_={"stand": row.excluded.stand, "op": row.excluded.op},
        ),
        rows,
    )


def set_ritme(session: Session, abonnement: Abonnement, ritme: Ritme) -> None:
    """Tell what is new in another rhythm. The caller commits."""
    abonnement.ritme = ritme
    session.flush()


def stop(session: Session, abonnement: Abonnement) -> None:
    """Follow this no longer; who follows nothing more is erased. The caller commits."""
    session.execute(delete(Abonnement).where(Abonnement.id == abonnement.id))
    nothing = ~exists().where(Abonnement.volger_id == Volger.id)
    session.execute(delete(Volger).where(Volger.id == abonnement.volger_id, nothing))


def erase(session: Session, volger: Volger) -> None:
    """Forget a follower: the address, what they follow and what they were told."""
    session.execute(delete(Volger).where(Volger.id == volger.id))


def erase_unconfirmed(session: Session, moment: datetime) -> None:
    """Forget what nobody confirmed in time, and who follows nothing. The caller commits."""
    too_late = moment - BEVESTIG_BINNEN
    session.execute(
        delete(Abonnement).where(
            Abonnement.bevestigd_op.is_(None), Abonnement.created_at < too_late
        )
    )
    nothing = ~exists().where(Abonnement.volger_id == Volger.id)
    session.execute(delete(Volger).where(Volger.created_at < too_late, nothing))
