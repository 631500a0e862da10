"""What tests of submissions share: a world with a kern, a form that is filled in well, the mail."""

import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernenkaart.activiteiten.models import ActiviteitSoort
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.inzendingen.spam import stamp
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import now, today
from tests.factories import add, make_gemeente, moment, numbers
from tests.postbus import Postbus

GEHEIM = "alleen-voor-tests"
PAD = "/activiteiten/insturen"
AFZENDER = "buur@voorbeeld.example"


def soort_id(session: Session) -> int:
    """The first kind of activities."""
    return (
        session.scalars(select(ActiviteitSoort.id).order_by(ActiviteitSoort.volgorde)).first() or 0
    )


def geduld() -> str:
    """The stamp of a form that was opened a minute ago."""
    with time_machine.travel(now() - timedelta(minutes=1), tick=False):
        return stamp(GEHEIM)


def filled(session: Session, kern: Kern, **velden: Any) -> dict[str, Any]:
    """The form, filled in well, but for ``velden``."""
    return {
        "titel": "Straatfeest",
        "soort": soort_id(session),
        "datum": f"{today() + timedelta(days=20):%d-%m-%Y}",
        "van": "15.00",
        "tot": "21.00",
        "kern": kern.id,
        "plek": "Het pleintje",
        "organisator": "Buurt Nieuwstraat",
        "omschrijving": "Neem zelf een stoel mee.",
        "email": AFZENDER,
        "geopend": geduld(),
        "sleutel": str(uuid.uuid4()),
    } | velden


def make_inzending(session: Session, kern: Kern, **values: Any) -> Inzending:
    """A submission that waits for a moderator."""
    status = values.get("status", Status.WACHT)
    defaults = {
        "gemeente_id": make_gemeente(session).id,
        "kern_id": kern.id,
        "geom": kern.hart,
        "soort_id": soort_id(session),
        "titel": f"Straatfeest {next(numbers)}",
        "organisator": "Buurt Nieuwstraat",
        "begint_op": moment(20, 15),
        "eindigt_op": moment(20, 21),
        "email": AFZENDER,
        "status": status,
        "bevestigd_op": None if status is Status.ONBEVESTIGD else now(),
    }
    return add(session, Inzending(**(defaults | values)))


def link_in(postbus: Postbus) -> str:
    """The path of the sender's link in the last mail."""
    tekst = postbus.mails[-1].get_content()
    found = re.search(r"https?://\S+/ingestuurd/\S+", tekst)
    assert found, tekst
    return urlsplit(found[0]).path


def seen(session: Session, inzending: Inzending) -> Inzending:
    """The row as it is stored now."""
    session.expire_all()
    return session.get_one(Inzending, inzending.id)


def moderate(browser: FlaskClient, inzending: Inzending, actie: str, **velden: Any) -> TestResponse:
    """Press a button of the screen of moderators."""
    data = {"actie": actie, "versie": inzending.versie} | velden
    return browser.post(f"/moderatie/{inzending.id}", data=data)
