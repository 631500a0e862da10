from collections.abc import Iterator
from datetime import timedelta

import pytest
from shapely import union_all
from shapely.geometry import LineString, Point
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.config import Settings
from kernenkaart.demo.genereren import Maat, generate, remove_generated
from kernenkaart.demo.services import has_demo, load_demo, remove_demo
from kernenkaart.errors import Invalid
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.demo.conftest import load_kernen
from tests.factories import (
    Y,
    make_activiteit,
    make_initiatief,
    make_kern,
    make_project,
    make_werkzaamheid,
)

KLEIN = Maat(kernen=0, activiteiten=400, werkzaamheden=150, initiatieven=100)
RUIM = Maat(kernen=60, activiteiten=400, werkzaamheden=150, initiatieven=100)
DINGEN = ("activiteit", "werkzaamheid", "initiatief")


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session of the owning role, whose work is rolled back."""
    owner = create_engine(settings.beheer_url or "")
    with owner.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    owner.dispose()


def make(session: Session, maat: Maat = KLEIN, zaad: int = 1) -> list[tuple[str, int]]:
    gemeld: list[tuple[str, int]] = []
    generate(session, maat, zaad=zaad, vandaag=today(), meld=lambda *stap: gemeld.append(stap))
    return gemeld


def rows(session: Session, tabel: str, waar: str = "true") -> list[dict]:
    """All rows of a table as the database has them, without keys and moment of writing."""
    weg = "{id,uid,created_at,updated_at,platform_id,organisatie_id}"
    return list(
        session.scalars(
            text(f"SELECT to_jsonb(t) - '{weg}'::text[] FROM {tabel} t WHERE {waar} ORDER BY id")
        )
    )


def links(session: Session) -> dict[str, set[tuple]]:
    return {
        tabel: set(
            session.execute(
                text(f"SELECT {tabel}_id, kern_id, round(aandeel::numeric, 9) FROM {tabel}_kern")
            )
        )
        for tabel in DINGEN
    }


def test_there_is_as_much_as_asked_and_it_is_told_while_going(session: Session) -> None:
    load_kernen(session)

    gemeld = make(session)

    assert [len(rows(session, tabel, "demo")) for tabel in DINGEN] == [400, 150, 100]
    assert gemeld == [("activiteiten", 400), ("werkzaamheden", 150), ("initiatieven", 100)]


def test_the_same_seed_gives_the_same_rows_and_replaces_them(session: Session) -> None:
    load_kernen(session)
    make(session)
    eerst = {tabel: rows(session, tabel) for tabel in DINGEN}

    make(session)
    weer = {tabel: rows(session, tabel) for tabel in DINGEN}
    make(session, zaad=2)

    assert weer == eerst
    assert all(rows(session, tabel) != eerst[tabel] for tabel in DINGEN)


@pytest.mark.parametrize("maat", [KLEIN, RUIM])
def test_every_row_has_the_kernen_that_the_triggers_give(session: Session, maat: Maat) -> None:
    load_kernen(session)
    make(session, maat)
    voor = {tabel: rows(session, tabel) for tabel in DINGEN}, links(session)

    for tabel in DINGEN:  # their own triggers derive it all again
        session.execute(text(f"UPDATE {tabel} SET geom = geom, kern_id = kern_id"))

    assert ({tabel: rows(session, tabel) for tabel in DINGEN}, links(session)) == voor
    assert any(ding["kern_id"] is None for ding in voor[0]["activiteit"])
    assert any(ding["geom"] is None for ding in voor[0]["activiteit"])


def test_some_of_it_is_hidden_and_it_lies_three_years_round_today(session: Session) -> None:
    load_kernen(session)
    make(session)

    stil = {
        "activiteit": "status IN ('concept', 'ingetrokken')",
        "werkzaamheid": "status = 'concept' OR NOT openbaar",
        "initiatief": "status IN ('concept', 'ingetrokken')",
    }
    for tabel, waar in stil.items():
        deel = len(rows(session, tabel, waar)) / len(rows(session, tabel))
        assert 0.03 < deel < 0.2, tabel
    eerste, laatste = session.execute(
        select(func.min(Activiteit.begint_op), func.max(Activiteit.begint_op))
    ).one()
    assert timedelta(days=900) < laatste - eerste < timedelta(days=1130)


def test_works_are_stretches_points_and_squares(session: Session) -> None:
    load_kernen(session)
    make(session, Maat(0, 0, 400, 0))

    lengtes = session.execute(
        text("SELECT GeometryType(geom), min(ST_Length(geom)), max(ST_Length(geom)) "
             "FROM werkzaamheid GROUP BY 1")
    ).all()  # fmt: skip

    gevonden = {soort: (kortste, langste) for soort, kortste, langste in lengtes}
    assert set(gevonden) == {"POINT", "LINESTRING", "POLYGON"}
    kortste, langste = gevonden["LINESTRING"]
    assert 45 < kortste < 100
    assert 300 < langste < 405


def test_rows_lie_in_geohash_order(session: Session) -> None:
    load_kernen(session)
    make(session)

    hashes = session.scalars(
        text("SELECT ST_GeoHash(ST_Transform(geom, 4326), 6) FROM activiteit "
             "WHERE geom IS NOT NULL ORDER BY id")
    ).all()  # fmt: skip

    assert hashes == sorted(hashes)


def test_nothing_of_anybody_else_is_touched(session: Session) -> None:
    load_kernen(session)
    buiten = Point(60_000, 460_000)  # in no kern, in the middle of the made-up country or the sea
    eigen = [
        make_activiteit(session, geom=buiten),
        make_werkzaamheid(session, geom=LineString([(180_000, Y), (180_400, Y)])),
        make_project(session),
        make_initiatief(session),
    ]
    tabellen = [*(ding.__tablename__ for ding in eigen), "kern", "gemeente", "platform"]
    eigen_rijen = {tabel: rows(session, tabel) for tabel in tabellen}
    verhaal = session.scalar(text("SELECT max(id) FROM journaal"))

    make(session, RUIM)
    make(session, RUIM)
    erbij = session.scalar(text("SELECT max(id) FROM journaal"))
    remove_generated(session)

    assert {tabel: rows(session, tabel) for tabel in tabellen} == eigen_rijen
    assert erbij == verhaal


def test_made_up_kernen_lie_side_by_side_where_there_are_none(session: Session) -> None:
    load_kernen(session)
    eigen = union_all(session.scalars(select(Kern.grens)).all())
    make(session, RUIM)

    nieuw = session.execute(
        select(Kern.grens, Kern.hart).join(Gemeente).where(Gemeente.code.startswith("DEMO"))
    ).all()
    vlakken = [grens for grens, _ in nieuw]
    samen = union_all(vlakken)

    assert 25 <= len(nieuw) <= 34
    assert sum(grens.area for grens in vlakken) == pytest.approx(samen.area, rel=1e-9)
    assert samen.area > 30_000e6
    assert samen.intersection(eigen).area == 0
    assert all(grens.intersects(hart) for grens, hart in nieuw)


def test_triggers_work_again_afterwards(session: Session) -> None:
    load_kernen(session)
    make(session)

    uit = session.scalars(
        text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")
    ).all()

    assert uit == []


def test_the_data_version_of_each_layer_rises(session: Session) -> None:
    load_kernen(session)

    def versions() -> dict[str, int]:
        found = session.execute(text("SELECT tabel, sum(n) FROM data_versie GROUP BY tabel"))
        return {tabel: n for tabel, n in found if tabel in (*DINGEN, "platform")}

    voor = versions()
    make(session)
    na = versions()

    assert all(na[tabel] > voor.get(tabel, 0) for tabel in (*DINGEN, "platform"))


def test_tiles_count_what_was_made_at_once(session: Session) -> None:
    load_kernen(session)
    geteld = text("SELECT sum(n) FROM tegel_cel WHERE laag = 'activiteiten' AND z = 10 "
                  "AND soort = ''")  # fmt: skip

    make(session)
    na = session.scalar(geteld)
    te_doen = session.scalar(text("SELECT count(*) FROM tegel_vuil"))
    zichtbaar = "geom IS NOT NULL AND status IN ('gepubliceerd', 'afgelast')"
    verwacht = len(rows(session, "activiteit", zichtbaar))
    remove_generated(session)

    assert (na, te_doen) == (verwacht, 0)
    assert session.scalar(geteld) is None


def test_what_somebody_posted_in_a_made_up_kern_is_not_thrown_away(session: Session) -> None:
    make(session, RUIM)
    kern = session.scalars(select(Kern)).first()
    assert kern is not None
    ding = make_activiteit(session, geom=kern.hart)

    with pytest.raises(Invalid, match="iets van jezelf"), session.begin_nested():
        make(session, KLEIN)

    assert session.get(Activiteit, ding.id) is not None
    assert len(rows(session, "activiteit")) == 401


def test_the_demo_and_what_is_generated_do_not_know_of_each_other(session: Session) -> None:
    load_kernen(session)
    make(session)
    gemaakt = len(rows(session, "activiteit"))
    assert not has_demo(session)

    load_demo(session, today(), "x")
    assert has_demo(session)
    remove_demo(session)

    assert len(rows(session, "activiteit")) == gemaakt
    assert session.scalar(select(func.count(Platform.id))) == 26
    assert remove_generated(session) is True
    assert remove_generated(session) is False
    assert rows(session, "activiteit") == []


def test_a_municipality_without_kernen_is_told_what_to_do_first(session: Session) -> None:
    with pytest.raises(Invalid, match="Lees eerst de kernen in"):
        make(session, KLEIN)


def test_all_is_valid_and_a_country_needs_no_kernen_of_its_own(session: Session) -> None:
    make(session, RUIM)

    for tabel in DINGEN:
        fout = f"SELECT count(*) FROM {tabel} WHERE NOT ST_IsValid(geom) OR titel LIKE '%{{%'"
        assert session.scalar(text(fout)) == 0
    make_kern(session)  # the constraints of the database hold for what comes after, too
