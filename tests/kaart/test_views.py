"""The home page over HTTP: complete without JavaScript, few statements, kept for visitors only."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.actor import Rol
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder, Hinderregel
from kernenkaart.werkzaamheden.models import Status as WerkStatus
from tests.conftest import ClientFactory
from tests.factories import (
    add,
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_platform,
    make_werkzaamheid,
    moment,
)

JSON_BLOK = re.compile(r'type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


def map_of(page: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(JSON_BLOK.findall(page)[0])
    return data


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """The statements that go over ``connection``; savepoints of the test harness left out."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def werk(session: Session) -> Kern:
    """A kern with an activity, and a work in its Kerkstraat that goes on tomorrow."""
    kern = make_kern(session, naam="Tricht", slug="tricht")
    west, zuid = kern.grens.bounds[:2]
    make_activiteit(
        session,
        platform=make_platform(session, kernen=[kern]),
        begint_op=moment(0, 0),
        eindigt_op=moment(9, 0),
    )
    werkzaamheid = make_werkzaamheid(
        session,
        titel="Glasvezel",
        plek_naam="Kerkstraat",
        geom=LineString([(west + 10, zuid + 10), (west + 110, zuid + 10)]),
        eerste_dag=today(),
        laatste_dag=today().replace(year=today().year + 1),
        hinder=Hinder.BEPERKT,
        hinder_kort="Stoep dicht",
    )
    add(
        session,
        Hinderregel(
            werkzaamheid_id=werkzaamheid.id,
            volgorde=1,
            wie="Voetgangers",
            niveau=Hinder.BEPERKT,
            tekst="Gebruik de stoep aan de overkant.",
        ),
    )
    return kern


@pytest.mark.parametrize(
    "vraag",
    [
        "",
        "?kern=tricht",
        "?q=kerkstraat",
        "?q=bestaat-niet&kern=tricht&soort=werkzaamheden&wanneer=maand",
        "?gekozen=werkzaamheid-{id}&wanneer=alles",
        "?kader=5,51.8,5.4,51.9&zoom=14&q=kerkstraat&gekozen=werkzaamheid-{id}",
    ],
)
def test_a_page_asks_at_most_eight_statements(
    client: ClientFactory, session: Session, connection: Connection, werk: Kern, vraag: str
) -> None:
    session.flush()
    browser = client()

    with statements(connection) as seen:
        response = browser.get("/" + vraag.format(id=1))

    assert response.status_code == 200
    assert len(seen) <= 8, seen


def test_a_kept_page_asks_only_the_version(
    client: ClientFactory, connection: Connection, werk: Kern
) -> None:
    browser = client()
    first = browser.get("/?kern=tricht")

    with statements(connection) as seen:
        second = browser.get("/?kern=tricht")

    assert len(seen) == 1
    nonces = [set(re.findall(r'nonce="([^"]+)"', page.text)) for page in (first, second)]
    assert [len(nonce) for nonce in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    assert nonces[1].pop() in second.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in second.headers


def test_a_kept_page_goes_when_something_changes(
    client: ClientFactory, session: Session, werk: Kern
) -> None:
    browser = client()
    browser.get("/")
    make_activiteit(session, titel="Nieuw feest")

    assert "Nieuw feest" in browser.get("/").text


def test_what_one_person_sees_is_kept_for_nobody(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    make_activiteit(session, platform=platform, titel="Geheim plan", status=Status.CONCEPT)
    lid = make_gebruiker(session, platform)

    own, other = client(lid), client()  # both at once: making one forgets what was kept

    assert "Geheim plan" in own.get("/").text
    assert "Geheim plan" not in other.get("/").text
    assert "Geheim plan" in own.get("/").text
    assert own.get("/").headers["Cache-Control"] == "no-store"


def test_the_list_and_the_embedded_map_say_the_same(client: ClientFactory, werk: Kern) -> None:
    page = client().get("/").text

    data = map_of(page)
    op_kaart = len(data["dingen"]) + sum(groep["n"] for groep in data["groepen"])  # type: ignore[arg-type,attr-defined,misc]
    assert re.search(r"<strong>(\d+) gevonden", page)[1] == "2"  # type: ignore[index]
    assert op_kaart == 2
    assert page.count("data-sleutel=") == 2


def test_the_part_is_the_page(client: ClientFactory, werk: Kern) -> None:
    vraag = "?kern=tricht&wanneer=alles"

    page, part = client().get("/" + vraag).text, client().get("/kaart/deel" + vraag).text

    assert map_of(page) == map_of(part)
    assert re.findall(r'data-sleutel="([^"]+)', page) == re.findall(r'data-sleutel="([^"]+)', part)


def test_is_my_street_open_tomorrow(client: ClientFactory, werk: Kern) -> None:
    page = client().get("/?q=kerkstraat").text

    antwoord = page[page.index("kk-antwoord") :]
    assert "kerkstraat: morgen" in antwoord
    assert "Stoep dicht" in antwoord
    assert "Voetgangers: Gebruik de stoep aan de overkant." in antwoord


@pytest.mark.parametrize("status", [WerkStatus.KLAAR, WerkStatus.VERVALLEN, WerkStatus.UITGESTELD])
def test_a_work_that_does_not_go_on_is_not_in_the_way(
    client: ClientFactory, session: Session, status: WerkStatus
) -> None:
    make_werkzaamheid(
        session,
        plek_naam="Kerkstraat",
        status=status,
        eerste_dag=today(),
        laatste_dag=today().replace(year=today().year + 1),
    )

    assert "kk-antwoord" not in client().get("/?q=kerkstraat").text


def test_the_name_of_a_kern_is_that_kern(client: ClientFactory, werk: Kern) -> None:
    page = client().get("/?q=TRICHT").text

    assert map_of(page)["kern"] == "tricht"
    assert "2 gevonden" in page


def test_the_chosen_thing_has_its_card_and_its_row_without_javascript(
    client: ClientFactory, session: Session
) -> None:
    dingen = [
        make_activiteit(
            session, begint_op=moment(n, 10), eindigt_op=moment(n, 11), titel=f"Ding {n}"
        )
        for n in range(1, 4)
    ]

    page = client().get(f"/?wanneer=alles&gekozen=activiteit-{dingen[1].id}").text

    kaart = page[page.index("kk-onderkaart") :]
    assert "Ding 2" in kaart
    assert "2 van 3" in kaart
    assert f"gekozen=activiteit-{dingen[2].id}" in kaart
    assert page.count('aria-current="true"') == 1


def test_a_chosen_thing_further_down_stands_on_top_of_the_list(
    client: ClientFactory, session: Session
) -> None:
    dingen = [
        make_activiteit(session, begint_op=moment(n, 10), eindigt_op=moment(n, 11))
        for n in range(1, 15)
    ]

    page = client().get(f"/?wanneer=alles&gekozen=activiteit-{dingen[13].id}").text

    assert "Gekozen op de kaart" in page
    assert page.count("data-sleutel=") == 11


def test_every_row_can_be_reached_by_links(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    for n in range(23):
        make_activiteit(session, platform=platform, titel=f"Ding {n:02}")
    browser = client()

    seen: set[str] = set()
    url = "/?wanneer=alles"
    while url:
        page = browser.get(url).text
        seen |= set(re.findall(r"Ding \d\d", page))
        more = re.search(r'data-meer>\s*<a class="[^"]*" href="([^"]+)"', page)
        url = more[1].replace("&amp;", "&") if more else ""

    assert len(seen) == 23


def test_beyond_a_full_page_comes_the_next(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    for n in range(103):
        make_activiteit(session, platform=platform, titel=f"Ding {n:03}")

    eerste = client().get("/?wanneer=alles&aantal=100").text
    tweede = client().get("/?wanneer=alles&aantal=100&vanaf=100").text

    assert "Volgende 100" in eerste
    assert "vanaf=100" in eerste
    assert tweede.count("data-sleutel=") == 3
    assert "Vorige 100" in tweede


def test_nothing_found_offers_ways_out_with_their_outcome(
    client: ClientFactory, werk: Kern
) -> None:
    page = client().get("/?q=Dorpsstraat&kern=tricht&soort=projecten&wanneer=maand").text

    assert "Niets gevonden bij “Dorpsstraat”" in page
    assert "Je zocht naar projecten in Tricht, deze maand." in page
    uitwegen = re.findall(r"<b>([^<]+)</b> <span>([^<]+)</span>", page)
    assert ("Alle soorten in Tricht", "2 gevonden") in uitwegen


@pytest.mark.parametrize(
    ("vraag", "veld"),
    [
        ("wanneer=zelf&van=31-02-2027", "f-van"),
        ("wanneer=zelf&van=12-06-2027&tot=11-06-2027", "f-tot"),
        ("soort=onzin", "f-soort"),
        ("wanneer=ooit", "f-wanneer"),
        ("kern=!!", "f-kern"),
    ],
)
def test_bad_input_gets_a_sentence_beside_its_field(
    client: ClientFactory, vraag: str, veld: str
) -> None:
    response = client().get(f"/?{vraag}")

    assert response.status_code == 422
    assert f'id="{veld}-fout"' in response.text
    typed = re.search(r"van=([\d-]+)", vraag)
    assert not typed or f'value="{typed[1]}"' in response.text


@pytest.mark.parametrize(
    "vraag",
    [
        "q=%00",
        "q=" + "x" * 5_000,
        "gekozen=activiteit-99999999999999999999",
        "gekozen=wegen-1",
        "aantal=-5",
        "aantal=99999",
        "vanaf=99999999",
        "laag=onzin",
        "soort=werkzaamheden.bestaat-niet",
    ],
)
def test_nonsense_in_the_address_is_a_page(client: ClientFactory, werk: Kern, vraag: str) -> None:
    assert client().get(f"/?{vraag}").status_code == 200


def test_the_base_map_is_small_numbers_under_an_address_of_its_own(
    client: ClientFactory, session: Session, werk: Kern
) -> None:
    page = client().get("/").text
    url = re.search(r"/kaart/kernen-\d+\.json", page)[0]  # type: ignore[index]

    response = client().get(url)

    assert "immutable" in response.headers["Cache-Control"]
    body = response.get_json()
    kern = next(kern for kern in body["kernen"] if kern["slug"] == "tricht")
    x, y = kern["ringen"][0][:2]
    assert abs(x / body["schaal"] - kern["hart"][0]) < 0.02
    assert abs(y / body["schaal"] - kern["hart"][1]) < 0.02
    assert client().get("/kaart/kernen-999999999.json").status_code == 302


def test_staff_see_what_is_internal(client: ClientFactory, session: Session) -> None:
    make_werkzaamheid(session, titel="Intern werk", openbaar=False, geom=Point(140_000, 430_000))
    medewerker = make_gebruiker(session, rol=Rol.MEDEWERKER)

    assert "Intern werk" in client(medewerker).get("/?wanneer=alles").text
    assert "Intern werk" not in client().get("/?wanneer=alles").text


def test_a_kern_that_is_not_there_is_told_beside_its_field(client: ClientFactory) -> None:
    response = client().get("/?kern=atlantis")

    assert response.status_code == 422
    assert "Deze kern bestaat niet. Kies een kern uit de lijst." in response.text


def test_days_in_an_address_are_asked_for_without_saying_so_twice(
    client: ClientFactory, session: Session
) -> None:
    make_activiteit(session, titel="Ver weg", begint_op=moment(400, 10), eindigt_op=moment(400, 12))
    dag = moment(400, 10).strftime("%d-%m-%Y")

    page = client().get(f"/?van={dag}&tot={dag}").text

    assert "Ver weg" in page
    assert '<option value="zelf" selected>' in page
