"""Post, change and end a series by its pages: every choice is asked, nothing typed is lost."""

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
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.platforms.models import Platform
from kernenkaart.taken.register import run
from kernenkaart.tijd import AMSTERDAM, format_dag, today
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform
from tests.formulieren import chosen, counted, filled_activiteit, hidden

VOLGEND_JAAR = today().year + 1


def a_saturday() -> date:
    """The second Saturday of June of next year."""
    regel = Regel(Frequentie.MAAND, weekdagen=(Weekdag(5, 2),))
    found = regel.first_day(date(VOLGEND_JAAR, 6, 1))
    assert found is not None
    return found


def filled(session: Session, platform: Platform, **velden: Any) -> dict[str, Any]:
    return filled_activiteit(
        session, platform, **({"datum": f"{a_saturday():%d-%m-%Y}", "herhaal": "maand"} | velden)
    )


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def post(browser: FlaskClient, session: Session, platform: Platform, **velden: Any) -> Reeks:
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, **velden)
    )
    assert answer.status_code == 302, answer.text
    session.expire_all()
    return session.scalars(select(Reeks).order_by(Reeks.id.desc())).first()  # type: ignore[return-value]


def keren(session: Session, reeks: Reeks) -> list[Activiteit]:
    session.expire_all()
    found = select(Activiteit).where(Activiteit.reeks_id == reeks.id)
    return list(session.scalars(found.order_by(Activiteit.reeks_dag)))


def form_of(text: str) -> dict[str, Any]:
    """What a browser would send of a page with the form of a series, unchanged."""
    namen = ("titel", "datum", "van", "tot", "plek", "sleutel", "versie", "was", "lon", "lat")
    more = ("tussen", "reeks_tot", "keren", "laatste_dag", "organisator")
    lists = ("soort", "kern", "herhaal", "reeks_op", "doelgroep")
    found = {naam: hidden(text, naam) for naam in (*namen, *more)}
    return found | {naam: chosen(text, naam) for naam in lists}


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


def test_changing_a_time_of_a_series_asks_first_which_times(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))

    page = browser.get(f"/activiteiten/{rows[1].id}/wijzig").text

    assert f'href="/activiteiten/{rows[1].id}/wijzig?keer=deze"' in page
    assert f'href="/activiteiten/{rows[1].id}/reeks/volgende/wijzig"' in page
    assert f'href="/activiteiten/{rows[1].id}/reeks/hele/wijzig"' in page
    assert "Alleen deze keer" in page


def test_only_this_time_is_marked_as_changed(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))
    adres = f"/activiteiten/{rows[1].id}/wijzig"
    page = browser.get(f"{adres}?keer=deze").text
    assert 'name="herhaal"' not in page
    velden = filled_activiteit(
        session, platform, titel="Met taart", versie=hidden(page, "versie"),
        datum=hidden(page, "datum"),
    )  # fmt: skip

    browser.post(adres, data=velden)

    rows = keren(session, session.scalars(select(Reeks)).one())
    assert [row.titel for row in rows[:3]] == ["Boekenmarkt", "Met taart", "Boekenmarkt"]
    assert "(aangepast)" in browser.get(f"/activiteiten/{rows[0].id}").text


def test_this_and_all_after_change_by_their_form(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform, keren="10")
    rows = keren(session, reeks)
    adres = f"/activiteiten/{rows[4].id}/reeks/volgende/wijzig"
    page = browser.get(adres).text
    assert hidden(page, "keren") == "6"
    assert hidden(page, "datum") == f"{rows[4].reeks_dag:%d-%m-%Y}"

    velden = form_of(page) | {"omschrijving": "", "actie": "plaats", "van": "11.00"}
    answer = browser.post(adres, data=velden)

    assert answer.status_code == 302
    assert len(keren(session, reeks)) == 4
    nieuw = session.scalars(select(Reeks).order_by(Reeks.id.desc())).first()
    assert nieuw is not None
    assert {row.begint_op.astimezone(AMSTERDAM).hour for row in keren(session, nieuw)} == {11}


def test_the_whole_series_begins_with_the_first_time_that_is_not_over(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    begin = today() - timedelta(days=21)
    reeks = post(browser, session, platform, herhaal="week", datum=f"{begin:%d-%m-%Y}")
    rows = keren(session, reeks)

    answer = browser.get(f"/activiteiten/{rows[0].id}/reeks/hele/wijzig")
    velden = form_of(browser.get(answer.location).text) | {"omschrijving": "", "actie": "plaats"}
    browser.post(answer.location, data=velden | {"titel": "Anders"})

    rows = keren(session, reeks)
    assert [row.titel for row in rows[:3]] == ["Boekenmarkt"] * 3
    assert rows[-1].titel == "Anders"
    assert len(session.scalars(select(Reeks)).all()) == 1


def test_the_second_of_two_who_change_a_series_is_told_and_loses_nothing(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    rows = keren(session, post(browser, session, platform))
    adres = f"/activiteiten/{rows[0].id}/reeks/hele/wijzig"
    page = browser.get(adres).text
    mine = form_of(page) | {"omschrijving": "", "actie": "plaats"}
    browser.post(adres, data=mine | {"titel": "Van de ander"})

    answer = browser.post(adres, data=mine | {"titel": "Van mij"})

    assert answer.status_code == 409
    assert "de ander schreef “Van de ander”" in html.unescape(answer.text)
    assert hidden(answer.text, "titel") == "Van mij"


def test_a_rule_that_the_form_cannot_say_stays_as_it_is(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform)
    regel = "FREQ=MONTHLY;BYDAY=2SA,4SA"
    session.execute(update(Reeks).values(regel=regel))
    adres = f"/activiteiten/{keren(session, reeks)[0].id}/reeks/hele/wijzig"
    page = browser.get(adres).text
    assert chosen(page, "herhaal") == ZELFDE
    assert "Zoals nu: Elke 2e zaterdag en 4e zaterdag" in page

    velden = form_of(page) | {"omschrijving": "", "actie": "plaats", "titel": "Anders"}
    answer = browser.post(adres, data=velden)

    session.expire_all()
    assert answer.status_code == 302
    assert session.scalars(select(Reeks)).one().regel == regel


@pytest.mark.parametrize(
    ("handeling", "welke", "verwacht"),
    [
        ("afgelasten", "deze", ["gepubliceerd", "afgelast", "gepubliceerd", "gepubliceerd"]),
        ("afgelasten", "volgende", ["gepubliceerd", "afgelast", "afgelast", "afgelast"]),
        ("afgelasten", "hele", ["afgelast"] * 4),
        ("intrekken", "deze", ["gepubliceerd", "ingetrokken", "gepubliceerd", "gepubliceerd"]),
        ("intrekken", "volgende", ["gepubliceerd", "ingetrokken", "ingetrokken", "ingetrokken"]),
        ("intrekken", "hele", ["ingetrokken"] * 4),
    ],
)
def test_taking_away_asks_which_times(  # noqa: PLR0917
    browser: FlaskClient,
    session: Session,
    platform: Platform,
    handeling: str,
    welke: str,
    verwacht: list[str],
) -> None:
    reeks = post(browser, session, platform, keren="4")
    adres = f"/activiteiten/{keren(session, reeks)[1].id}/{handeling}"
    page = browser.get(adres).text
    velden = {"reden": "De zaal is dicht.", "versie": hidden(page, "versie")}

    forgotten = browser.post(adres, data=velden)
    answer = browser.post(adres, data=velden | {"welke": welke})

    assert forgotten.status_code == 422
    assert "Kies welke keren je bedoelt." in forgotten.text
    assert answer.status_code == 302
    assert [row.status for row in keren(session, reeks)] == verwacht


def test_taking_away_a_series_that_somebody_else_changed_is_refused(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = post(browser, session, platform, keren="4")
    adres = f"/activiteiten/{keren(session, reeks)[1].id}/intrekken"

    answer = browser.post(adres, data={"welke": "hele", "versie": "99"})

    assert answer.status_code == 409
    assert {row.status for row in keren(session, reeks)} == {Status.GEPUBLICEERD}


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
