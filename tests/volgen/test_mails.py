"""The mails, as a real mail server gets them (T19, R7)."""

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.taken.register import load, run
from kernenkaart.tijd import now
from kernenkaart.volgen import services
from kernenkaart.volgen.brief import plain
from kernenkaart.volgen.models import Abonnement, Ritme
from kernenkaart.volgen.onderwerp import Onderwerp
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform, make_werkzaamheid, moment
from tests.postbus import Postbus
from tests.volgen.helpers import follow, path_in, run_round, text_of, volgers
from tests.wachtrij import waiting, work

VANG = (
    "Markt\r\nBcc: ander@example.org",
    "=?utf-8?q?Markt=0d=0aBcc:_ander@example.org?=",
    "Gratis: https://kwaad.example/geld en www.kwaad.example",
    "Markt\n\nKlik hier: HTTP://kwaad.example",
    "Nieuw\u2028List-Unsubscribe: <https://kwaad.example>",
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1) ftp://kwaad.example \u202e",
)


@pytest.fixture(autouse=True)
def jobs_see_the_test(client: ClientFactory) -> None:
    """Jobs work in the transaction of the test."""
    client()


def test_a_mail_says_what_is_new_and_how_to_stop(
    mailing: Flask, client: ClientFactory, session: Session, postbus: Postbus
) -> None:
    kern = make_kern(session, naam="Proefdorp")
    platform = make_platform(session, kernen=[kern], naam="Dorpsraad Proefdorp")
    follow(session, now(), {"kern": kern.slug})
    activiteit = make_activiteit(session, titel="Boekenmarkt", platform=platform)
    make_werkzaamheid(session, titel="Nieuw riool", geom=kern.hart, hinder="afgesloten",
                      hinder_kort="Afgesloten voor auto's")  # fmt: skip
    run_round(session, moment(1))
    work(mailing, session)
    [mail] = postbus.mails
    tekst = text_of(mail)

    assert mail["Subject"] == "Nieuw: Boekenmarkt, en nog 1 bericht"
    for deel in (
        "Proefdorp: alles\n================",
        "* Boekenmarkt\n  ",
        "10.00 - 16.00\n  Proefdorp · Dorpsraad Proefdorp\n  http",
        f"/activiteiten/{activiteit.id}\n",
        "  Afgesloten voor auto's\n",
    ):
        assert deel in tekst
    stop = str(mail["List-Unsubscribe"]).strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in tekst
    assert client().get(path_in(mail, "mijn")).status_code == 200
    answer = client().post(urlsplit(stop).path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert volgers(session) == []


@pytest.mark.parametrize("titel", VANG)
def test_words_of_others_add_no_header_no_line_and_no_link(
    mailing: Flask, session: Session, postbus: Postbus, titel: str
) -> None:
    follow(session, now())
    make_activiteit(session, titel=titel, plek_naam=titel, organisator=titel)
    run_round(session, moment(1))
    work(mailing, session)
    [mail] = postbus.mails

    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
         "List-Unsubscribe-Post", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert postbus.rcpt == ["volger@example.org"]
    links = re.findall(r"[a-z]+:/+\S+|www\.\S+", text_of(mail) + mail["Subject"], re.IGNORECASE)
    basis = mailing.extensions["kernenkaart.settings"].basis_url
    assert links
    assert all(link.startswith(basis) for link in links)
    assert plain(titel) in text_of(mail)


def test_a_mail_that_waits_leaves_out_what_was_stopped_and_goes_to_nobody_who_is_gone(
    mailing: Flask, session: Session, postbus: Postbus
) -> None:
    een = follow(session, now(), {"soort": "activiteiten"})
    follow(session, now(), {"soort": "werkzaamheden"})
    weg = follow(session, now(), email="weg@example.org")
    make_activiteit(session, titel="Boekenmarkt")
    make_werkzaamheid(session, titel="Nieuw riool")
    run_round(session, moment(1))

    services.stop(session, een)
    services.erase(session, weg.volger)
    session.commit()
    work(mailing, session)

    [mail] = postbus.mails
    assert "Nieuw riool" in text_of(mail)
    assert "Boekenmarkt" not in text_of(mail)


def test_a_mail_of_which_the_worker_was_lost_goes_once(
    mailing: Flask, session: Session, postbus: Postbus
) -> None:
    follow(session, now())
    make_activiteit(session)
    run_round(session, moment(1))
    [args] = waiting(session, "volgen.mail")
    load(mailing.extensions["kernenkaart.jobs"])

    for _again in range(3):
        with mailing.app_context():
            run("volgen.mail", args)

    assert len(postbus.mails) == 1


def test_the_hourly_job_does_what_is_due(
    mailing: Flask, session: Session, postbus: Postbus
) -> None:
    follow(session, now())
    make_activiteit(session, titel="Boekenmarkt")
    load(mailing.extensions["kernenkaart.jobs"])

    with time_machine.travel(moment(1), tick=False), mailing.app_context():
        run("volgen.bundels", {})
        run("volgen.bundels", {})
    work(mailing, session)

    assert [mail["Subject"] for mail in postbus.mails] == ["Nieuw: Boekenmarkt"]


def test_an_address_that_nobody_confirms_is_forgotten_after_a_week(
    mailing: Flask, session: Session
) -> None:
    follow(session, now(), email="blijft@example.org")
    wens = services.Wens("vergeten@example.org", Onderwerp.from_text(""), Ritme.WEEK)
    services.ask_to_follow(session, wens, vandaag=now().date(), gemeente="GM1960")
    load(mailing.extensions["kernenkaart.jobs"])

    def left_after(dagen: int) -> list[str]:
        with time_machine.travel(moment(dagen), tick=False), mailing.app_context():
            run("volgen.opruimen", {})
        return [volger.email for volger in volgers(session)]

    assert left_after(6) == ["blijft@example.org", "vergeten@example.org"]
    assert left_after(8) == ["blijft@example.org"]
    assert session.query(Abonnement).count() == 1
