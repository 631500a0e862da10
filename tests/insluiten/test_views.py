"""On other websites: no script, no cookie, nothing hidden, only where it may be (T25)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import now, today
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform, make_werkzaamheid

VORMEN = ("lijst", "maand", "kaart")


@pytest.fixture
def kern(session: Session) -> Kern:
    """A kern of which a group has a website."""
    kern = make_kern(session, naam="Proefdorp", slug="proefdorp")
    make_platform(session, kernen=[kern], website="https://www.proefdorp.example/over?x=1")
    return kern


def make_here(session: Session, kern: Kern, **values: object) -> None:
    platform = make_platform(session, kernen=[kern])
    begin = now() + timedelta(hours=1)
    moments = {"begint_op": begin, "eindigt_op": begin + timedelta(hours=1)}
    make_activiteit(session, platform=platform, **(moments | values))


@pytest.mark.parametrize("vorm", VORMEN)
def test_a_frame_runs_no_script_sets_no_cookie_and_stands_on_websites_of_groups_only(
    client: ClientFactory, session: Session, kern: Kern, vorm: str
) -> None:
    make_here(session, kern, titel="Boekenmarkt <b>groot</b>")

    answer = client().get(f"/insluiten/proefdorp?vorm={vorm}")

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "frame-ancestors 'self' https://www.proefdorp.example" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Boekenmarkt &lt;b&gt;groot" in answer.text
    assert " style=" not in answer.text


def test_every_other_page_stays_out_of_frames(client: ClientFactory, kern: Kern) -> None:
    for path in (
        "/",
        "/kernen/proefdorp",
        "/kernen/proefdorp/insluiten",
        "/insluiten/bestaat-niet",
    ):
        headers = client().get(path).headers

        assert headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_website_that_is_no_origin_never_enters_the_policy(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    for number, website in enumerate((
        "https://a.example; script-src *", "https://*", "http://[::1]/", "https://b.example:99999/",
        "https://c.example'unsafe-inline'", "https://",
    )):  # fmt: skip
        make_platform(session, naam=f"Groep {number}", kernen=[kern], website=website)

    policy = client().get("/insluiten/proefdorp").headers["Content-Security-Policy"]

    assert policy.count("https://") == 1
    assert policy.endswith("frame-ancestors 'self' https://www.proefdorp.example")


@pytest.mark.parametrize("vorm", VORMEN)
@pytest.mark.parametrize("status", [Status.CONCEPT, Status.INGETROKKEN])
def test_what_is_not_public_stands_in_no_frame(
    client: ClientFactory, session: Session, kern: Kern, vorm: str, status: Status
) -> None:
    make_here(session, kern, titel="Geheime markt", status=status)

    for deel in ("", "&deel=1"):
        assert "Geheime" not in client().get(f"/insluiten/proefdorp?vorm={vorm}{deel}").text


@pytest.mark.parametrize("vorm", VORMEN)
def test_works_stand_there_only_when_asked_for(
    client: ClientFactory, session: Session, kern: Kern, vorm: str
) -> None:
    make_here(session, kern, titel="Boekenmarkt")
    make_werkzaamheid(
        session, titel="Nieuw riool", geom=kern.hart, eerste_dag=today(), laatste_dag=today()
    )

    shown = {
        lagen: client().get(f"/insluiten/proefdorp?vorm={vorm}&lagen={lagen}").text
        for lagen in ("activiteiten", "werkzaamheden", "alles")
    }

    assert ["Boekenmarkt" in text for text in shown.values()] == [True, False, True]
    assert ["Nieuw riool" in text for text in shown.values()] == [False, True, True]


@pytest.mark.parametrize("status", [Status.AFGELAST, Status.VERWACHT])
@pytest.mark.parametrize("vorm", VORMEN)
def test_what_is_not_certain_says_so_in_words(
    client: ClientFactory, session: Session, kern: Kern, vorm: str, status: Status
) -> None:
    make_here(session, kern, status=status)

    text = client().get(f"/insluiten/proefdorp?vorm={vorm}").text

    words = {
        Status.AFGELAST: r"Afgelast|gaat niet door",
        Status.VERWACHT: r"Verwacht|nog niet zeker",
    }
    assert re.search(words[status], text)


@pytest.mark.parametrize(
    ("args", "zin"),
    [
        ("vorm=rondje", "Kies uit lijst, maand, kaart."),
        ("lagen=geheim", "Kies uit"),
        ("kleur=red", "Vul een kleur in"),
        ("kleur=ffff00", "te licht"),
        ("kleur=0e4a58;}body{}", "Vul een kleur in"),
        ("aantal=0", "1 tot en met 50"),
        ("aantal=²", "1 tot en met 50"),
        ("maand=2027-13", "Schrijf een maand"),
        ("onzin=1", "kennen we hier niet"),
    ],
)
def test_a_code_that_is_wrong_says_so_within_the_frame(
    client: ClientFactory, kern: Kern, args: str, zin: str
) -> None:
    answer = client().get(f"/insluiten/proefdorp?{args}")

    assert answer.status_code == 422
    assert zin in answer.text
    assert "proefdorp.example" in answer.headers["Content-Security-Policy"]


def test_an_own_colour_is_used_and_nothing_else_of_it(client: ClientFactory, kern: Kern) -> None:
    text = client().get("/insluiten/proefdorp?kleur=A31").text

    [vel] = re.findall(r'href="(/insluiten/kleur-[^"]+)"', text)
    assert client().get(vel).text == ":root { --ki-kleur: #aa3311; }\n"


@pytest.mark.parametrize("kleur", ["ffff00", "red", "000;}*{}", "zz", "%0a"])
def test_no_other_style_comes_from_the_address_of_a_colour(
    client: ClientFactory, kleur: str
) -> None:
    assert client().get(f"/insluiten/kleur-{kleur}.css").status_code == 404


def test_a_part_may_be_read_by_any_website_and_is_not_sent_twice(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    make_here(session, kern)
    first = client().get("/insluiten/proefdorp?deel=1")
    again = client().get(
        "/insluiten/proefdorp?deel=1", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.text.startswith('<div class="ki ')
    assert (again.status_code, again.data) == (304, b"")


def test_on_the_map_each_number_leads_to_its_row(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    for dx in (0, 150):
        make_here(session, kern, geom=type(kern.hart)(kern.hart.x + dx, kern.hart.y))

    text = client().get("/insluiten/proefdorp?vorm=kaart").text

    assert set(re.findall(r'href="#n(\d+)"', text)) <= set(re.findall(r'id="n(\d+)"', text))
    assert text.count("<circle") >= 1


@pytest.mark.parametrize("naam", ["kernen-kaart.js", "insluiten.css"])
def test_the_component_keeps_its_address_and_may_be_used_anywhere(
    client: ClientFactory, naam: str
) -> None:
    answer = client().get(f"/insluiten/{naam}")
    again = client().get(f"/insluiten/{naam}", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert again.status_code == 304


def test_oembed_gives_the_code_for_the_page_of_a_kern(client: ClientFactory, kern: Kern) -> None:
    url = "http://localhost/kernen/proefdorp"

    answer = client().get(f"/oembed?url={url}&maxwidth=300&format=json").json

    assert (answer["version"], answer["type"], answer["width"]) == ("1.0", "rich", 300)
    assert (
        'src="http://localhost/insluiten/proefdorp?vorm=lijst&amp;lagen=activiteiten"'
        in answer["html"]
    )


@pytest.mark.parametrize(
    ("args", "status"),
    [
        ("url=http://elders.example/kernen/proefdorp", 404),
        ("url=http://localhost/over", 404),
        ("url=http://localhost/kernen/nergens", 404),
        ("", 404),
        ("url=http://localhost/kernen/proefdorp&format=xml", 501),
        ("url=http://localhost/kernen/proefdorp&maxwidth=breed", 422),
    ],
)
def test_oembed_refuses_what_it_has_no_code_for(
    client: ClientFactory, kern: Kern, args: str, status: int
) -> None:
    assert client().get(f"/oembed?{args}").status_code == status


def test_the_page_with_the_code_names_the_websites_that_may_and_explains_a_bad_colour(
    client: ClientFactory, app: Flask, kern: Kern
) -> None:
    good = client().get("/kernen/proefdorp/insluiten?vorm=maand&kleur=a31b12")
    bad = client().get("/kernen/proefdorp/insluiten?kleur=ff0")

    assert "www.proefdorp.example" in good.text
    assert "vorm=maand&amp;amp;lagen=activiteiten&amp;amp;kleur=a31b12" in good.text
    assert "frame-src 'self'" in good.headers["Content-Security-Policy"]
    assert bad.status_code == 422
    assert 'id="kleur-fout"' in bad.text
    assert 'value="ff0"' in bad.text
