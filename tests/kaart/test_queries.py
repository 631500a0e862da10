"""Map and list are the same things: counts agree for every filter, frame and grid."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shapely.geometry import LineString, Point, box
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.kaart.queries import Overzicht, Raster, count_each, find_overzicht
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import count_dingen, find_dingen
from kernenkaart.platforms.models import Platform
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.tijd import Periode, today
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus
from kernenkaart.werkzaamheden.models import WerkzaamheidFase
from tests.factories import (
    X,
    Y,
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

MEDEWERKER = Actor(gebruiker_id=1, rol=Rol.MEDEWERKER)
VANDAAG = today()


def on_map(overzicht: Overzicht) -> int:
    apart = sum(rij["op_kaart"] for rij in overzicht.rijen if rij["n"] == overzicht.gekozen)
    return sum(groep.n for groep in overzicht.groepen) + apart


@pytest.fixture
def veel(session: Session) -> tuple[Kern, Kern]:
    """Some sixty things in and around two kernen, a few without a place."""
    een, twee = make_kern(session), make_kern(session)
    for kern in (een, twee):
        platform = make_platform(session, kernen=[kern])
        west, zuid = kern.grens.bounds[:2]
        for n in range(12):
            make_activiteit(
                session,
                platform=platform,
                geom=Point(west + 70 * n, zuid + 13 * n),
                begint_op=moment(n, 10),
                eindigt_op=moment(n, 12),
            )
            make_werkzaamheid(
                session, geom=LineString([(west + 90 * n, zuid), (west + 90 * n + 40, zuid + 900)])
            )
        make_project(session, geom=box(west, zuid, west + 300, zuid + 300))
        make_activiteit(session, platform=platform, geom=None, kern_id=kern.id)
        make_initiatief(session, platform=platform, geom=None, kern_id=kern.id)
        make_initiatief(session, platform=platform, geom=Point(west + 1, zuid + 1))
    make_activiteit(session, geom=Point(X - 5_000, Y))  # in no kern
    return een, twee


KEUZES = [
    DingFilter(),
    DingFilter(lagen=("werkzaamheden", "projecten")),
    DingFilter(periode=Periode(today(), today())),
    DingFilter(tekst="boekenmarkt"),
    DingFilter(zonder_plek=True),
    DingFilter(lagen=("",)),
    DingFilter(gebied=box(X, Y, X + 3_000, Y + 400)),
    DingFilter(gebied=box(X + 100, Y + 10, X + 250_000, Y + 100)),
    DingFilter(plek=Point(X + 200, Y + 100), plek_m=250),
]


def test_list_map_and_counts_agree(session: Session, veel: tuple[Kern, Kern]) -> None:
    keuzes = [*KEUZES, *(replace(keuze, kern=veel[0].slug) for keuze in KEUZES)]

    for keuze, zoom in itertools.product(keuzes, (11, 14, 18)):
        overzicht = find_overzicht(session, BEZOEKER, keuze, raster=Raster(zoom), aantal=500)

        telling = overzicht.telling
        assert telling == count_dingen(session, BEZOEKER, keuze)
        assert len(overzicht.rijen) == telling.gevonden
        assert on_map(overzicht) == telling.op_kaart
        assert [rij["id"] for rij in overzicht.rijen] == [
            ding["id"] for ding in find_dingen(session, BEZOEKER, keuze)
        ]
    tellingen = tuple(count_dingen(session, BEZOEKER, keuze).gevonden for keuze in keuzes)
    assert count_each(session, BEZOEKER, keuzes) == tellingen
    assert len(set(tellingen)) > 5  # the filters do differ


def test_zoomed_out_there_is_one_count_per_kern_at_its_heart(
    session: Session, veel: tuple[Kern, Kern]
) -> None:
    overzicht = find_overzicht(session, BEZOEKER, DingFilter(), raster=Raster(11), aantal=1)

    per_kern = {groep.kern[0]: groep for groep in overzicht.groepen if groep.kern}
    assert set(per_kern) == {kern.slug for kern in veel}
    assert [(per_kern[k.slug].x, per_kern[k.slug].y) for k in veel] == [
        (k.hart.x, k.hart.y) for k in veel
    ]
    assert [groep.n for groep in overzicht.groepen if not groep.kern] == [1]


def test_no_two_markers_stand_at_the_same_place(session: Session, veel: tuple[Kern, Kern]) -> None:
    for raster in map(Raster, range(12, 18)):
        overzicht = find_overzicht(session, BEZOEKER, DingFilter(), raster=raster, aantal=1)

        px = [
            Point(een.x, een.y).distance(Point(twee.x, twee.y)) / raster.m_per_px
            for een, twee in itertools.combinations(overzicht.groepen, 2)
        ]
        assert min(px, default=99) > 20


def test_the_chosen_thing_is_drawn_apart_and_its_neighbours_come_along(session: Session) -> None:
    platform = make_platform(session)
    dingen = [
        make_activiteit(
            session, platform=platform, begint_op=moment(n, 10), eindigt_op=moment(n, 11)
        )
        for n in range(1, 8)
    ]

    overzicht = find_overzicht(
        session,
        BEZOEKER,
        DingFilter(),
        raster=Raster(11),
        aantal=2,
        gekozen=("activiteiten", dingen[4].id),
    )

    assert overzicht.gekozen == 5
    assert [rij["n"] for rij in overzicht.rijen] == [1, 2, 4, 5, 6]
    assert sum(groep.n for groep in overzicht.groepen) == 6
    assert on_map(overzicht) == 7


def test_lines_are_drawn_when_near_or_chosen(session: Session) -> None:
    werk = make_werkzaamheid(session)
    keuze = DingFilter()

    def vormen(zoom: int, **anders: tuple[str, int]) -> list[int]:
        raster = Raster(zoom)
        found = find_overzicht(session, BEZOEKER, keuze, raster=raster, aantal=1, **anders)
        return [vorm["id"] for vorm in found.vormen]

    assert vormen(12) == []
    assert vormen(13) == [werk.id]
    assert vormen(8, gekozen=("werkzaamheden", werk.id)) == [werk.id]


def test_hinder_is_drawn_from_nearby_or_chosen_and_steps_on_their_days(session: Session) -> None:
    lijn = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])
    dag = VANDAAG + timedelta(days=33)
    fase = WerkzaamheidFase(
        volgorde=0, naam="Kruising dicht", eerste_dag=dag, laatste_dag=dag, geom=lijn.centroid
    )
    werk = make_werkzaamheid(session, hinder_geom=lijn.buffer(9), fasen=[fase])
    make_werkzaamheid(session, status=WerkzaamheidStatus.KLAAR, hinder_geom=lijn.buffer(9))
    make_werkzaamheid(session, openbaar=False, hinder_geom=lijn.buffer(9))

    def getekend(
        zoom: int, dag: date | None = None, gekozen: tuple[str, int] | None = None
    ) -> set[str]:
        keuze = DingFilter(periode=Periode(dag, dag))
        found = find_overzicht(
            session, BEZOEKER, keuze, raster=Raster(zoom), aantal=1, gekozen=gekozen
        )
        assert {vorm["id"] for vorm in found.vormen if "soort" in vorm} <= {werk.id}
        return set(found.getekend)

    assert getekend(13) == set()
    assert getekend(13, gekozen=("werkzaamheden", werk.id)) == {"hinder", "stap"}
    assert getekend(14) == {"hinder", "stap"}
    assert getekend(14, dag) == {"hinder", "stap"}
    assert getekend(14, dag + timedelta(days=1)) == {"hinder"}


def _every_status(session: Session, platform: Platform) -> None:
    organisatie = make_organisatie(session)
    for status in ActiviteitStatus:
        make_activiteit(session, platform=platform, status=status)
    for status in InitiatiefStatus:
        make_initiatief(session, platform=platform, status=status)
    for openbaar in (True, False):
        for status in WerkzaamheidStatus:
            make_werkzaamheid(session, organisatie=organisatie, status=status, openbaar=openbaar)
        for status in ProjectStatus:
            make_project(session, organisatie=organisatie, status=status, openbaar=openbaar)


def test_each_actor_sees_on_the_map_what_the_policies_say(session: Session) -> None:
    platform = make_platform(session)
    lid = make_gebruiker(session, platform)
    _every_status(session, platform)
    actors = [
        BEZOEKER,
        Actor(gebruiker_id=lid.id, rol=Rol.PLATFORMLID, platform_ids=frozenset({platform.id})),
        Actor(gebruiker_id=1, rol=Rol.KETENPARTNER, organisatie_id=-1),
        MEDEWERKER,
    ]

    for actor in actors:
        overzicht = find_overzicht(session, actor, DingFilter(), raster=Raster(11), aantal=500)

        verwacht = sum(
            session.scalar(
                select(func.count()).select_from(laag.bron).where(laag.visible_to(actor))
            )
            or 0
            for laag in LAGEN
        )
        assert overzicht.telling.gevonden == verwacht
    zichtbaar = find_overzicht(session, BEZOEKER, DingFilter(), raster=Raster(11), aantal=500)
    statussen = {rij["status"] for rij in zichtbaar.rijen}
    assert "concept" not in statussen
    assert "ingetrokken" not in statussen
