"""The worker's side: mails to senders and moderators, and forgetting what is no longer needed.

The sender's link is made here, when the mail goes out, so that no link ever waits in the queue.
"""

import uuid
from collections import defaultdict
from datetime import timedelta

from flask import current_app
from sqlalchemy import and_, delete, or_, select, update

from kernenkaart import db
from kernenkaart.beelden.models import Beeld
from kernenkaart.config import Settings
from kernenkaart.inzendingen.links import make_token
from kernenkaart.inzendingen.models import DICHT, Inzending, Status
from kernenkaart.inzendingen.queries import find_moderator_addresses
from kernenkaart.post.bericht import render
from kernenkaart.post.jobs import deliver
from kernenkaart.post.services import send_mail
from kernenkaart.taken.register import taak
from kernenkaart.tijd import format_moment, now, today
from kernenkaart.web.links import full_url

BEVESTIGEN = timedelta(days=7)  # so long a sender may take to confirm
BEWAARD = timedelta(days=30)  # so long an address is kept after all is over
ONDERWERP = {
    "bevestig": "Bevestig wat je instuurde",
    "geplaatst": "Het staat in de kalender",
    "vraag": "Een vraag over wat je instuurde",
    "geweigerd": "Wat je instuurde is niet geplaatst",
    "samengevoegd": "Het stond al in de kalender",
}


@taak("inzendingen.mail", pogingen=40)
def mail(inzending_id: int, soort: str, sleutel: str) -> None:
    """Mail the sender what happened, with the link to follow it."""
    session = db.session()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    inzending = session.get(Inzending, inzending_id)
    if inzending is None or inzending.email is None:
        return
    token = make_token(inzending.publiek_id, settings.secret_key)
    gegevens = {
        "titel": inzending.titel,
        "kern": inzending.kern.naam,
        "wanneer": format_moment(
            inzending.begint_op, inzending.eindigt_op, hele_dag=inzending.hele_dag
        ),
        "vraag": inzending.vraag,
        "reden": inzending.reden,
        "activiteit_id": inzending.activiteit_id,
        "link": full_url("inzendingen.ingestuurd", token=token),
    }
    tekst = render(f"inzending-{soort}", gegevens, settings)
    deliver(
        session,
        settings,
        uuid.UUID(sleutel),
        aan=inzending.email,
        onderwerp=ONDERWERP[soort],
        tekst=tekst,
    )


@taak("inzendingen.meld", cron="*/10 * * * *")
def meld() -> None:
    """Tell the moderators what waits for them: one mail to each, whatever came in since."""
    session = db.session()
    nieuw = session.scalars(
        select(Inzending)
        .where(Inzending.status == Status.WACHT, Inzending.gemeld_op.is_(None))
        .order_by(Inzending.bevestigd_op, Inzending.id)
        .limit(500)
        .with_for_update(of=Inzending, skip_locked=True)
    ).all()
    per_adres: dict[str, list[dict[str, str]]] = defaultdict(list)
    for inzending in nieuw:
        inzending.gemeld_op = now()
        for adres in find_moderator_addresses(session, inzending.kern_id, today()):
            per_adres[adres].append({"titel": inzending.titel, "kern": inzending.kern.naam})
    for adres, inzendingen in per_adres.items():
        aantal = len(inzendingen)
        onderwerp = f"Er wacht {aantal} inzending" if aantal == 1 else f"{aantal} inzendingen"
        send_mail(session, adres, f"{onderwerp} op je", "inzendingen", inzendingen=inzendingen)
    session.commit()


@taak("inzendingen.opruimen", cron="17 4 * * *")
def opruimen() -> None:
    """Forget what was never confirmed, and the address and photo of what is long over."""
    session = db.session()
    session.execute(
        delete(Inzending).where(
            Inzending.status == Status.ONBEVESTIGD, Inzending.created_at < now() - BEVESTIGEN
        )
    )
    lang_voorbij = or_(
        and_(Inzending.status.in_(DICHT), Inzending.updated_at < now() - BEWAARD),
        Inzending.eindigt_op < now() - BEWAARD,
    )
    session.execute(
        update(Inzending)
        .where(Inzending.email.is_not(None), lang_voorbij)
        .values(email=None, beeld_id=None, versie=Inzending.versie + 1)
    )
    used = select(Inzending.beeld_id).where(Inzending.beeld_id.is_not(None))
    session.execute(
        delete(Beeld).where(
            ~Beeld.openbaar, Beeld.id.not_in(used), Beeld.created_at < now() - timedelta(days=1)
        )
    )
    session.commit()
