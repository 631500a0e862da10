"""Which works lie near a kern: right to the centimetre and the day, the same on every way out."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from shapely.geometry import LineString, MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.laag import LAAG
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from kernenkaart.werkzaamheden.queries import find_near
from tests.conftest import ClientFactory
from tests.factories import (
    make_gebruiker,
    make_kern,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import counted

VAK = box(150_000, 450_000, 151_000, 451_000)
OOSTRAND = 151_000.0
Q2 = Periode(date(2027, 4, 1), date(2027, 6, 30))
STAF = Actor(gebruiker_id=1, rol=Rol.MEDEWERKER)


@pytest.fixture
def kern(session: Session) -> Kern:
    return make_kern(session, grens=MultiPolygon([VAK]), slug="proefdorp", naam="Proefdorp")


def work(session: Session, x: float = 150_500.0, **values: object) -> Werkzaamheid:
    defaults: dict[str, object] = {
        "geom": Point(x, 450_500),
        "eerste_dag": date(2027, 5, 1),
        "laatste_dag": date(2027, 5, 31),
    }
    return make_werkzaamheid(session, **(defaults | values))


def near(session: Session, kern: Kern, actor: Actor = BEZOEKER, **values: object) -> list[int]:
    asked: dict[str, object] = {"gebied": kern.grens, "afstand_m": 500.0, "periode": Q2}
    return [one.werk.id for one in find_near(session, actor, **(asked | values))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("meters", "erin"),
    [(0.0, True), (1.0, True), (499.99, True), (500.0, True), (500.01, False), (501.0, False)],
)
def test_500_m_is_in_and_a_centimetre_more_is_out(
    session: Session, kern: Kern, meters: float, erin: bool
) -> None:
    werk = work(session, OOSTRAND + meters)

    assert (near(session, kern) == [werk.id]) is erin


@pytest.mark.parametrize(
    ("eerste", "laatste", "erin"),
    [
        (date(2027, 3, 1), date(2027, 3, 31), False),
        (date(2027, 3, 1), date(2027, 4, 1), True),
        (date(2027, 4, 1), date(2027, 4, 1), True),
        (date(2027, 5, 1), date(2027, 5, 2), True),
        (date(2027, 1, 1), date(2027, 12, 31), True),
        (date(2027, 6, 30), date(2027, 9, 1), True),
        (date(2027, 7, 1), date(2027, 7, 2), False),
    ],
)
def test_a_work_counts_when_it_shares_a_day_with_the_period(
    session: Session, kern: Kern, eerste: date, laatste: date, erin: bool
) -> None:
    werk = work(session, eerste_dag=eerste, laatste_dag=laatste)

    assert (near(session, kern) == [werk.id]) is erin


@pytest.mark.parametrize(
    ("status", "openbaar", "bezoeker", "staf"),
    [
        (Status.VERWACHT, True, True, True),
        (Status.KLAAR, True, True, True),
        (Status.BEVESTIGD, False, False, True),
        (Status.CONCEPT, True, False, False),
        (Status.VERVALLEN, True, False, False),
    ],
)
def test_visitors_see_what_is_public_and_nobody_sees_drafts_as_planned(
    session: Session, kern: Kern, *, status: Status, openbaar: bool, bezoeker: bool, staf: bool
) -> None:
    werk = work(session, status=status, openbaar=openbaar)

    assert (near(session, kern) == [werk.id]) is bezoeker
    assert (near(session, kern, STAF) == [werk.id]) is staf


def test_distance_is_that_to_the_nearest_part_of_a_line(session: Session, kern: Kern) -> None:
    work(session, geom=LineString([(OOSTRAND + 212.34, 450_500), (OOSTRAND + 900, 450_500)]))

    (found,) = find_near(session, BEZOEKER, gebied=kern.grens, afstand_m=500.0, periode=Q2)

    assert found.afstand_m == pytest.approx(212.34, abs=0.005)


def test_works_come_by_first_day_then_by_title(session: Session, kern: Kern) -> None:
    later = work(session, titel="A", eerste_dag=date(2027, 5, 2))
    b = work(session, titel="B")
    a = work(session, titel="A")

    assert near(session, kern) == [a.id, b.id, later.id]


def test_the_composite_index_answers_even_with_a_generic_plan(session: Session) -> None:
    session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    tijdens = LAAG.tijdens(Q2).compile(compile_kwargs={"literal_binds": True})
    session.execute(
        text(
            "PREPARE nabij (geometry, double precision) AS SELECT id FROM werkzaamheid "
            f"WHERE ST_DWithin(geom, $1, $2) AND {tijdens}"
        )
    )

    plan = session.scalars(
        text("EXPLAIN EXECUTE nabij (ST_GeomFromText('POINT(150000 450000)', 28992), 500)")
    ).all()

    assert "ix_werkzaamheid_geom_periode" in "\n".join(plan)


def test_page_csv_and_geojson_tell_the_same(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    binnen = work(session, titel="In het dorp")
    buiten = work(session, OOSTRAND + 212.3, titel="Buiten het dorp", eerste_dag=date(2027, 5, 2))
    work(session, OOSTRAND + 501, titel="Te ver")
    browser = client()
    url = "/werkzaamheden/nabij/proefdorp?afstand=500&kwartaal=2027-Q2"

    page = browser.get(url).text
    rows = list(csv.reader(io.StringIO(browser.get(f"{url}&formaat=csv").data.decode("utf-8-sig")),
                           delimiter=";"))  # fmt: skip
    features = json.loads(browser.get(f"{url}&formaat=geojson").data)["features"]

    assert "<strong" in page
    assert "2 werkzaamheden" in page
    assert "212 m" in page
    assert "Te ver" not in page
    assert [row[0] for row in rows[1:]] == ["In het dorp", "Buiten het dorp"]
    assert [feature["id"] for feature in features] == [binnen.id, buiten.id]
    assert features[1]["properties"]["afstand_m"] == pytest.approx(212.3)


def test_geojson_has_the_public_fields_and_no_other(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    work(session, contact_telefoon="06 12345678")

    answer = client().get("/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2&formaat=geojson")

    assert answer.content_type == "application/geo+json"
    (feature,) = json.loads(answer.data)["features"]
    assert set(feature["properties"]) == {*LAAG.velden, "afstand_m"}
    lon, lat = feature["geometry"]["coordinates"]
    assert 5 < lon < 6
    assert 51 < lat < 53


@pytest.mark.parametrize("titel", ["=1+1", "+31", "-2", "@SUM(A1)", "\tTab"])
def test_a_spreadsheet_runs_no_formula(
    client: ClientFactory, session: Session, kern: Kern, titel: str
) -> None:
    work(session, titel=titel)

    answer = client().get("/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2&formaat=csv")

    assert f"'{titel}" in answer.data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [
        ("afstand=veel", "Vul een"),
        ("afstand=-1", "Vul een afstand in van 0 tot 50000 meter."),
        ("afstand=50001", "Vul een afstand in van 0 tot 50000 meter."),
        ("kwartaal=2027-Q5", "Schrijf een kwartaal als 2027-Q2."),
        ("van=31-02-2027", ""),
        ("van=02-05-2027&tot=01-05-2027", "De laatste dag ligt vóór de eerste dag."),
        ("organisatie=999999", "Kies een van de mogelijkheden"),
    ],
)
def test_a_bad_question_gets_a_sentence_on_the_page_and_a_problem_as_data(
    client: ClientFactory, kern: Kern, vraag: str, zin: str
) -> None:
    browser = client()

    page = browser.get(f"/werkzaamheden/nabij/proefdorp?{vraag}")
    data = browser.get(f"/werkzaamheden/nabij/proefdorp?{vraag}&formaat=geojson")

    assert page.status_code == 422
    assert zin in page.text
    assert (data.status_code, data.content_type) == (400, "application/problem+json")


def test_an_unknown_kern_is_not_found(client: ClientFactory) -> None:
    assert client().get("/werkzaamheden/nabij/nergens").status_code == 404


def test_a_pasted_area_answers_like_a_kern(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    work(session, titel="In het dorp")

    page = client().get(
        "/werkzaamheden/nabij/gebied",
        query_string={"vorm": VAK.wkt, "afstand": "10", "kwartaal": "2027-Q2"},
    )

    assert page.status_code == 200
    assert "In het dorp" in page.text


def test_only_the_works_of_one_organisation(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    eigen = make_organisatie(session)
    work(session, titel="Van ons", organisatie=eigen)
    work(session, titel="Van een ander")

    page = (
        client().get(f"/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2&organisatie={eigen.id}").text
    )

    assert "Van ons" in page
    assert "Van een ander" not in page


def test_what_nobody_confirmed_for_long_says_so(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    work(session, titel="Oud", bevestigd_op=date.today() - timedelta(days=91))  # noqa: DTZ011
    work(session, titel="Net", bevestigd_op=date.today() - timedelta(days=90))  # noqa: DTZ011
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.get("/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2").text

    assert page.count("lang geleden") == 1


def test_the_page_says_whom_to_tell(client: ClientFactory, session: Session, kern: Kern) -> None:
    make_platform(session, naam="Dorpsraad Proefdorp", kernen=[kern])
    make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, naam="Femke Lingewaard", kernen=[kern])

    page = client().get("/werkzaamheden/nabij/proefdorp").text

    assert "Dorpsraad Proefdorp en gebiedsmakelaar Femke Lingewaard." in page


def test_a_drawn_area_has_a_bounded_number_of_points(client: ClientFactory) -> None:
    hoeken = [(150_000 + number / 10, 450_000 + number % 2) for number in range(1_001)]

    page = client().get(
        "/werkzaamheden/nabij/gebied", query_string={"vorm": LineString(hoeken).wkt}
    )

    assert page.status_code == 422
    assert "Dit gebied heeft meer dan 1000 punten." in page.text


@pytest.mark.parametrize("rol", [None, Rol.MEDEWERKER, Rol.KETENPARTNER])
def test_pages_of_works_ask_few_questions(
    client: ClientFactory, session: Session, kern: Kern, rol: Rol | None
) -> None:
    make_platform(session, kernen=[kern])
    eigen = make_organisatie(session)
    werken = [work(session, laatste_dag=date(2099, 5, 31), organisatie=eigen) for _ in range(6)]
    browser = client(rol and make_gebruiker(session, rol=rol, organisatie_id=eigen.id))

    for pad in (
        "/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2",
        "/werkzaamheden/nabij/proefdorp?kwartaal=2027-Q2&formaat=geojson",
        f"/werkzaamheden/{werken[0].id}",
    ):
        with counted(session) as statements:
            assert browser.get(pad).status_code == 200
        assert len(statements) <= 8, (pad, statements)
