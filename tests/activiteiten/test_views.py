"""Pages of activities: who sees and may do what; edit, call off, withdraw, take over."""

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.actor import Rol
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform
from tests.formulieren import SCHERP, counted, filled_activiteit, hidden, posted


def test_what_was_stored_comes_back_in_the_form_and_saving_it_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, van="20.00", tot="01.00"),
    )
    [before] = posted(session, Activiteit)
    session.expunge(before)
    page = browser.get(f"/activiteiten/{before.id}/wijzig").text
    velden = filled_activiteit(session, platform) | {
        naam: hidden(page, naam)
        for naam in ("datum", "van", "tot", "laatste_dag", "lon", "lat", "versie", "was")
    }

    answer = browser.post(f"/activiteiten/{before.id}/wijzig", data=velden)

    [after] = posted(session, Activiteit)
    assert answer.status_code == 302
    assert (after.begint_op, after.eindigt_op) == (before.begint_op, before.eindigt_op)
    assert after.geom is not None
    assert after.geom.distance(before.geom) < 0.02


def test_the_second_of_two_editors_is_told_and_overwrites_nothing_by_accident(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, titel="Markt", omschrijving="Oud")
    een, twee = (client(make_gebruiker(session, platform)) for _ in range(2))
    pad = f"/activiteiten/{activiteit.id}/wijzig"
    page_een, page_twee = een.get(pad).text, twee.get(pad).text

    def sent(page: str, **velden: str) -> dict[str, Any]:
        namen = ("datum", "van", "tot", "laatste_dag", "lon", "lat", "versie", "was", "titel")
        found = {naam: hidden(page, naam) for naam in namen}
        soort = {"soort": activiteit.soort_id, "omschrijving": "Oud", "actie": "plaats"}
        return soort | found | {"kern": activiteit.kern_id} | velden

    een.post(pad, data=sent(page_een, omschrijving="Van een"))
    answer = twee.post(pad, data=sent(page_twee, titel="Van twee"))

    assert answer.status_code == 409
    [nu] = posted(session, Activiteit)
    assert (nu.titel, nu.omschrijving) == ("Markt", "Van een")
    assert "Van een" in answer.text
    assert hidden(answer.text, "titel") == "Van twee"
    again = twee.post(pad, data=sent(answer.text, titel="Van twee", omschrijving="Van een"))
    assert again.status_code == 302
    [nu] = posted(session, Activiteit)
    assert (nu.titel, nu.omschrijving) == ("Van twee", "Van een")


def pages(platform_id: int, activiteit_id: int) -> list[str]:
    return [
        f"/activiteiten/nieuw/{platform_id}",
        f"/activiteiten/overnemen/{platform_id}",
        *(
            f"/activiteiten/{activiteit_id}/{wat}"
            for wat in ("wijzig", "afgelasten", "intrekken", "publiceren", "doorgaan")
        ),
    ]


def test_another_platform_gets_403_everywhere_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    vreemde = client(make_gebruiker(session, make_platform(session)))
    medewerker = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    velden = filled_activiteit(session, platform, reden="x", versie=1)

    for pad in pages(platform.id, activiteit.id):
        for browser in (vreemde, medewerker):
            assert browser.get(pad).status_code == 403, pad
            if "overnemen" not in pad:
                assert browser.post(pad, data=velden).status_code == 403, pad

    [nu] = posted(session, Activiteit)
    assert (nu.titel, nu.status, nu.versie) == (activiteit.titel, Status.GEPUBLICEERD, 1)


def test_a_visitor_is_sent_to_the_login_page(client: ClientFactory, session: Session) -> None:
    activiteit = make_activiteit(session)

    for pad in pages(activiteit.platform_id, activiteit.id):
        answer = client().get(pad)
        assert answer.status_code == 302
        assert answer.location.startswith("/inloggen")


ACTORS = ("bezoeker", "eigen", "ander", "medewerker", "beheerder")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("wie", ACTORS)
def test_for_every_status_and_actor_list_and_page_agree(
    client: ClientFactory, session: Session, status: Status, wie: str
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=status)
    gebruiker = {
        "bezoeker": lambda: None,
        "eigen": lambda: make_gebruiker(session, platform),
        "ander": lambda: make_gebruiker(session, make_platform(session)),
        "medewerker": lambda: make_gebruiker(session, rol=Rol.MEDEWERKER),
        "beheerder": lambda: make_gebruiker(session, rol=Rol.BEHEERDER),
    }[wie]()
    browser = client(gebruiker)
    openbaar = status in {Status.VERWACHT, Status.GEPUBLICEERD, Status.AFGELAST}

    page = browser.get(f"/activiteiten/{activiteit.id}")
    listed = browser.get("/activiteiten?wanneer=alles")

    expected = openbaar or wie in {"eigen", "beheerder"}
    assert page.status_code == (200 if expected else 404)
    assert (activiteit.titel in listed.text) is expected
    assert (f"/activiteiten/{activiteit.id}/wijzig" in page.text) is (
        wie in {"eigen", "beheerder"} and status is not Status.INGETROKKEN
    )


def do(browser: FlaskClient, activiteit: Activiteit, wat: str, **velden: str) -> int:
    return browser.post(f"/activiteiten/{activiteit.id}/{wat}", data=velden).status_code


def test_calling_off_stays_visible_with_its_reason_and_can_be_undone(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    browser = client(make_gebruiker(session, platform))

    assert "afgelasten?" in browser.get(f"/activiteiten/{activiteit.id}/afgelasten").text
    assert do(browser, activiteit, "afgelasten") == 422
    assert do(browser, activiteit, "afgelasten", reden="Te veel wind") == 302
    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert f"<s>{activiteit.titel}</s>" in page
    assert "Te veel wind" in page
    assert do(browser, activiteit, "doorgaan") == 302

    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert "<s>" not in page
    assert "Gaat niet door. Te veel wind" in page  # what changed stays told
    assert "Gaat toch door." in page


@pytest.mark.parametrize("status", [Status.CONCEPT, Status.GEPUBLICEERD, Status.AFGELAST])
def test_withdrawing_hides_it_and_putting_back_gives_the_old_status(
    client: ClientFactory, session: Session, status: Status
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=status)
    browser = client(make_gebruiker(session, platform))

    assert do(browser, activiteit, "intrekken") == 302
    assert client().get(f"/activiteiten/{activiteit.id}").status_code == 404
    assert browser.get(f"/activiteiten/{activiteit.id}").status_code == 200
    assert do(browser, activiteit, "terugzetten") == 302

    assert posted(session, Activiteit)[0].status is status


def test_asking_twice_for_the_same_is_answered_once(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=Status.CONCEPT)
    browser = client(make_gebruiker(session, platform))

    assert do(browser, activiteit, "publiceren") == 302
    assert do(browser, activiteit, "publiceren") == 302
    assert do(browser, activiteit, "doorgaan") == 302  # goes on already
    assert do(browser, activiteit, "terugzetten") == 409  # was never withdrawn


def test_an_earlier_activity_is_taken_over_but_for_its_date(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    eerder = make_activiteit(session, platform=platform, titel="Kerstmarkt", plek_naam="Plein")
    browser = client(make_gebruiker(session, platform))

    lijst = browser.get(f"/activiteiten/overnemen/{platform.id}").text
    page = browser.get(f"/activiteiten/nieuw/{platform.id}?over={eerder.id}").text

    assert f"over={eerder.id}" in lijst
    assert hidden(page, "titel") == "Kerstmarkt"
    assert hidden(page, "plek") == "Plein"
    assert hidden(page, "van") == "10.00"
    assert hidden(page, "datum") == ""


def test_a_draft_of_another_platform_cannot_be_taken_over(
    client: ClientFactory, session: Session
) -> None:
    vreemd = make_activiteit(session, status=Status.CONCEPT)
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.get(f"/activiteiten/nieuw/{platform.id}?over={vreemd.id}")

    assert answer.status_code == 404


@pytest.mark.parametrize("scherp", SCHERP)
def test_texts_come_out_literally_everywhere(
    client: ClientFactory, session: Session, scherp: str
) -> None:
    platform = make_platform(session, naam=f"Groep {scherp}")
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(
        session, platform, titel=scherp, plek=scherp, omschrijving=scherp, actie="bekijk"
    )
    preview = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden | {"actie": "plaats"})
    [activiteit] = posted(session, Activiteit)
    do(browser, activiteit, "afgelasten", reden=scherp)

    for page in (
        preview,
        browser.get(f"/activiteiten/{activiteit.id}"),
        browser.get(f"/activiteiten/{activiteit.id}/wijzig"),
        browser.get(f"/activiteiten/{activiteit.id}/doorgaan"),
        browser.get(f"/activiteiten/overnemen/{platform.id}"),
    ):
        assert page.status_code == 200
        body = re.sub(r"<script type=\"application/json\".*?</script>", "", page.text, flags=re.S)
        assert scherp in html.unescape(body)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_no_page_asks_more_than_eight_questions(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(session, platform, actie="bekijk")

    for pad in (
        f"/activiteiten/{activiteit.id}",
        f"/activiteiten/{activiteit.id}/wijzig",
        f"/activiteiten/{activiteit.id}/afgelasten",
        f"/activiteiten/nieuw/{platform.id}",
        f"/activiteiten/overnemen/{platform.id}",
        "/activiteiten/nieuw",
        "/activiteiten?q=markt&wanneer=jaar",
        "/activiteiten/die-dag?datum=12-06-2027&kern=1",
    ):
        with counted(session) as statements:
            assert browser.get(pad).status_code in {200, 302}
        assert len(statements) <= 8, (pad, statements)
    with counted(session) as statements:
        assert browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden).status_code == 200
    assert len(statements) <= 8, statements


def test_a_page_names_what_else_there_is_that_day_nearby(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een, twee = (make_activiteit(session, platform=platform) for _ in range(2))
    make_activiteit(session, platform=platform, status=Status.AFGELAST, titel="Afgelast feest")

    page = client().get(f"/activiteiten/{een.id}").text

    assert twee.titel in page
    assert "Afgelast feest" not in page


def test_what_changed_is_told_in_plain_words_and_without_names(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    lid = make_gebruiker(session, platform, naam="Jet Voorbeeld")
    browser = client(lid)
    velden = filled_activiteit(session, platform)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden | {"actie": "concept"})
    [activiteit] = posted(session, Activiteit)
    pad = f"/activiteiten/{activiteit.id}/wijzig"

    for changed in (
        {"titel": "Geheim plan", "actie": "concept"},  # nobody saw it yet
        {"titel": "Boekenmarkt"},
        {"van": "11.00"},
        {"titel": "Platenmarkt", "plek": "Plein", "omschrijving": "Ook platen."},
    ):
        velden |= {"actie": "plaats"} | changed
        versie = hidden(browser.get(pad).text, "versie")
        assert browser.post(pad, data=velden | {"versie": versie}).status_code == 302

    page = client().get(f"/activiteiten/{activiteit.id}").text
    story = html.unescape(page[page.index("Wat is er veranderd?") :])
    for zin in (
        "Voor het eerst in de kalender.",
        "Nieuwe tijd: za 12 juni 2027, 11.00 - 16.00. Was: za 12 juni 2027, 10.00 - 16.00.",
        "Nieuwe naam. Was: Boekenmarkt.",
        "Nieuwe plek. Was: Raadhuisplein.",
        "De uitleg is aangepast.",
    ):
        assert story.count(zin) == 1, zin
    assert "Geheim plan" not in page
    assert "Jet Voorbeeld" not in page
