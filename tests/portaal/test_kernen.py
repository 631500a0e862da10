import re
from datetime import time, timedelta

import pytest
from markupsafe import escape
from shapely.geometry import LineString, MultiPolygon, box
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.kernen.models import Spreekuur
from kernenkaart.platforms.models import PlatformRelatie, RelatieSoort, Zichtbaarheid
from kernenkaart.tijd import today
from kernenkaart.toegang.models import Toewijzing
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    add,
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_kern,
    make_organisatie,
    make_platform,
    make_project,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import SCHERP, counted


def work_in(session: Session, kern, **values):
    x, y = kern.hart.x, kern.hart.y
    return make_werkzaamheid(session, geom=LineString([(x, y), (x + 50, y)]), **values)


def test_a_kern_page_tells_what_comes_what_is_dug_up_and_what_residents_start(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    titels = [
        make_activiteit(session, platform=platform).titel,
        work_in(session, kern).titel,
        make_project(session, geom=kern.hart.buffer(20)).titel,
        make_initiatief(session, platform=platform).titel,
        platform.naam,
    ]

    page = client().get(f"/kernen/{kern.slug}")

    assert page.status_code == 200
    assert [titel for titel in titels if titel not in page.text] == []
    assert "Set-Cookie" not in page.headers


def test_what_lies_on_the_boundary_stands_on_the_page_of_both_kernen(
    client: ClientFactory, session: Session
) -> None:
    west = make_kern(session, grens=multi(box(X, Y - 9_000, X + 1_000, Y - 8_000)))
    oost = make_kern(session, grens=multi(box(X + 1_000, Y - 9_000, X + 2_000, Y - 8_000)))
    werk = make_werkzaamheid(
        session, geom=LineString([(X + 900, Y - 8_500), (X + 1_200, Y - 8_500)])
    )

    for kern in (west, oost):
        assert werk.titel in client().get(f"/kernen/{kern.slug}").text


def multi(vlak):
    return MultiPolygon([vlak])


def test_the_number_above_a_block_is_what_the_list_counts(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    for dag in range(1, 8):
        make_activiteit(
            session, platform=platform, begint_op=moment(dag), eindigt_op=moment(dag, 12)
        )

    page = client().get(f"/kernen/{kern.slug}").text
    lijst = client().get(f"/activiteiten?kern={kern.slug}&wanneer=alles").text

    assert "Alle 7 activiteiten" in page
    assert page.count('data-sleutel="activiteit-') == 4
    assert "7 gevonden" in lijst


def test_what_is_over_is_not_announced(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    voorbij = make_activiteit(
        session, platform=platform, begint_op=moment(-2, 10), eindigt_op=moment(-2, 12)
    )
    klaar = work_in(
        session,
        kern,
        eerste_dag=today() - timedelta(days=20),
        laatste_dag=today() - timedelta(days=10),
        status=Status.KLAAR,
    )

    page = client().get(f"/kernen/{kern.slug}").text

    assert voorbij.titel not in page
    assert "Er is nu geen werk gepland" in page
    assert "Pas klaar" in page
    assert klaar.titel in page


def test_an_empty_kern_offers_ways_out_that_are_counted(
    client: ClientFactory, session: Session
) -> None:
    leeg = make_kern(session, grens=multi(box(X, Y - 19_000, X + 1_000, Y - 18_000)))
    buur = make_kern(session, grens=multi(box(X + 1_000, Y - 19_000, X + 2_000, Y - 18_000)))
    platform = make_platform(session, kernen=[buur])
    for _ in range(3):
        make_activiteit(session, platform=platform)

    page = client().get(f"/kernen/{leeg.slug}").text

    assert f"Er staat nog niets in de kalender van {leeg.naam}." in page
    assert f"Kijk in {buur.naam} (3)" in page
    assert f"{leeg.naam} heeft nog geen dorpsplatform." in page


def test_a_group_says_to_which_group_it_belongs_and_whom_a_message_reaches(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    raad = make_platform(
        session, kernen=[kern], contact_rol="secretaris", contact_email="geheim@voorbeeld.example"
    )
    groep = make_platform(session, kernen=[kern])
    add(
        session,
        PlatformRelatie(van_id=groep.id, naar_id=raad.id, soort=RelatieSoort.HOORT_BIJ),
    )

    page = client().get(f"/kernen/{kern.slug}").text

    assert f"Hoort bij {raad.naam}" in page
    assert "Stuur de secretaris een bericht" in page
    assert f"/contact/platform/{raad.id}" in page
    assert f"/contact/platform/{groep.id}" not in page
    assert "geheim@" not in page


@pytest.mark.parametrize(
    ("zichtbaarheid", "rol", "ziet"),
    [
        (Zichtbaarheid.OPENBAAR, None, True),
        (Zichtbaarheid.INTERN, None, False),
        (Zichtbaarheid.INTERN, Rol.KETENPARTNER, False),
        (Zichtbaarheid.INTERN, Rol.MEDEWERKER, True),
        (Zichtbaarheid.VERBORGEN, Rol.MEDEWERKER, False),
        (Zichtbaarheid.VERBORGEN, Rol.GEBIEDSMAKELAAR, False),
        (Zichtbaarheid.VERBORGEN, Rol.BEHEERDER, True),
    ],
)
def test_a_group_is_seen_by_whom_it_is_meant_for(
    client: ClientFactory, session: Session, zichtbaarheid, rol, ziet
) -> None:
    platform = make_platform(
        session, zichtbaarheid=zichtbaarheid, contact_email="a@voorbeeld.example"
    )
    wie = rol and make_gebruiker(session, rol=rol, organisatie_id=make_organisatie(session).id)
    browser = client(wie)

    page = browser.get(f"/kernen/{platform.kernen[0].slug}").text
    contact = browser.get(f"/contact/platform/{platform.id}")

    assert (platform.naam in page) is ziet
    assert contact.status_code == (200 if ziet else 404)


def test_the_gebiedsmakelaar_of_today_stands_there_with_the_weekly_hour(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, naam="Boomdorp", slug="boomdorp")
    makelaar = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[kern])
    add(
        session,
        Spreekuur(
            gebruiker_id=makelaar.id,
            kern_id=kern.id,
            weekdag=4,
            van=time(9),
            tot=time(11),
            plek="Dorpshuis",
        ),
    )

    page = client().get("/kernen/boomdorp").text

    assert makelaar.naam in page
    assert "do 9.00 - 11.00, Dorpshuis Boomdorp" in page
    assert makelaar.email not in page


def test_a_gebiedsmakelaar_who_left_is_no_longer_named(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    vorige = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR)
    add(
        session,
        Toewijzing(
            gebruiker_id=vorige.id,
            kern_id=kern.id,
            van=today() - timedelta(days=9),
            tot=today() - timedelta(days=1),
        ),
    )

    page = client().get(f"/kernen/{kern.slug}").text

    assert vorige.naam not in page
    assert "heeft nu geen gebiedsmakelaar" in page


def test_a_kern_that_does_not_exist_is_a_404(client: ClientFactory) -> None:
    assert client().get("/kernen/nergenshuizen").status_code == 404


def test_the_list_of_kernen_counts_what_each_has_from_today(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    make_activiteit(session, platform=platform)
    make_activiteit(session, platform=platform)
    make_activiteit(session, platform=platform, begint_op=moment(-2, 10), eindigt_op=moment(-2, 12))

    page = client().get("/kernen").text

    assert f'href="/kernen/{kern.slug}"' in page
    assert f'kern={kern.slug}&amp;wanneer=alles">2<span' in page


@pytest.mark.parametrize("rol", [None, Rol.MEDEWERKER])
def test_a_page_of_kernen_asks_at_most_eight_questions(
    client: ClientFactory, session: Session, rol
) -> None:
    platform = make_platform(session)
    vol = platform.kernen[0]
    for _ in range(6):
        make_activiteit(session, platform=platform)
        work_in(session, vol)
        make_platform(session, kernen=[vol])
    leeg = make_kern(session)
    browser = client(rol and make_gebruiker(session, rol=rol))

    for pad in (f"/kernen/{vol.slug}", f"/kernen/{leeg.slug}", "/kernen"):
        with counted(session) as statements:
            assert browser.get(pad).status_code == 200
        assert len(statements) <= 8, (pad, statements)


@pytest.mark.parametrize("tekst", SCHERP)
def test_texts_come_out_literally(client: ClientFactory, session: Session, tekst: str) -> None:
    kern = make_kern(session, naam=tekst)
    platform = make_platform(session, kernen=[kern], naam=f"{tekst}.", omschrijving=tekst)
    make_activiteit(session, platform=platform, titel=tekst, plek_naam=tekst)

    page = client().get(f"/kernen/{kern.slug}")

    assert page.status_code == 200
    assert str(escape(tekst)) in page.text
    assert "<img src=x" not in page.text
    assert "<script>alert" not in page.text


def test_a_kept_page_costs_one_question_and_has_a_nonce_of_its_own(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    eerst = client().get(f"/kernen/{kern.slug}")

    with counted(session) as statements:
        daarna = client().get(f"/kernen/{kern.slug}")

    assert len(statements) == 1
    nonces = [
        re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])[1]
        for page in (eerst, daarna)
    ]
    assert nonces[0] != nonces[1]
    assert nonces[1] in daarna.text
    assert nonces[0] not in daarna.text
    assert eerst.text.replace(nonces[0], nonces[1]) == daarna.text


def test_a_kept_page_is_made_anew_when_something_changes(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    pad = f"/kernen/{platform.kernen[0].slug}"
    client().get(pad)

    activiteit = make_activiteit(session, platform=platform)
    assert activiteit.titel in client().get(pad).text

    platform.naam = "Nieuwe naam"
    session.flush()
    assert "Nieuwe naam" in client().get(pad).text


def test_what_staff_sees_is_not_kept_for_visitors(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session, zichtbaarheid=Zichtbaarheid.INTERN)
    pad = f"/kernen/{platform.kernen[0].slug}"

    staf = client(make_gebruiker(session, rol=Rol.MEDEWERKER)).get(pad)

    assert platform.naam in staf.text
    assert "no-store" in staf.headers["Cache-Control"]
    assert platform.naam not in client().get(pad).text
