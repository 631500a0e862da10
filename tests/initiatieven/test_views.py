"""Pages of initiatives: who sees and may do what, and that nothing typed is lost."""

import html
import re
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort, Status
from kernenkaart.initiatieven.policy import VERBORGEN
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_initiatief, make_platform
from tests.formulieren import SCHERP, chosen, counted, hidden, posted


def filled(session: Session, platform: Platform, **velden: Any) -> dict[str, Any]:
    soort = session.scalars(select(InitiatiefSoort.id)).first()
    return {
        "titel": "Voedselbos",
        "soort": soort,
        "status": "zoekt_helpers",
        "wie": "Bewoners van de dijk",
        "plek": "Dorpsbos",
        "kern": platform.kernen[0].id,
        "omschrijving": "Kom planten.",
        "sleutel": str(uuid.uuid4()),
        "actie": "plaats",
    } | velden


def test_a_platform_posts_an_initiative(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(f"/initiatieven/nieuw/{platform.id}", data=filled(session, platform))

    [initiatief] = posted(session, Initiatief)
    assert (initiatief.status, initiatief.wie) == (Status.ZOEKT_HELPERS, "Bewoners van de dijk")
    assert initiatief.geom is not None
    assert initiatief.geom.equals(platform.kernen[0].hart)
    page = browser.get(answer.location).text
    assert "Voedselbos staat nu op de kaart" in page
    assert "Zoekt helpers" in page


@pytest.mark.parametrize(
    ("velden", "veld"),
    [
        ({"titel": ""}, "titel"),
        ({"soort": ""}, "soort"),
        ({"status": ""}, "status"),
        ({"status": "ingetrokken"}, "status"),
        ({"status": "concept"}, "status"),
        ({"kern": "", "plek": ""}, "kern"),
        ({"wie": "x" * 201}, "wie"),
    ],
)
def test_a_mistake_gets_a_sentence_beside_its_field_and_loses_nothing(
    client: ClientFactory, session: Session, velden: dict[str, Any], veld: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/initiatieven/nieuw/{platform.id}", data=filled(session, platform, **velden)
    )

    assert answer.status_code == 422
    assert f'id="{veld}-fout"' in answer.text
    assert "Kom planten." in answer.text
    assert posted(session, Initiatief) == []


def test_a_draft_is_kept_and_placed_and_its_status_changed(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie="concept")

    first = browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden)
    [concept] = posted(session, Initiatief)
    assert concept.status is Status.CONCEPT
    pad = f"/initiatieven/{concept.id}/wijzig"
    for status, actie in (("idee", "plaats"), ("klaar", "plaats")):
        versie = hidden(browser.get(pad).text, "versie")
        browser.post(pad, data=velden | {"actie": actie, "status": status, "versie": versie})
        assert posted(session, Initiatief)[0].status == status

    assert "Bewaard als concept om" in browser.get(first.location).text
    page = client().get(f"/initiatieven/{concept.id}").text
    assert "Nu: klaar." in page
    assert "Voor het eerst op de kaart." in page


def test_a_draft_remembers_the_status_that_was_chosen(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie="concept", status="bijna_klaar")
    browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden)
    [concept] = posted(session, Initiatief)
    pad = f"/initiatieven/{concept.id}"

    first = browser.get(f"{pad}/wijzig").text
    browser.post(f"{pad}/intrekken")
    browser.post(f"{pad}/terugzetten")
    again = browser.get(f"{pad}/wijzig").text

    for page in (first, again):
        assert chosen(page, "status") == "bijna_klaar"
    placed = velden | {"actie": "plaats", "versie": hidden(again, "versie")}
    assert browser.post(f"{pad}/wijzig", data=placed).status_code == 302
    [initiatief] = posted(session, Initiatief)
    assert (initiatief.status, initiatief.status_straks) == (Status.BIJNA_KLAAR, None)


@pytest.mark.parametrize("actie", ["concept", "plaats"])
def test_the_same_form_sent_twice_makes_one(
    client: ClientFactory, session: Session, actie: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie=actie)

    browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden)
    second = browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden)

    [initiatief] = posted(session, Initiatief)
    assert second.location.startswith(f"/initiatieven/{initiatief.id}?")


def test_the_second_of_two_editors_is_told(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    initiatief = make_initiatief(session, platform=platform, titel="Bos")
    een, twee = (client(make_gebruiker(session, platform)) for _ in range(2))
    pad = f"/initiatieven/{initiatief.id}/wijzig"
    pages = een.get(pad).text, twee.get(pad).text

    def sent(page: str, **velden: str) -> dict[str, Any]:
        found = {naam: hidden(page, naam) for naam in ("lon", "lat", "versie", "was", "titel")}
        return filled(session, platform, wie="", plek="") | found | velden

    een.post(pad, data=sent(pages[0], titel="Groot bos"))
    answer = twee.post(pad, data=sent(pages[1], titel="Klein bos"))

    assert answer.status_code == 409
    assert posted(session, Initiatief)[0].titel == "Groot bos"
    assert "Groot bos" in answer.text
    assert hidden(answer.text, "titel") == "Klein bos"


def test_another_platform_gets_403_everywhere_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    initiatief = make_initiatief(session, platform=platform)
    vreemde = client(make_gebruiker(session, make_platform(session)))
    medewerker = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    velden = filled(session, platform, versie=1)

    for pad in (
        f"/initiatieven/nieuw/{platform.id}",
        f"/initiatieven/{initiatief.id}/wijzig",
        f"/initiatieven/{initiatief.id}/intrekken",
        f"/initiatieven/{initiatief.id}/terugzetten",
    ):
        for browser in (vreemde, medewerker):
            assert browser.get(pad).status_code == 403, pad
            assert browser.post(pad, data=velden).status_code == 403, pad
        assert client().get(pad).status_code == 302

    assert posted(session, Initiatief)[0].versie == 1


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("wie", ["bezoeker", "eigen", "ander", "medewerker", "beheerder"])
def test_for_every_status_and_actor_list_and_page_agree(
    client: ClientFactory, session: Session, status: Status, wie: str
) -> None:
    platform = make_platform(session)
    initiatief = make_initiatief(session, platform=platform, status=status)
    gebruiker = {
        "bezoeker": lambda: None,
        "eigen": lambda: make_gebruiker(session, platform),
        "ander": lambda: make_gebruiker(session, make_platform(session)),
        "medewerker": lambda: make_gebruiker(session, rol=Rol.MEDEWERKER),
        "beheerder": lambda: make_gebruiker(session, rol=Rol.BEHEERDER),
    }[wie]()
    browser = client(gebruiker)

    page = browser.get(f"/initiatieven/{initiatief.id}")
    listed = browser.get("/initiatieven")

    expected = status not in VERBORGEN or wie in {"eigen", "beheerder"}
    assert page.status_code == (200 if expected else 404)
    assert (initiatief.titel in listed.text) is expected


@pytest.mark.parametrize("status", [Status.CONCEPT, Status.IDEE, Status.KLAAR])
def test_withdrawing_hides_it_and_putting_back_gives_the_old_status(
    client: ClientFactory, session: Session, status: Status
) -> None:
    platform = make_platform(session)
    initiatief = make_initiatief(session, platform=platform, status=status)
    browser = client(make_gebruiker(session, platform))

    assert browser.get(f"/initiatieven/{initiatief.id}/intrekken").status_code == 200
    gone = browser.post(f"/initiatieven/{initiatief.id}/intrekken")
    assert client().get(f"/initiatieven/{initiatief.id}").status_code == 404
    assert "Zet het terug" in browser.get(gone.location).text
    back = browser.post(f"/initiatieven/{initiatief.id}/terugzetten")

    assert back.status_code == 302
    assert posted(session, Initiatief)[0].status is status


@pytest.mark.parametrize("scherp", SCHERP)
def test_texts_come_out_literally_everywhere(
    client: ClientFactory, session: Session, scherp: str
) -> None:
    platform = make_platform(session, naam=f"Groep {scherp}")
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, titel=scherp, wie=scherp, plek=scherp, omschrijving=scherp)
    preview = browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden | {"actie": "bekijk"})
    browser.post(f"/initiatieven/nieuw/{platform.id}", data=velden)
    [initiatief] = posted(session, Initiatief)

    for page in (
        preview,
        browser.get(f"/initiatieven/{initiatief.id}"),
        browser.get(f"/initiatieven/{initiatief.id}/wijzig"),
        browser.get("/initiatieven"),
    ):
        assert page.status_code == 200
        body = re.sub(r"<script type=\"application/json\".*?</script>", "", page.text, flags=re.S)
        assert scherp in html.unescape(body)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_no_page_asks_more_than_eight_questions(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    initiatief = make_initiatief(session, platform=platform)
    browser = client(make_gebruiker(session, platform))

    for pad in (
        f"/initiatieven/{initiatief.id}",
        f"/initiatieven/{initiatief.id}/wijzig",
        f"/initiatieven/nieuw/{platform.id}",
        "/initiatieven",
    ):
        with counted(session) as statements:
            assert browser.get(pad).status_code == 200
        assert len(statements) <= 8, (pad, statements)
