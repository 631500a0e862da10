"""The whole country: counts from the cells of the tiles, closer by each thing; sums are right."""

from datetime import timedelta

import pytest
from shapely.geometry import Point
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.actor import BEZOEKER
from kernenkaart.geo.geojson import Kader
from kernenkaart.kaart.kaartdata import NAMEN_MAX, names
from kernenkaart.kaart.queries import Raster
from kernenkaart.kaart.tegeladres import tile_addresses
from kernenkaart.kaart.wijd import find_wijd, is_wijd
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.keuzes import find_keuzes
from kernenkaart.lagen.queries import count_dingen
from kernenkaart.lezen import Lezer
from kernenkaart.tegels.services import catch_up
from kernenkaart.tijd import Periode, today
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gemeente,
    make_kern,
    make_platform,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import counted

LAND: Kader = (3.3, 50.7, 7.3, 53.6)
VANDAAG = today()


@pytest.fixture
def kernen(session: Session) -> tuple[Kern, Kern]:
    """Kernen in two gemeenten, with things on several days; one of them is a draft."""
    ver = make_gemeente(session, code="GM0001", naam="Ver weg")
    een, twee = make_kern(session), make_kern(session, gemeente_id=ver.id)
    for kern in (een, twee):
        platform = make_platform(session, kernen=[kern])
        for dag in range(6):
            make_activiteit(
                session, platform=platform, titel=f"{kern.naam} dag {dag}", geom=kern.hart,
                begint_op=moment(dag, 10), eindigt_op=moment(dag, 12),
            )  # fmt: skip
        make_werkzaamheid(
            session, geom=Point(kern.hart.x + 50, kern.hart.y),
            eerste_dag=VANDAAG + timedelta(days=2), laatste_dag=VANDAAG + timedelta(days=40),
        )  # fmt: skip
        make_activiteit(session, platform=platform, status=Status.CONCEPT, geom=kern.hart)
    catch_up(session, cellen=10_000)
    return een, twee


@pytest.mark.parametrize("zoom", [7, 8, 9, 10])
@pytest.mark.parametrize(
    "keuze",
    [
        DingFilter(),
        DingFilter(lagen=("activiteiten",)),
        DingFilter(lagen=("werkzaamheden",), soort="riool"),
        DingFilter(periode=Periode(VANDAAG, VANDAAG)),
        DingFilter(periode=Periode(VANDAAG + timedelta(days=2), VANDAAG + timedelta(days=3))),
        DingFilter(periode=Periode(VANDAAG + timedelta(days=400), None)),
        DingFilter(periode=Periode(None, VANDAAG + timedelta(days=1))),
    ],
    ids=str,
)
def test_the_counts_of_a_wide_map_are_those_of_the_things(
    session: Session, kernen: tuple[Kern, Kern], keuze: DingFilter, zoom: int
) -> None:
    found = find_wijd(session, BEZOEKER, keuze, kader=LAND, raster=Raster(zoom), aantal=10)

    assert found.telling.gevonden == count_dingen(session, BEZOEKER, keuze).op_kaart
    assert sum(groep.n for groep in found.groepen) == found.telling.gevonden


def test_the_list_beside_a_wide_map_tells_what_begins_soonest(
    session: Session, kernen: tuple[Kern, Kern]
) -> None:
    found = find_wijd(session, BEZOEKER, DingFilter(), kader=LAND, raster=Raster(8), aantal=5)

    begins = [rij["begint_op"] for rij in found.rijen]
    assert begins == sorted(begins)
    assert [rij["n"] for rij in found.rijen] == [1, 2, 3, 4, 5]
    assert begins[0].date() >= VANDAAG


def test_only_a_wide_picture_without_a_narrow_question_is_counted() -> None:
    assert is_wijd(DingFilter(), 10)
    assert not is_wijd(DingFilter(), 11)
    assert not is_wijd(DingFilter(kern="est"), 8)
    assert not is_wijd(DingFilter(tekst="kermis"), 8)


def test_the_page_of_the_country_tells_of_every_gemeente_and_that_of_one_only_its_own(
    client: ClientFactory, session: Session, kernen: tuple[Kern, Kern]
) -> None:
    een, twee = kernen
    browser = client()
    kader = ",".join(map(str, LAND))

    land = browser.get(f"/landelijk?kader={kader}&zoom=8&aantal=50").get_data(as_text=True)
    eigen = browser.get("/?aantal=50").get_data(as_text=True)
    dichtbij = browser.get(f"/landelijk?q={twee.naam}&aantal=50").get_data(as_text=True)

    assert f"{een.naam} dag" in land
    assert f"{twee.naam} dag" in land
    assert "Begint binnenkort" in land
    assert f"{een.naam} dag" in eigen
    assert f"{twee.naam} dag" not in eigen
    assert f"{twee.naam} dag" in dichtbij


def test_every_link_on_the_page_of_the_country_stays_there(
    client: ClientFactory, session: Session, kernen: tuple[Kern, Kern]
) -> None:
    page = client().get("/landelijk?q=bestaatniet").get_data(as_text=True)

    assert 'action="/landelijk"' in page
    assert 'data-deel-url="/landelijk/deel"' in page
    assert '<a class="nl-link" href="/landelijk">Wis alle filters' in page


def test_the_page_of_the_country_asks_few_questions(
    client: ClientFactory, session: Session, kernen: tuple[Kern, Kern]
) -> None:
    browser = client()
    kader = ",".join(map(str, LAND))

    with counted(session) as statements:
        browser.get(f"/landelijk/deel?kader={kader}&zoom=8")

    assert len(statements) <= 8


def test_tiles_are_asked_with_the_filters_they_know_and_not_with_others(
    lezer: Lezer,
) -> None:
    dagen = Periode(VANDAAG, VANDAAG)

    adressen = tile_addresses(lezer, DingFilter(lagen=("projecten",), soort="dijk", periode=dagen))
    zonder = tile_addresses(lezer, DingFilter(tekst="kermis"))

    assert adressen["dingen"].startswith("/tegels/projecten/{z}/{x}/{y}.mvt?v=")
    assert f"soort=dijk&van={VANDAAG}&tot={VANDAAG}" in adressen["dingen"]
    assert zonder["dingen"] is None
    assert zonder["kernen"] == adressen["kernen"]


def test_names_of_a_country_are_those_in_the_picture(session: Session) -> None:
    for _ in range(NAMEN_MAX + 1):
        make_kern(session)
    keuzes = find_keuzes(session, None)
    slug, naam, vak = keuzes.kernen[0]

    assert names(keuzes, keuzes.kader, 8) == []
    assert [slug, naam] in [row[:2] for row in names(keuzes, vak, 13)]
    assert len(names(keuzes, vak, 13)) < NAMEN_MAX
