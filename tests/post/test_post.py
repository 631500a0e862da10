"""Mail to a real server: its headers, its failures, and never twice (T19, R7)."""

import uuid
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.config import Settings
from kernenkaart.post.bericht import make_bericht, one_line
from kernenkaart.post.jobs import deliver
from kernenkaart.post.models import Verzending
from kernenkaart.post.services import send_mail
from kernenkaart.taken.register import Straks, Vergeefs
from kernenkaart.tijd import now
from tests.conftest import ClientFactory
from tests.postbus import Postbus
from tests.wachtrij import waiting, work

NAMES = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
CONTENT = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}


def headers_of(settings: Settings, **values: str) -> set[str]:
    bericht = make_bericht(
        settings,
        sleutel=uuid.uuid4(),
        **({"aan": "a@example.org", "onderwerp": "Dag", "tekst": "Hallo"} | values),
    )
    parsed = bytes(bericht).split(b"\r\n\r\n")[0].split(b"\r\n")
    return {line.split(b":")[0].decode() for line in parsed if not line.startswith((b" ", b"\t"))}


def test_a_mail_goes_out_when_the_transaction_is_committed(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    send_mail(session, "an@example.org", "Kermis afgelast", "herstel", naam="An", link="https://x")
    work(mailing, session)

    [mail] = postbus.mails
    assert postbus.rcpt == ["an@example.org"]
    assert mail["Subject"] == "Kermis afgelast"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Dag An" in mail.get_content()
    assert client


def test_a_mail_of_a_transaction_that_is_given_up_never_goes(session: Session) -> None:
    nested = session.begin_nested()
    send_mail(session, "an@example.org", "Kermis afgelast", "herstel", naam="An", link="x")
    nested.rollback()

    assert waiting(session, "post.verstuur") == []


def test_the_same_mail_is_sent_once(
    mailing: Flask, postbus: Postbus, session: Session, settings: Settings, client: ClientFactory
) -> None:
    sleutel = uuid.uuid4()
    with mailing.app_context():
        here = mailing.extensions["kernenkaart.settings"]
        for _ in range(3):
            deliver(session, here, sleutel, aan="a@example.org", onderwerp="Dag", tekst="Hallo")

    assert len(postbus.mails) == 1
    assert postbus.mails[0]["Message-ID"] == f"<{sleutel}@127.0.0.1>"
    assert client


def test_a_try_that_was_cut_off_is_not_sent_again(
    mailing: Flask, postbus: Postbus, session: Session
) -> None:
    sleutel = uuid.uuid4()
    session.add(Verzending(sleutel=sleutel, adres=b"x" * 32))
    session.flush()
    here = mailing.extensions["kernenkaart.settings"]

    with pytest.raises(Vergeefs):
        deliver(session, here, sleutel, aan="a@example.org", onderwerp="Dag", tekst="Hallo")

    assert postbus.mails == []


@pytest.mark.parametrize(
    ("answer", "error"), [("451 later", Exception), ("554 no", Vergeefs), ("550 no", Vergeefs)]
)
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(
    mailing: Flask, postbus: Postbus, session: Session, answer: str, error: type[Exception]
) -> None:
    postbus.answer = answer
    sleutel = uuid.uuid4()
    here = mailing.extensions["kernenkaart.settings"]

    with pytest.raises(error) as caught:
        deliver(session, here, sleutel, aan="a@example.org", onderwerp="Dag", tekst="Hallo")
    assert isinstance(caught.value, Vergeefs) is (error is Vergeefs)
    assert session.scalars(select(Verzending)).all() == []

    postbus.answer = "250 OK"
    deliver(session, here, sleutel, aan="a@example.org", onderwerp="Dag", tekst="Hallo")
    assert len(postbus.mails) == 1


def test_a_server_that_is_away_is_tried_again(
    settings: Settings, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    away = replace(mailing.extensions["kernenkaart.settings"], mail_poort=1)

    with pytest.raises(OSError, match="refused"):
        deliver(session, away, uuid.uuid4(), aan="a@example.org", onderwerp="Dag", tekst="Hallo")

    assert session.scalars(select(Verzending)).all() == []
    assert postbus.mails == []


SMUGGLED = [
    "Dag\r\nBcc: kwaad@example.org", "Dag\nBcc: x@y.nl", "Dag\rBcc: x@y.nl", "Dag\r\n\r\n<b>x</b>",
    "Dag\x00Bcc: x", "Dag\u2028Bcc: x", "Dag\x85Bcc: x", "=?utf-8?q?Dag=0D=0ABcc:_x?=", "\r\n.\r\n",
    "a" * 5000, "\u202egad", "", " ", "Dag\x0bBcc: x", "Dag\x0cBcc: x", "é" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", SMUGGLED)
def test_nobody_adds_a_header_by_a_subject(settings: Settings, text: str) -> None:
    assert headers_of(settings, onderwerp=text) == NAMES | CONTENT


@given(text=st.text(max_size=200))
@hypothesis_settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_no_text_at_all_changes_the_headers(settings: Settings, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()

    assert headers_of(settings, onderwerp=text, tekst=text) == NAMES | CONTENT
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    "aan", ["a@example.org\r\nBcc: x@y.nl", "a@example.org, b@example.org", "geen adres", "", "a@"]
)
def test_what_is_no_single_address_gets_no_mail(
    mailing: Flask, postbus: Postbus, session: Session, aan: str
) -> None:
    here = mailing.extensions["kernenkaart.settings"]

    with pytest.raises(Vergeefs):
        deliver(session, here, uuid.uuid4(), aan=aan, onderwerp="Dag", tekst="Hallo")

    assert postbus.mails == []


def test_one_address_gets_five_mails_an_hour_and_the_rest_later(
    mailing: Flask, postbus: Postbus, session: Session
) -> None:
    here = mailing.extensions["kernenkaart.settings"]
    start = now()

    def send(aan: str) -> None:
        deliver(session, here, uuid.uuid4(), aan=aan, onderwerp="Dag", tekst="Hallo")

    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            send("an@example.org")
            clock.shift(60)
        with pytest.raises(Straks) as caught:
            send("An@Example.org")
        send("bo@example.org")
        assert caught.value.wacht_s == 55 * 60 + 1
        clock.shift(caught.value.wacht_s)
        send("an@example.org")
        with pytest.raises(Straks):
            send("an@example.org")

    assert postbus.rcpt.count("an@example.org") == 6
    assert postbus.rcpt.count("bo@example.org") == 1


def test_without_a_mail_server_nothing_breaks(
    app: Flask, session: Session, client: ClientFactory
) -> None:
    send_mail(session, "an@example.org", "Dag", "herstel", naam="An", link="x")

    assert work(app, session) == 1
    assert client
