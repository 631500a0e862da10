"""Weer dit jaar? Asked once, in time and in one mail; answered on a page; expected until then."""

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import jobs, weer
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Reeks, Status
from kernenkaart.activiteiten.reeksen import ReeksGegevens, post_reeks
from kernenkaart.activiteiten.regel import Frequentie, Regel
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.errors import Conflict
from kernenkaart.kernen.plek import Plek
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.toegang.models import Lidmaatschap
from kernenkaart.toegang.queries import actor_of
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_platform,
    make_verwacht,
    moment,
)
from tests.postbus import Postbus
from tests.wachtrij import waiting, work

WEKEN = 12


def kermis(session: Session, platform: Platform, dagen: int = 30) -> list[Activiteit]:
    """A yearly series that is confirmed each year: its times, by day."""
    begin = moment(dagen, 10)
    soort = session.scalars(select(ActiviteitSoort.id)).first()
    lid = make_gebruiker(session, platform)
    reeks = post_reeks(
        session,
        actor_of(session, lid),
        platform.id,
        ReeksGegevens(
            ActiviteitGegevens(
                titel="Kermis",
                soort_id=soort or 0,
                omschrijving="",
                begint_op=begin,
                eindigt_op=begin + timedelta(hours=6),
                hele_dag=False,
                plek=Plek(kern_id=platform.kernen[0].id),
            ),
            Regel(Frequentie.JAAR, maanden=(begin.month,), maanddag=min(begin.day, 28)),
            bevestigen=True,
        ),
        sleutel=uuid.uuid4(),
        plaats=True,
        marge_m=0,
    )
    return list(
        session.scalars(
            select(Activiteit).where(Activiteit.reeks_id == reeks.id).order_by(Activiteit.begint_op)
        )
    )


def run_job(app: Flask) -> None:
    with app.app_context():
        jobs.weer_dit_jaar()


def mails(session: Session) -> list[dict[str, Any]]:
    return [dict(mail) for mail in waiting(session, "post.verstuur")]


def pad(platform: Platform) -> str:
    return f"/activiteiten/weer-dit-jaar/{platform.id}"


def test_everybody_of_a_platform_gets_one_mail_about_all_of_it(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, naam="Dorpsraad Hier")
    leden = [make_gebruiker(session, platform) for _ in range(2)]
    weg = make_gebruiker(session)
    session.add(
        Lidmaatschap(
            gebruiker_id=weg.id,
            platform_id=platform.id,
            van=date(2020, 1, 1),
            tot=date(2021, 1, 1),
        )
    )
    make_gebruiker(session, platform, active=False)
    make_verwacht(session, 60, platform=platform, titel="Avondvierdaagse")
    make_verwacht(session, 20, platform=platform, titel="Kermis")
    make_activiteit(session, platform=platform, titel="Boekenmarkt")
    client()

    run_job(mailing)
    work(mailing, session)

    assert sorted(postbus.rcpt) == sorted(lid.email for lid in leden)
    text = postbus.mails[0].get_content()
    assert postbus.mails[0]["Subject"] == "Weer dit jaar? Dorpsraad Hier"
    assert text.index("Kermis") < text.index("Avondvierdaagse")
    assert "Boekenmarkt" not in text
    assert f"http://127.0.0.1:8000{pad(platform)}" in text


def test_what_was_asked_is_not_asked_again_and_what_is_new_is(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    make_gebruiker(session, platform)
    eerst = make_verwacht(session, platform=platform)
    voor = (eerst.versie, eerst.updated_at)
    client()

    run_job(app)
    run_job(app)
    later = make_verwacht(session, platform=platform, titel="Nieuw erbij")
    run_job(app)

    assert [len(mail["gegevens"]["regels"]) for mail in mails(session)] == [1, 1]
    assert "Nieuw erbij" in mails(session)[1]["gegevens"]["regels"][0]
    session.refresh(eerst)
    session.refresh(later)
    assert eerst.gevraagd_op
    assert later.gevraagd_op
    assert (eerst.versie, eerst.updated_at) == voor


@pytest.mark.parametrize(
    ("over", "gevraagd"),
    [
        (timedelta(weeks=WEKEN), True),
        (timedelta(weeks=WEKEN, minutes=1), False),
        (timedelta(0), False),
    ],
)
def test_one_asks_twelve_weeks_ahead_and_never_afterwards(
    app: Flask, client: ClientFactory, session: Session, over: timedelta, gevraagd: bool
) -> None:
    platform = make_platform(session)
    make_gebruiker(session, platform)
    nu = datetime(2027, 3, 1, 6, 40, tzinfo=AMSTERDAM)
    begin = nu + over
    make_verwacht(
        session, platform=platform, begint_op=begin, eindigt_op=begin + timedelta(hours=2)
    )
    client()

    with time_machine.travel(nu, tick=False):
        run_job(app)

    assert bool(mails(session)) is gevraagd


def test_what_stands_alone_is_not_asked_about(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    los = make_activiteit(session, platform=platform, status=Status.VERWACHT)

    run_job(app)

    assert mails(session) == []
    assert los.titel not in browser.get(pad(platform)).text


def test_who_nobody_speaks_for_is_asked_as_soon_as_somebody_does(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    make_verwacht(session, platform=platform)
    client()

    run_job(app)
    before = mails(session)
    make_gebruiker(session, platform)
    run_job(app)

    assert before == []
    assert len(mails(session)) == 1


def test_a_job_that_is_killed_halfway_asks_the_rest_later_and_nobody_twice(
    app: Flask, client: ClientFactory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms = [make_platform(session) for _ in range(3)]
    for platform in platforms:
        make_gebruiker(session, platform)
        make_verwacht(session, platform=platform)
    client()
    sent = weer.send_mail

    def dies(*args: Any, **values: Any) -> None:
        sent(*args, **values)
        if values["platform_id"] == platforms[1].id:
            raise KeyboardInterrupt

    monkeypatch.setattr(weer, "send_mail", dies)
    with pytest.raises(KeyboardInterrupt):
        run_job(app)
    monkeypatch.undo()
    run_job(app)

    assert [mail["gegevens"]["platform_id"] for mail in mails(session)] == [
        platform.id for platform in platforms
    ]


@pytest.mark.parametrize(
    ("antwoord", "reden", "status"),
    [
        ("ja", "", Status.GEPUBLICEERD),
        ("nee", "Te weinig vrijwilligers", Status.AFGELAST),
        ("nee", "", Status.INGETROKKEN),
    ],
)
def test_an_answer_is_about_this_year(
    client: ClientFactory, session: Session, antwoord: str, reden: str, status: Status
) -> None:
    platform = make_platform(session)
    nu, straks, *_ = kermis(session, platform)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        pad(platform), data={f"v{nu.id}-antwoord": antwoord, f"v{nu.id}-reden": reden}
    )

    assert answer.status_code == 302
    assert "Dank je wel." in browser.get(answer.location).text
    session.expire_all()
    assert (nu.status, nu.reden) == (status, reden or None)
    assert straks.status is Status.VERWACHT


def test_never_again_ends_the_series(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    keren = kermis(session, platform)
    browser = client(make_gebruiker(session, platform))

    browser.post(pad(platform), data={f"v{keren[0].id}-antwoord": "nooit"})

    session.expire_all()
    assert len(keren) > 1
    assert {keer.status for keer in keren} == {Status.INGETROKKEN}
    reeks = session.scalars(select(Reeks)).one()
    assert Regel.parse(reeks.regel).days(reeks.eerste_dag, date(2099, 1, 1)) in (
        [],
        [reeks.eerste_dag],
    )


def test_looking_changes_nothing_and_what_is_not_said_stays_expected(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een, twee = (
        make_verwacht(session, 20, platform=platform),
        make_verwacht(session, 30, platform=platform),
    )
    browser = client(make_gebruiker(session, platform))

    page = browser.get(pad(platform))
    browser.post(pad(platform), data={f"v{een.id}-antwoord": "ja", f"v{twee.id}-antwoord": ""})

    assert page.status_code == 200
    assert page.text.index(een.titel) < page.text.index(twee.titel)
    session.expire_all()
    assert (een.status, twee.status) == (Status.GEPUBLICEERD, Status.VERWACHT)


def test_with_no_answer_at_all_one_is_told(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    make_verwacht(session, platform=platform)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(pad(platform))

    assert answer.status_code == 422
    assert "Kies bij minstens één activiteit een antwoord" in answer.text


def test_a_reason_that_is_too_long_is_told_beside_it_and_nothing_is_saved(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een, twee = (
        make_verwacht(session, 20, platform=platform),
        make_verwacht(session, 30, platform=platform),
    )
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        pad(platform),
        data={
            f"v{een.id}-antwoord": "ja",
            f"v{twee.id}-antwoord": "nee",
            f"v{twee.id}-reden": "x" * 301,
        },
    )

    assert answer.status_code == 422
    assert f'<a href="#v{twee.id}-reden">' in answer.text
    assert re.search(rf'name="v{een.id}-antwoord"[^>]*checked|checked[^>]*v{een.id}', answer.text)
    session.expire_all()
    assert een.status is Status.VERWACHT


def test_the_second_of_two_who_answer_is_told_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een, twee = (
        make_verwacht(session, 20, platform=platform),
        make_verwacht(session, 30, platform=platform),
    )
    eerste, tweede = (client(make_gebruiker(session, platform)) for _ in range(2))

    eerste.post(pad(platform), data={f"v{een.id}-antwoord": "ja"})
    answer = tweede.post(
        pad(platform), data={f"v{een.id}-antwoord": "nee", f"v{twee.id}-antwoord": "ja"}
    )

    assert answer.status_code == 409
    assert "is al geantwoord" in answer.text
    session.expire_all()
    assert (een.status, twee.status) == (Status.GEPUBLICEERD, Status.VERWACHT)


@pytest.mark.parametrize("antwoord", weer.Antwoord)
def test_what_was_answered_a_moment_ago_is_not_answered_again(
    session: Session, antwoord: weer.Antwoord
) -> None:
    platform = make_platform(session)
    actor = actor_of(session, make_gebruiker(session, platform))
    activiteit = make_verwacht(session, platform=platform)
    weer.answer(session, actor, activiteit.id, weer.Antwoord.JA)

    with pytest.raises(Conflict):
        weer.answer(session, actor, activiteit.id, antwoord)

    assert activiteit.status is Status.GEPUBLICEERD


def test_nobody_answers_for_another_platform(client: ClientFactory, session: Session) -> None:
    platform, ander = make_platform(session), make_platform(session)
    van_ander = make_verwacht(session, platform=ander)
    browser = client(make_gebruiker(session, platform))

    straight = browser.post(pad(ander), data={f"v{van_ander.id}-antwoord": "nooit"})
    around = browser.post(pad(platform), data={f"v{van_ander.id}-antwoord": "nooit"})
    one = browser.get(f"{pad(platform)}?activiteit={van_ander.id}")

    assert (straight.status_code, around.status_code) == (403, 409)
    assert van_ander.titel not in one.text
    session.expire_all()
    assert van_ander.status is Status.VERWACHT
