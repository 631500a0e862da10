"""The worker's side of following: the round of each hour, the mails, forgetting who said nothing.

Links are made when a mail goes out, and the address is looked up then: neither ever waits in the
queue, and who is erased gets no mail any more.
"""

import uuid
from typing import Any

from flask import current_app

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.lagen.keuzes import find_keuzes
from kernenkaart.post.bericht import render
from kernenkaart.post.jobs import deliver
from kernenkaart.taken.register import taak
from kernenkaart.tijd import now
from kernenkaart.volgen import services
from kernenkaart.volgen.bundelen import Ronde, bundle_some
from kernenkaart.volgen.links import Doel, link_to
from kernenkaart.volgen.models import Abonnement, Volger
from kernenkaart.volgen.onderwerp import Onderwerp
from kernenkaart.volgen.queries import find_abonnementen


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


@taak("volgen.bevestig", pogingen=40)
def bevestig(abonnement_id: int, sleutel: str) -> None:
    """Mail the link that confirms, to whoever the address is of."""
    session, settings = db.session(), _settings()
    abonnement = session.get(Abonnement, abonnement_id)
    if abonnement is None:
        return
    keuzes = find_keuzes(session, settings.gemeente_code)
    # anybody may have typed this address: none of their own words go there
    wat = Onderwerp.from_text(abonnement.vraag).in_our_words().words(keuzes)
    link = link_to(Doel.BEVESTIG, abonnement.publiek_id)
    deliver(
        session,
        settings,
        uuid.UUID(sleutel),
        aan=abonnement.volger.email,
        onderwerp=f"Wil je dit volgen? {wat}",
        tekst=render("volgen-bevestig", {"wat": wat, "link": link}, settings),
    )


@taak("volgen.bundels", cron="2 * * * *")
def bundels() -> None:
    """Do every round that is due, some followers at a time."""
    session, settings = db.session(), _settings()
    ronde = Ronde.begin(
        session, moment=now(), uur=settings.volgen_uur, gemeente=settings.gemeente_code
    )
    while bundle_some(session, ronde):
        session.commit()
    session.commit()


@taak("volgen.mail", pogingen=40)
def mail(volger_id: int, sleutel: str, onderwerp: str, blokken: list[dict[str, Any]]) -> None:
    """Mail a follower what is new, but for what is followed no longer."""
    session, settings = db.session(), _settings()
    volger = session.get(Volger, volger_id)
    if volger is None:
        return
    nog = {abonnement.id for abonnement in find_abonnementen(session, volger_id)}
    blokken = [blok for blok in blokken if blok["abonnement_id"] in nog]
    if not blokken:
        return
    stop = link_to(Doel.STOP, volger.publiek_id)
    gegevens = {"blokken": blokken, "mijn": link_to(Doel.MIJN, volger.publiek_id), "stop": stop}
    deliver(
        session,
        settings,
        uuid.UUID(sleutel),
        aan=volger.email,
        onderwerp=onderwerp,
        tekst=render("volgen", gegevens, settings),
        koppen={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


@taak("volgen.opruimen", cron="11 3 * * *")
def opruimen() -> None:
    """Forget the addresses that nobody confirmed."""
    session = db.session()
    services.erase_unconfirmed(session, now())
    session.commit()
