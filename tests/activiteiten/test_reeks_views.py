"""Post and look at a series by its pages: nothing that was typed is lost."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import jobs
from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.reeks_forms import ZELFDE, make_regel, to_waarden
from kernenkaart.activiteiten.reeks_tijden import horizon
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.platforms.models import Platform
from kernenkaart.taken.register import run
from kernenkaart.tijd import AMSTERDAM, format_dag, today
from tests.activiteiten.reeksformulier import VOLGEND_JAAR, a_saturday, filled, form_of, keren, post
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform
from tests.formulieren import counted, hidden


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def test_a_monthly_series_is_posted_and_its_page_says_so(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    answer = browser.post(f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform))

    page = browser.get(answer.location).text
    rows = keren(session, session.scalars(select(Reeks)).one())
    assert "Elke 2e zaterdag." in page
    assert f"/activiteiten/{rows[1].id}" in page
    assert rows[0].begint_op.astimezone(AMSTERDAM).date() == a_saturday()
    assert {row.status for row in rows} == {Status.GEPUBLICEERD}


def test_looking_first_shows_the_rule_and_the_first_ten_days_and_how_many(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    velden = filled(session, platform, herhaal="week", dagen=["1", "3"], keren="24", actie="bekijk")

    answer = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    dinsdag = a_saturday() + timedelta(days=3)
    assert answer.status_code == 200
    assert "Elke dinsdag en donderdag, 24 keer" in answer.text
    assert "Dit worden de 24 keren" in answer.text
    assert f"<li>{format_dag(dinsdag)}</li>" in answer.text
    assert "En nog 14 keer." in answer.text
    assert re.findall(r'name="dagen" value="(\d)"', answer.text) == ["1", "3"]
    assert session.scalars(select(Reeks)).all() == []


@pytest.mark.parametrize(
    ("velden", "woorden"),
    [
        ({"herhaal": "dag", "tussen": "3"}, "Elke 3 dagen"),
        ({"herhaal": "week", "tussen": "2"}, "Om de week op zaterdag"),
        ({"reeks_op": "laatste", "niet_in": ["7"]}, "Elke laatste zaterdag, niet in juli"),
        ({"reeks_op": "einde"}, "Elke laatste dag van de maand"),
        ({"reeks_op": "dag"}, f"Elke {a_saturday().day}e van de maand"),
        ({"herhaal": "jaar", "niet_in": ["7"]}, "Elk jaar op de 2e zaterdag van juni"),
        ({"herhaal": "jaar", "reeks_op": "dag"}, f"Elk jaar op {a_saturday().day} juni"),
    ],
)
def test_the_day_follows_from_the_date(
    browser: FlaskClient,
    session: Session,
    platform: Platform,
    velden: dict[str, Any],
    woorden: str,
) -> None:
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, actie="bekijk", **velden),
    )

    assert woorden in answer.text


@pytest.mark.parametrize(
    ("velden", "veld", "zin"),
    [
        ({"tussen": "0"}, "tussen", "Vul een getal van 1 tot en met 99 in."),
        ({"tussen": "twee"}, "tussen", "Vul een getal van 1 tot en met 99 in."),
        ({"keren": "1001"}, "keren", "Vul een getal van 1 tot en met 1000 in."),
        ({"reeks_tot": "31-02-2027"}, "reeks_tot", "Deze datum bestaat niet."),
        ({"reeks_tot": "01-01-2027"}, "reeks_tot", "De reeks eindigt vóór de eerste keer."),
        ({"reeks_tot": "01-01-2090", "keren": "3"}, "keren", "niet allebei"),
        ({"niet_in": [str(m) for m in range(1, 13)]}, "niet_in", "Er blijft geen maand over."),
        ({"herhaal": "eeuw"}, "herhaal", "Kies een van de mogelijkheden"),
        ({"herhaal": "zelfde"}, "herhaal", "Kies een van de mogelijkheden"),
        (
            {"datum": f"30-03-{VOLGEND_JAAR}", "reeks_op": "laatste", "van": "02:30",
             "tot": "05:00", "herhaal": "week", "dagen": ["6"]},
            "van",
            "die nacht gaat de klok een uur vooruit",
        ),
    ],
)  # fmt: skip
def test_a_mistake_gets_a_sentence_beside_its_field_and_loses_nothing(  # noqa: PLR0917
    browser: FlaskClient,
    session: Session,
    platform: Platform,
    velden: dict[str, Any],
    veld: str,
    zin: str,
) -> None:
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, actie="bekijk", **velden),
    )

    assert answer.status_code == 422
    errors = re.findall(rf'id="{veld}-fout">(.*?)</p>', answer.text, re.S)
    assert len(errors) == 1
    assert zin in html.unescape(errors[0])
    assert f'href="#{veld}"' in answer.text
    assert hidden(answer.text, "titel") == "Boekenmarkt"
    assert session.scalars(select(Reeks)).all() == []


def test_the_same_form_again_is_one_series_and_a_changed_one_is_a_change(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    velden = filled(session, platform, herhaal="week", dagen=["5"], keren="3")
    adres = f"/activiteiten/nieuw/{platform.id}"
    first = browser.post(adres, data=velden)

    again = browser.post(adres, data=velden)
    elsewhere = browser.post(adres, data=velden | {"titel": "Anders"})
    changed = browser.post(elsewhere.location, data=velden | {"titel": "Anders"})

    assert elsewhere.status_code == 307
    assert again.location.split("?")[0] == first.location.split("?")[0]
    assert changed.status_code == 409
    assert "Je had dit al bewaard" in changed.text
    assert hidden(changed.text, "titel") == "Anders"
    assert len(session.scalars(select(Reeks)).all()) == 1


def test_a_draft_of_a_series_goes_on_where_it_was_and_is_placed_as_a_whole(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, actie="concept", keren="4"),
    )
    assert "/reeks/hele/wijzig" in answer.location
    page = browser.get(answer.location).text
    assert "Bewaard als concept" in page

    velden = form_of(page) | {"omschrijving": "", "actie": "plaats", "titel": "Repaircafé"}
    answer = browser.post(answer.location.split("?")[0], data=velden)

    rows = keren(session, session.scalars(select(Reeks)).one())
    assert answer.status_code == 302
    assert [(row.titel, row.status) for row in rows] == [("Repaircafé", Status.GEPUBLICEERD)] * 4


def test_pages_of_a_series_ask_at_most_eight_questions(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))

    for pad in ("", "/wijzig", "/reeks/volgende/wijzig", "/reeks/hele/wijzig", "/afgelasten"):
        with counted(session) as statements:
            assert browser.get(f"/activiteiten/{rows[0].id}{pad}").status_code == 200
        assert len(statements) <= 8, (pad, statements)


def test_the_job_extends_every_series_and_again_changes_nothing(
    app: Flask, browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform)
    half = today() + timedelta(days=300)
    session.execute(update(Reeks).values(uitgewerkt_tot=half))
    session.execute(
        update(Activiteit).where(Activiteit.reeks_dag > half).values(reeks_id=None, reeks_dag=None)
    )

    assert jobs.verleng
    for _ in range(2):
        with app.app_context():
            run("activiteiten.reeksen.verleng", {})

    days = Regel.parse(reeks.regel).days(reeks.eerste_dag, horizon(today()))
    assert [row.reeks_dag for row in keren(session, reeks)] == days


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["dag", "week", "maand", "jaar"]),
    st.sampled_from([None, "laatste", "dag", "einde"]),
    st.sets(st.integers(0, 6), max_size=3),
    st.sets(st.integers(1, 12), max_size=11),
    st.integers(1, 5),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
)
def test_what_the_form_makes_it_shows_again(  # noqa: PLR0917
    herhaal: str, op: str | None, dagen: set[int], niet_in: set[int], tussen: int, vanaf: date
) -> None:
    waarden = {
        "herhaal": herhaal,
        "reeks_op": op,
        "dagen": sorted(dagen),
        "niet_in": sorted(niet_in),
        "tussen": tussen,
        "reeks_tot": None,
        "keren": None,
    }
    try:
        regel = make_regel(waarden, vanaf)
    except ValueError:
        return
    dag = regel.first_day(vanaf)
    if dag is None:
        return

    again = to_waarden(regel, dag)

    assert again["herhaal"] != ZELFDE
    assert make_regel(again, dag) == regel


def test_lists_say_how_often_it_is(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    post(browser, session, platform)

    for pad in ("/activiteiten?wanneer=alles", f"/kernen/{platform.kernen[0].slug}"):
        assert '<p class="kk-rij__waar">Elke 2e zaterdag</p>' in browser.get(pad).text
