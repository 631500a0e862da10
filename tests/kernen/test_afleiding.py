"""To which kernen a thing belongs is derived from where it lies, by the database itself."""

import pytest
from shapely.geometry import LineString, MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.kernen.models import Kern
from tests.factories import make_activiteit, make_kern, make_platform, make_werkzaamheid

WEST, OOST = box(150_000, 450_000, 151_000, 451_000), box(151_000, 450_000, 152_000, 451_000)


@pytest.fixture
def buren(session: Session) -> tuple[Kern, Kern]:
    return (
        make_kern(session, grens=MultiPolygon([WEST])),
        make_kern(session, grens=MultiPolygon([OOST])),
    )


def links(session: Session, tabel: str, ding_id: int) -> dict[int, float]:
    rows = session.execute(
        text(f"SELECT kern_id, aandeel FROM {tabel}_kern WHERE {tabel}_id = :id"), {"id": ding_id}
    )
    return {kern_id: round(aandeel, 3) for kern_id, aandeel in rows}


def test_the_largest_share_is_primary_and_all_touched_kernen_are_kept(
    session: Session, buren: tuple[Kern, Kern]
) -> None:
    west, oost = buren

    werk = make_werkzaamheid(session, geom=LineString([(150_700, 450_500), (151_100, 450_500)]))
    session.refresh(werk)

    assert werk.kern_id == west.id
    assert links(session, "werkzaamheid", werk.id) == {west.id: 0.75, oost.id: 0.25}


def test_a_work_on_the_boundary_is_found_from_both_villages(
    session: Session, buren: tuple[Kern, Kern]
) -> None:
    west, oost = buren

    werk = make_werkzaamheid(session, geom=LineString([(151_000, 450_100), (151_000, 450_300)]))

    assert links(session, "werkzaamheid", werk.id) == {west.id: 1, oost.id: 1}


def test_a_moved_boundary_derives_again_what_lies_in_it(
    session: Session, buren: tuple[Kern, Kern]
) -> None:
    west, oost = buren
    werk = make_werkzaamheid(session, geom=Point(150_900, 450_500))

    west.grens = MultiPolygon([box(150_000, 450_000, 150_800, 451_000)])
    west.hart = Point(150_100, 450_100)
    oost.grens = MultiPolygon([box(150_800, 450_000, 152_000, 451_000)])
    session.flush()
    session.refresh(werk)

    assert werk.kern_id == oost.id
    assert links(session, "werkzaamheid", werk.id) == {oost.id: 1}


def test_a_new_kern_takes_in_what_already_lay_there(session: Session) -> None:
    werk = make_werkzaamheid(session, geom=Point(160_500, 460_500))
    assert werk.kern_id is None

    kern = make_kern(session, grens=MultiPolygon([box(160_000, 460_000, 161_000, 461_000)]))
    session.refresh(werk)

    assert werk.kern_id == kern.id


def test_what_has_no_place_belongs_to_the_kern_chosen_by_hand(session: Session) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])

    activiteit = make_activiteit(session, platform=platform, geom=None, kern_id=kern.id)

    assert links(session, "activiteit", activiteit.id) == {kern.id: 1}


def test_without_place_and_without_kern_it_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError, match="ck_activiteit_plek"):
        make_activiteit(session, geom=None, kern_id=None)


def test_a_work_without_a_place_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError, match="ck_werkzaamheid_plek"):
        make_werkzaamheid(session, geom=None, kern_id=make_kern(session).id)


@pytest.mark.parametrize(
    "geom",
    [
        "POLYGON((150000 450000,150100 450100,150100 450000,150000 450100,150000 450000))",
        "POINT EMPTY",
        "POINT(5.2 51.9)",
        "POINT(900000 450000)",
    ],
    ids=["self-intersecting", "empty", "longitude and latitude", "far away"],
)
def test_absurd_geometry_is_refused_by_the_database_too(session: Session, geom: str) -> None:
    werk = make_werkzaamheid(session)

    with pytest.raises(IntegrityError, match="geom_geldig"):
        session.execute(
            text("UPDATE werkzaamheid SET geom = ST_GeomFromText(:wkt, 28992) WHERE id = :id"),
            {"wkt": geom, "id": werk.id},
        )


def test_the_marker_of_a_line_stands_in_its_middle(session: Session) -> None:
    werk = make_werkzaamheid(session, geom=LineString([(150_000, 450_000), (150_100, 450_000)]))
    session.refresh(werk)

    assert werk.punt is not None
    assert (werk.punt.x, werk.punt.y) == (150_050, 450_000)


@pytest.mark.parametrize("tabel", ["kern", "gemeente"])
@pytest.mark.parametrize(
    "grens",
    [
        "MULTIPOLYGON EMPTY",
        "MULTIPOLYGON(((5.1 51.8,5.2 51.8,5.2 51.9,5.1 51.8)))",  # degrees
        "MULTIPOLYGON(((299000 450000,300001 450000,300000 451000,299000 450000)))",
        "MULTIPOLYGON(((140000 628000,141000 628000,140000 629001,140000 628000)))",
        "MULTIPOLYGON(((140000 288999,141000 290000,140000 290000,140000 288999)))",
        "MULTIPOLYGON(((-7001 450000,-6000 450000,-6000 451000,-7001 450000)))",
    ],
)
def test_a_boundary_outside_the_reach_of_rd_is_refused_from_sql_too(
    session: Session, tabel: str, grens: str
) -> None:
    make_kern(session)
    in_grens = "hart = coalesce(ST_StartPoint(ST_Boundary(ST_GeometryN(g, 1))), hart),"
    hart = in_grens if tabel == "kern" else ""
    update = f"UPDATE {tabel} SET {hart} grens = g FROM ST_GeomFromText(:grens, 28992) g"

    with pytest.raises(IntegrityError, match=f"ck_{tabel}_grens"), session.begin_nested():
        session.execute(text(update), {"grens": grens})


def test_a_boundary_may_reach_to_the_end_of_rd(session: Session) -> None:
    hoek = MultiPolygon([box(299_000, 628_000, 300_000, 629_000)])

    assert make_kern(session, grens=hoek).id
