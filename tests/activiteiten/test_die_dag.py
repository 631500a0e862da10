"""Die dag is er ook: first the same hall, then the same people, then what is near; and works."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from shapely.affinity import translate
from shapely.geometry import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Doelgroep
from kernenkaart.kernen.models import Kern
from kernenkaart.werkzaamheden.models import Status as WerkStatus
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_platform,
    make_werkzaamheid,
    make_zaal,
)
from tests.formulieren import counted, filled_activiteit, posted


def doelgroep(session: Session, code: str) -> int:
    return session.scalars(select(Doelgroep.id).where(Doelgroep.code == code)).one()


def told(page: str) -> list[str]:
    """The lines of the box, as text."""
    box = re.findall(r"Die dag is er ook.*?<ul>(.*?)</ul>", page, re.S)
    lines = re.findall(r"<li>(.*?)</li>", box[0], re.S) if box else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", line)).split()) for line in lines]


def ask(browser: FlaskClient, activiteit: Activiteit, kern: Kern, **vraag: object) -> list[str]:
    dag = f"{activiteit.begint_op:%d-%m-%Y}"
    answer = browser.get(
        "/activiteiten/die-dag", query_string={"datum": dag, "kern": kern.id} | vraag
    )
    assert answer.status_code == 200
    return told(answer.text)


def test_the_same_hall_comes_first_then_the_same_people_then_what_is_near(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    zaal = make_zaal(session, kern)
    kinderen = doelgroep(session, "kinderen")
    dichtbij = make_activiteit(session, geom=kern.hart, titel="Dichtbij")
    make_activiteit(
        session,
        geom=translate(kern.hart, yoff=-9_000),
        titel="Ook voor kinderen ver weg",
        doelgroep_id=kinderen,
    )
    make_activiteit(session, zaal_id=zaal.id, geom=None, kern_id=kern.id, titel="In de zaal")
    browser = client(make_gebruiker(session, make_platform(session, kernen=[kern])))

    lines = ask(browser, dichtbij, kern, zaal=zaal.id, doelgroep=kinderen)

    assert [line.split(",")[0] for line in lines] == [
        "In de zaal",
        "Ook voor kinderen ver weg",
        "Dichtbij",
    ]
    assert lines[0].endswith(", in dezelfde zaal.")
    assert lines[1].endswith("kilometer verderop. Ook voor kinderen.")


@pytest.mark.parametrize(
    ("afstand_m", "voor", "verwacht"),
    [
        (9_990, "kinderen", True),
        (10_010, "kinderen", False),
        (9_990, "ouderen", False),
        (9_990, None, False),
        (1_990, None, True),
    ],
)
def test_further_than_two_kilometres_only_the_same_people_within_ten_count(
    client: ClientFactory, session: Session, afstand_m: int, voor: str | None, verwacht: bool
) -> None:
    kern = make_kern(session)
    buur = make_activiteit(
        session,
        geom=translate(kern.hart, yoff=-afstand_m),
        doelgroep_id=doelgroep(session, voor) if voor else None,
    )
    browser = client(make_gebruiker(session, make_platform(session, kernen=[kern])))

    lines = ask(browser, buur, kern, doelgroep=doelgroep(session, "kinderen"))

    assert bool(lines) is verwacht


def test_a_free_day_is_free_of_the_same_hall_and_people_too(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    zaal = make_zaal(session, kern)
    platform = make_platform(session, kernen=[kern])
    browser = client(make_gebruiker(session, platform))
    nu = make_activiteit(session, geom=kern.hart)
    week_later = make_activiteit(
        session,
        zaal_id=zaal.id,
        geom=translate(kern.hart, yoff=-50_000),
        begint_op=nu.begint_op + timedelta(days=7),
        eindigt_op=nu.eindigt_op + timedelta(days=7),
    )

    def free(**vraag: object) -> list[str]:
        query = {"datum": f"{nu.begint_op:%d-%m-%Y}", "kern": kern.id} | vraag
        page = browser.get("/activiteiten/die-dag", query_string=query).text
        return re.findall(r'data-vrije-dag="([^"]+)"', page)

    assert f"{week_later.begint_op:%d-%m-%Y}" in free()
    assert f"{week_later.begint_op:%d-%m-%Y}" not in free(zaal=zaal.id)


def test_the_preview_looks_from_the_hall_and_says_how_many_more_there_are(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    zaal = make_zaal(session, platform.kernen[0])
    browser = client(make_gebruiker(session, platform))
    for nummer in range(7):
        browser.post(
            f"/activiteiten/nieuw/{platform.id}",
            data=filled_activiteit(session, platform, titel=f"Feest {nummer}", zaal=zaal.id),
        )
    velden = filled_activiteit(session, platform, zaal=zaal.id, plek="", actie="bekijk")

    with counted(session) as statements:
        page = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden).text

    assert len(posted(session, Activiteit)) == 7
    lines = told(page)
    assert lines[5] == "En nog 2 andere activiteiten."
    assert all("in dezelfde zaal" in line for line in lines[:5])
    assert len(statements) <= 12


@pytest.mark.parametrize(
    ("velden", "over", "verwacht"),
    [
        ({}, 0, True),
        ({"openbaar": False}, 0, False),
        ({"status": WerkStatus.VERVALLEN}, 0, False),
        ({}, 1, False),
    ],
)
def test_works_at_that_place_and_day_are_told_as_far_as_one_may_see_them(
    client: ClientFactory, session: Session, velden: dict[str, object], over: int, verwacht: bool
) -> None:
    kern = make_kern(session)
    dag = make_activiteit(session)
    eerste, hart = dag.begint_op.date() + timedelta(days=over), kern.hart
    make_werkzaamheid(
        session,
        titel="Nieuw riool",
        eerste_dag=eerste,
        laatste_dag=eerste,
        geom=LineString([(hart.x + 200, hart.y), (hart.x + 300, hart.y)]),
        **velden,
    )
    browser = client(make_gebruiker(session, make_platform(session, kernen=[kern])))

    lines = ask(browser, dag, kern)
    nowhere = ask(browser, dag, kern, plek_onbekend="y")

    assert any(line.startswith("Nieuw riool") for line in lines) is verwacht
    assert not any(line.startswith("Nieuw riool") for line in nowhere)


def test_nonsense_about_hall_and_people_is_left_out(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    buur = make_activiteit(session, geom=kern.hart)
    browser = client(make_gebruiker(session, make_platform(session, kernen=[kern])))

    lines = ask(browser, buur, kern, zaal="x", doelgroep="99999999999999999999")

    assert len(lines) == 1
