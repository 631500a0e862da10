"""A follower as tests make one, and the mails they get."""

import re
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernenkaart.tijd import now
from kernenkaart.volgen import services
from kernenkaart.volgen.bundelen import Ronde, bundle_some
from kernenkaart.volgen.links import Doel, token_of
from kernenkaart.volgen.models import Abonnement, Ritme, Volger
from kernenkaart.volgen.onderwerp import Onderwerp
from tests.factories import make_gemeente

GEMEENTE = "GM1960"
UUR = 7


def follow(
    session: Session,
    moment: datetime,
    vraag: dict[str, str] | None = None,
    *,
    email: str = "volger@example.org",
    ritme: Ritme = Ritme.DAG,
) -> Abonnement:
    """A confirmed subscription (its mail has gone); everything unless ``vraag`` says what."""
    make_gemeente(session)
    wens = services.Wens(email, Onderwerp.from_args(MultiDict(vraag or {})), ritme)
    abonnement = services.ask_to_follow(session, wens, vandaag=moment.date(), gemeente=GEMEENTE)
    services.confirm(session, abonnement, moment=moment, uur=UUR, gemeente=GEMEENTE)
    session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'volgen.bevestig'"))
    return abonnement


def run_round(session: Session, moment: datetime) -> None:
    """Do the round of ``moment`` for whoever it is due for."""
    ronde = Ronde.begin(session, moment=moment, uur=UUR, gemeente=GEMEENTE)
    while bundle_some(session, ronde, most=3):
        session.flush()


def text_of(mail: EmailMessage) -> str:
    """The text of a mail as one reads it."""
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def path_in(mail: EmailMessage, page: str) -> str:
    """The path of the link to a page of ``/volgen`` that a mail has."""
    found = re.search(rf"https?://\S+/volgen/{page}/\S+", text_of(mail))
    assert found is not None, text_of(mail)
    return urlsplit(found[0]).path


def volgers(session: Session) -> list[Volger]:
    """All followers, read anew."""
    session.expire_all()
    return list(session.scalars(select(Volger).order_by(Volger.id)))


def make_links(session: Session, geheim: str) -> dict[str, str]:
    """Links of one follower who stays, as pages in a browser need them; commits.

    Args:
        geheim: the secret key of the installation.
    """
    email = "blijft@example.org"
    volger = session.scalars(select(Volger).where(Volger.email == email)).one_or_none()
    if volger is None:
        moment = now()
        volger = Volger(email=email)
        session.add(volger)
        session.flush()
        session.add_all(
            Abonnement(
                volger_id=volger.id,
                vraag=vraag,
                ritme=ritme,
                bevestigd_op=moment,
                gebundeld_tot=moment.date(),
            )
            for vraag, ritme in (("kern=tricht", Ritme.DAG), ("soort=activiteiten", Ritme.WEEK))
        )
        session.commit()
    een = session.scalars(select(Abonnement).where(Abonnement.volger_id == volger.id)).first()
    assert een is not None
    return {
        "volg_bevestig": token_of(Doel.BEVESTIG, een.publiek_id, geheim),
        "volg_mijn": token_of(Doel.MIJN, volger.publiek_id, geheim),
        "volg_stop": token_of(Doel.STOP, volger.publiek_id, geheim),
    }
