"""One round: compare what is with what each follower knows, and put a mail in the queue.

What is told and that it was told are one transaction with the mail in the queue. So a worker that
is killed leaves nothing told, and nothing is told twice; what no mail says, no follower is taken
to know.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.keuzes import Keuzes, find_keuzes
from kernenkaart.taken.services import defer
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.volgen.brief import subject, to_blok
from kernenkaart.volgen.models import Abonnement, Gemeld, Ritme
from kernenkaart.volgen.nieuws import Ding, Melding, Nieuws, Sleutel, Stand, compare
from kernenkaart.volgen.onderwerp import Onderwerp
from kernenkaart.volgen.queries import find_bekend, find_now, is_due, take_due_volgers
from kernenkaart.volgen.services import remember, rounds

TEGELIJK = 200  # followers in one transaction


@dataclass
class Ronde:
    """What all followers of a round have in common.

    Attributes:
        moment: now, the same for all of it.
        gemeente: CBS code.
        keuzes: the names of kernen and kinds.
        nu: per address of a subject what it finds; equal subjects are asked once.
    """

    moment: datetime
    gemeente: str
    rondes: Mapping[Ritme, date]
    keuzes: Keuzes
    nu: dict[str, list[Ding]] = field(default_factory=dict)

    @classmethod
    def begin(cls, session: Session, *, moment: datetime, uur: int, gemeente: str) -> "Ronde":
        """A round at ``moment``; see ``services.last_round`` for what is due then."""
        return cls(moment, gemeente, rounds(moment, uur), find_keuzes(session, gemeente))

    @property
    def vandaag(self) -> date:
        """The day it is in Amsterdam."""
        return self.moment.astimezone(AMSTERDAM).date()

    def find(self, session: Session, vraag: str) -> list[Ding]:
        """What a subject finds now."""
        if vraag not in self.nu:
            keuze = Onderwerp.from_text(vraag).to_filter(self.vandaag, self.gemeente)
            self.nu[vraag] = find_now(session, keuze)
        return self.nu[vraag]


def bundle_some(session: Session, ronde: Ronde, most: int = TEGELIJK) -> int:
    """Do the round of some followers. The caller commits, and goes on until it gives 0.

    Returns:
        How many followers were taken.
    """
    ronde.nu.clear()  # what is found is as old as its transaction at most
    volgers = take_due_volgers(session, ronde.rondes, most)
    due = session.scalars(
        select(Abonnement)
        .where(Abonnement.volger_id.in_(volgers), is_due(ronde.rondes))
        .order_by(Abonnement.volger_id, Abonnement.id)
        .execution_options(populate_existing=True)
    ).all()
    nieuws = _compare_all(session, ronde, due)
    _keep(session, ronde, nieuws)
    for ritme, dag in ronde.rondes.items():
        keys = [een.id for een in due if een.ritme is ritme]
        session.execute(update(Abonnement).where(Abonnement.id.in_(keys)).values(gebundeld_tot=dag))
    for volger_id in volgers:
        eigen = [een for een in due if een.volger_id == volger_id and nieuws[een.id].meldingen]
        if eigen:
            _put_mail(session, ronde, volger_id, [(een, nieuws[een.id].meldingen) for een in eigen])
    return len(volgers)


def _compare_all(session: Session, ronde: Ronde, due: Sequence[Abonnement]) -> Mapping[int, Nieuws]:
    bekend = find_bekend(session, [een.id for een in due]) if due else {}
    gemist: set[Sleutel] = set()
    for een in due:
        here = {ding.stand.sleutel for ding in ronde.find(session, een.vraag)}
        gemist |= bekend[een.id].keys() - here
    elders = (
        {
            ding.stand.sleutel: ding
            for ding in find_now(session, DingFilter(sleutels=tuple(sorted(gemist))))
        }
        if gemist
        else {}
    )
    return {
        een.id: compare(bekend[een.id], ronde.find(session, een.vraag), elders, ronde.moment)
        for een in due
    }


def _keep(session: Session, ronde: Ronde, nieuws: Mapping[int, Nieuws]) -> None:
    """Remember what was told and forget what is over."""
    weg = [(key, *sleutel) for key, een in nieuws.items() for sleutel in een.vergeet]
    if weg:
        sleutel = tuple_(Gemeld.abonnement_id, Gemeld.laag, Gemeld.ding_id)
        session.execute(delete(Gemeld).where(sleutel.in_(weg)))
    weet: list[tuple[int, Stand]] = [(key, s) for key, een in nieuws.items() for s in een.weet]
    remember(session, weet, ronde.moment)


def _put_mail(
    session: Session,
    ronde: Ronde,
    volger_id: int,
    eigen: Sequence[tuple[Abonnement, Sequence[Melding]]],
) -> None:
    """Ask the worker for one mail about all that is new to a follower.

    A thing of which two subscriptions of the same follower speak is told once.
    """
    blokken: list[dict[str, Any]] = []
    told: set[Sleutel] = set()
    alle: list[Melding] = []
    for abonnement, meldingen in eigen:
        nog = [melding for melding in meldingen if melding.ding.stand.sleutel not in told]
        told |= {melding.ding.stand.sleutel for melding in nog}
        alle += nog
        if nog:
            kop = Onderwerp.from_text(abonnement.vraag).words(ronde.keuzes)
            blokken.append(
                {"abonnement_id": abonnement.id} | to_blok(session, kop, nog, vandaag=ronde.vandaag)
            )
    defer(
        session,
        "volgen.mail",
        volger_id=volger_id,
        sleutel=str(uuid.uuid4()),
        onderwerp=subject(alle),
        blokken=blokken,
    )
