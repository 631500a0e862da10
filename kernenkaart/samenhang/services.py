"""Pass on what readers have to say: to the owner of a thing, to a group, to a gebiedsmakelaar.

Nobody's address is ever shown. A remark about a thing is kept until it is dealt with; of a message
to a person only that one was sent is logged.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid, NotFound
from kernenkaart.kernen.makelaars import find_makelaar_addresses
from kernenkaart.kernen.models import Kern
from kernenkaart.labels.queries import label
from kernenkaart.platforms.models import Platform
from kernenkaart.post.services import send_mail
from kernenkaart.samenhang.models import Aard, Wijzigingsverzoek
from kernenkaart.samenhang.queries import (
    Onderwerp,
    find_addresses,
    find_open_verzoeken,
)
from kernenkaart.tijd import now, today
from kernenkaart.toegang.pogingen import Grens, Teller

log = logging.getLogger(__name__)

TEKST_MAX = 2000
PER_LEZER = Grens(
    "bericht",
    5,
    timedelta(hours=1),
    "Je hebt al 5 berichten gestuurd. Wacht een uur, of bel de gemeente.",
)
PER_ONTVANGER = Grens(
    "ontvanger",
    30,
    timedelta(days=1),
    "Er zijn vandaag al veel berichten naar deze groep gestuurd. Probeer het morgen.",
)


@dataclass(frozen=True)
class Bericht:
    """What a reader wrote.

    Attributes:
        tekst: at most 2000 characters.
        antwoord_email: where an answer may go; empty for none.
        aard: what kind of remark it is.
    """

    tekst: str
    antwoord_email: str = ""
    aard: Aard = Aard.WIJZIGING


def limits(lezer: str, ontvanger: str, geheim: str) -> tuple[Teller, Teller]:
    """What is counted before a message goes out: per network of the reader, and per recipient."""
    return (
        Teller(PER_LEZER, lezer, geheim),
        Teller(PER_ONTVANGER, ontvanger, geheim),
    )


def report_change(session: Session, onderwerp: Onderwerp, bericht: Bericht) -> Wijzigingsverzoek:
    """Keep a remark about a thing and mail it to its owner. The caller commits.

    What is said of misuse goes to who serves the kern instead: the owner may be the one who did it.

    Raises:
        Invalid: if it says nothing or too much.
    """
    _check(bericht)
    verzoek = Wijzigingsverzoek(
        laag=onderwerp.laag,
        ding_id=onderwerp.id,
        aard=bericht.aard,
        tekst=bericht.tekst,
        antwoord_email=bericht.antwoord_email or None,
    )
    session.add(verzoek)
    session.flush()
    misbruik = bericht.aard is not Aard.WIJZIGING
    adressen = (
        find_makelaar_addresses(session, onderwerp.kern_id, today())
        if misbruik
        else find_addresses(session, onderwerp, today())
    )
    for adres in adressen:
        send_mail(
            session,
            adres,
            f"{'Misbruik gemeld' if misbruik else 'Wijziging doorgegeven'}: {onderwerp.titel}",
            "wijziging",
            aard=label(session, "melding.aard", bericht.aard) if misbruik else "",
            titel=onderwerp.titel,
            laag=onderwerp.laag,
            ding_id=onderwerp.id,
            tekst=bericht.tekst,
            antwoord_email=bericht.antwoord_email,
        )
    return verzoek


def settle(session: Session, actor: Actor, verzoek_id: int) -> None:
    """Say that a remark has been dealt with. The caller commits.

    Raises:
        NotFound: if it is not open, or not for ``actor`` to answer.
    """
    if not find_open_verzoeken(session, actor, verzoek_id):
        raise NotFound("Deze melding is al afgehandeld.")
    verzoek = session.get_one(Wijzigingsverzoek, verzoek_id)
    verzoek.afgehandeld_op = now()
    verzoek.antwoord_email = None  # kept to answer, and that is done
    session.flush()


def write_to_platform(session: Session, platform: Platform, bericht: Bericht) -> None:
    """Mail a message to a group. The caller commits.

    Raises:
        Invalid: if it says nothing or too much.
        NotFound: if the group cannot be reached.
    """
    _check(bericht)
    if not platform.contact_email:
        raise NotFound("Deze groep kun je hier geen bericht sturen.")
    _pass_on(session, [platform.contact_email], platform.naam, bericht)


def write_to_makelaar(session: Session, kern: Kern, bericht: Bericht) -> None:
    """Mail a message to who serves a kern. The caller commits.

    Raises:
        Invalid: if it says nothing or too much, or if there is nobody to reach.
    """
    _check(bericht)
    adressen = list(find_makelaar_addresses(session, kern.id, today()))
    if not adressen:
        raise Invalid("Er is nu niemand om dit bericht aan te sturen. Bel de gemeente.")
    _pass_on(session, adressen, f"de gebiedsmakelaar van {kern.naam}", bericht)


def _pass_on(session: Session, adressen: list[str], naar: str, bericht: Bericht) -> None:
    for adres in adressen:
        send_mail(
            session,
            adres,
            f"Bericht aan {naar}",
            "bericht",
            naar=naar,
            tekst=bericht.tekst,
            antwoord_email=bericht.antwoord_email,
        )
    log.info("message passed on to %s", naar)


def _check(bericht: Bericht) -> None:
    if not bericht.tekst.strip():
        raise Invalid("Schrijf op wat je wilt zeggen.", veld="tekst")
    if len(bericht.tekst) > TEKST_MAX:
        raise Invalid(f"Maak je bericht korter: hoogstens {TEKST_MAX} tekens.", veld="tekst")
