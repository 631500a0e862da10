"""The worker's side of accounts: mails with a link, and forgetting what has expired.

The link is made here, when the mail goes out, so that no link ever waits in the queue.
"""

import uuid
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import TooOften
from kernenkaart.post.bericht import render
from kernenkaart.post.jobs import deliver
from kernenkaart.taken.register import taak
from kernenkaart.tijd import now
from kernenkaart.toegang.herhaling import BEWAARD
from kernenkaart.toegang.links import Soort, link_for
from kernenkaart.toegang.models import Gebruiker, Poging, Sessie, Toegangssleutel, Verzoek
from kernenkaart.toegang.pogingen import PER_MAILADRES, Teller, count_try
from kernenkaart.toegang.queries import find_gebruiker

SLEUTEL_GETOOND = timedelta(days=90)  # so long the page still shows a key that no longer works


@taak("toegang.uitnodiging", pogingen=40)
def nodig_uit(gebruiker_id: int, sleutel: str) -> None:
    """Mail somebody who was invited the link to set a password."""
    gebruiker = db.session().get(Gebruiker, gebruiker_id)
    if gebruiker is not None and gebruiker.active:
        _mail_link(gebruiker, Soort.UITNODIGING, sleutel)


@taak("toegang.herstel", pogingen=40)
def herstel(email: str, sleutel: str) -> None:
    """Mail the link to set a new password, if there is an account with this address.

    Whether there is one is found out here and not in the page, so that the page answers the same
    and as fast for everyone.
    """
    session = db.session()
    gebruiker = find_gebruiker(session, email)
    if gebruiker is None or not gebruiker.active:
        return
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    try:
        count_try(session, [Teller(PER_MAILADRES, gebruiker.email, settings.secret_key)])
    except TooOften:
        return
    session.commit()
    _mail_link(gebruiker, Soort.HERSTEL, sleutel)


@taak("toegang.opruimen", cron="*/20 * * * *")
def opruimen() -> None:
    """Forget sessions and keys that have expired, tries that no longer count, old answers."""
    session = db.session()
    session.execute(delete(Sessie).where(Sessie.verloopt_op < now()))
    session.execute(delete(Poging).where(Poging.op < now() - timedelta(days=1)))
    session.execute(delete(Verzoek).where(Verzoek.op < now() - BEWAARD))
    over = func.least(Toegangssleutel.verloopt_op, Toegangssleutel.ingetrokken_op)
    session.execute(delete(Toegangssleutel).where(over < now() - SLEUTEL_GETOOND))
    session.commit()


def _mail_link(gebruiker: Gebruiker, soort: Soort, sleutel: str) -> None:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    onderwerp = {
        Soort.UITNODIGING: f"Je account voor {settings.titel}",
        Soort.HERSTEL: f"Nieuw wachtwoord voor {settings.titel}",
    }[soort]
    tekst = render(
        soort.value, {"naam": gebruiker.naam, "link": link_for(gebruiker, soort)}, settings
    )
    deliver(
        db.session(),
        settings,
        uuid.UUID(sleutel),
        aan=gebruiker.email,
        onderwerp=onderwerp,
        tekst=tekst,
    )
