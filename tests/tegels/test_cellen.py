"""Far away a tile tells how many there are: exactly, for each kind and period, after any change."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from kernenkaart.activiteiten.models import ActiviteitSoort
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import BEZOEKER
from kernenkaart.lagen import LAGEN
from kernenkaart.tegels import tellen
from kernenkaart.tegels.models import TegelCel, TegelVuil
from kernenkaart.tegels.services import catch_up
from tests import factories as make
from tests.conftest import ClientFactory
from tests.tegels.wereld import NUL, Ding, all_tiles, count_all, fetch, scatter

PERIODEN = [
    (None, None),
    (NUL + timedelta(days=100), NUL + timedelta(days=100)),
    (NUL + timedelta(days=30), NUL + timedelta(days=190)),
    (None, NUL + timedelta(days=50)),
    (NUL + timedelta(days=380), None),
    (date(1, 1, 1), date(9999, 12, 31)),
]


def address(z: int, x: int, y: int, rd: bool, **vraag: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in vraag.items() if value is not None)
    path = (
        f"/api/v1/tiles/NetherlandsRDNewQuad/{z}/{y}/{x}"
        if rd
        else f"/tegels/alles/{z}/{x}/{y}.mvt"
    )
    return f"{path}?{query}"


def total(
    client: Any, dingen: list[Ding], z: int, *, rd: bool = False, **vraag: Any
) -> dict[str, int]:
    """The sum of ``n`` over all tiles of a level, by layer."""
    sums = {laag.naam: 0 for laag in LAGEN}
    for x, y in all_tiles(dingen, z, rd=rd):
        for naam, laag in fetch(client, address(z, x, y, rd, **vraag)).items():
            for feature in laag["features"]:
                if naam != "kernen":
                    assert feature["properties"].keys() == {"n"}
                    assert feature["properties"]["n"] > 0
                    sums[naam] += feature["properties"]["n"]
    return sums


def expected(
    dingen: list[Ding], van: Any = None, tot: Any = None, soorten: Any = None
) -> dict[str, int]:
    return {
        laag.naam: sum(
            ding.laag == laag.naam
            and ding.openbaar
            and ding.goes_on(van, tot)
            and (soorten is None or ding.soort in soorten)
            for ding in dingen
        )
        for laag in LAGEN
    }


LEVELS = [
    (0, False),
    (4, False),
    (5, False),
    (7, False),
    (10, False),
    (0, True),
    (3, True),
    (5, True),
]


@pytest.mark.parametrize(("z", "rd"), LEVELS)
def test_all_cells_of_a_level_together_hold_each_visible_thing_once(
    client: ClientFactory, session: Session, z: int, rd: bool
) -> None:
    dingen = scatter(session, seed=z)

    assert total(client(), dingen, z, rd=rd) == expected(dingen)


@pytest.mark.parametrize("rd", [False, True])
def test_a_period_counts_to_the_day(client: ClientFactory, session: Session, rd: bool) -> None:
    dingen = scatter(session, seed=11)
    browser = client()

    for van, tot in PERIODEN:
        assert total(browser, dingen, 4, rd=rd, van=van, tot=tot) == expected(dingen, van, tot)


def test_kinds_and_a_period_together(client: ClientFactory, session: Session) -> None:
    dingen = scatter(session, seed=12)
    soorten = sorted({ding.soort for ding in dingen})[::2]
    van, tot = PERIODEN[2]

    found = total(client(), dingen, 8, soort=",".join(soorten), van=van, tot=tot)

    assert found == expected(dingen, van, tot, soorten)
    assert sum(found.values()) > 0


def test_a_cell_stands_where_its_one_thing_is(client: ClientFactory, session: Session) -> None:
    make.make_activiteit(session)
    count_all(session)
    x, y = session.execute(select(TegelCel.tx, TegelCel.ty).where(TegelCel.z == 10).limit(1)).one()

    (far,) = fetch(client(), f"/tegels/activiteiten/10/{x}/{y}.mvt")["activiteiten"]["features"]
    px, py = far["geometry"]["coordinates"]
    closer = f"11/{2 * x + px // 2048}/{2 * y + py // 2048}"
    (near,) = fetch(client(), f"/tegels/activiteiten/{closer}.mvt")["activiteiten"]["features"]

    assert far["properties"] == {"n": 1}
    assert near["geometry"]["coordinates"] == pytest.approx(
        [2 * (px % 2048), 2 * (py % 2048)], abs=2
    )


def snapshot(session: Session, tabel: str = "tegel_cel") -> set[tuple[Any, ...]]:
    return {
        tuple(row)
        for row in session.execute(
            text(
                "SELECT laag, z, tx, ty, soort, cx, cy, n, round(ST_X(punt)::numeric, 3), "
                f"round(ST_Y(punt_3857)::numeric, 3), begint::text, eindigt::text FROM {tabel}"
            )
        )
    }


def count_anew(session: Session) -> set[tuple[Any, ...]]:
    """What counting all layers at once makes of the same things."""
    undo = session.begin_nested()
    session.execute(text("CREATE TEMP TABLE tegel_cel_nieuw (LIKE tegel_cel) ON COMMIT DROP"))
    for laag in LAGEN:
        session.connection().exec_driver_sql(tellen.alles(laag.naam), {})
    found = snapshot(session, "tegel_cel_nieuw")
    undo.rollback()
    return found


def test_counting_what_changed_gives_the_same_as_counting_all(session: Session) -> None:
    dingen = scatter(session, seed=20)
    for change in (
        "UPDATE activiteit SET geom = ST_Translate(geom, 900, -400) WHERE id % 3 = 0",
        "UPDATE werkzaamheid SET openbaar = NOT openbaar WHERE id % 4 = 0",
        "UPDATE project SET laatste_dag = NULL, status = 'uitvoering' WHERE id % 2 = 0",
        "DELETE FROM initiatief WHERE id % 5 = 0",
    ):
        session.execute(text(change))

    count_all(session)

    assert snapshot(session) == count_anew(session)
    assert len(snapshot(session)) > len(dingen)


def count_of(client: Any, vraag: str = "") -> int:
    features = fetch(client, f"/tegels/activiteiten/0/0/0.mvt{vraag}").get(
        "activiteiten", {"features": []}
    )
    return sum(feature["properties"]["n"] for feature in features["features"])


def test_each_change_is_counted_at_the_next_turn(client: ClientFactory, session: Session) -> None:
    browser = client()
    activiteit = make.make_activiteit(session)
    assert count_of(browser) == 0
    count_all(session)
    assert count_of(browser) == 1

    activiteit.status = ActiviteitStatus.INGETROKKEN
    count_all(session)
    assert count_of(browser) == 0

    activiteit.status = ActiviteitStatus.AFGELAST
    count_all(session)
    assert count_of(browser) == 1

    activiteit.geom = None
    activiteit.kern_id = make.make_kern(session).id
    count_all(session)
    assert count_of(browser) == 0


def test_a_deleted_thing_leaves_no_empty_cell(session: Session) -> None:
    activiteit = make.make_activiteit(session)
    count_all(session)
    assert session.scalar(select(func.count()).select_from(TegelCel)) == 2 * 6

    session.delete(activiteit)
    count_all(session)

    assert session.scalar(select(func.count()).select_from(TegelCel)) == 0


def test_a_kind_with_another_code_is_found_by_it(client: ClientFactory, session: Session) -> None:
    activiteit = make.make_activiteit(session)
    count_all(session)
    soort = session.get_one(ActiviteitSoort, activiteit.soort_id)
    oud, soort.code = soort.code, "heel-anders"
    count_all(session)

    assert count_of(client(), f"?soort={oud}") == 0
    assert count_of(client(), "?soort=heel-anders") == 1


def test_a_turn_that_is_killed_leaves_everything_to_be_done(session: Session) -> None:
    make.make_activiteit(session)
    session.flush()
    before = snapshot(session)
    noted = session.scalar(select(func.count()).select_from(TegelVuil))

    killed = session.begin_nested()
    changed = catch_up(session)
    killed.rollback()

    assert snapshot(session) == before
    assert session.scalar(select(func.count()).select_from(TegelVuil)) == noted
    assert changed > 0
    assert catch_up(session) == changed
    assert catch_up(session) == 0


def test_many_changes_are_counted_in_more_than_one_turn(session: Session) -> None:
    scatter(session, seed=3, aantal=10)
    session.execute(text("UPDATE activiteit SET titel = titel || '!'"))

    first = catch_up(session, cellen=3)

    assert first == 3
    assert session.scalar(select(func.count()).select_from(TegelVuil)) > 0


def tables_in(*expressions: Any) -> set[str]:
    """The tables of which a column stands in them."""
    whole = select(*expressions)
    return {str(one.table) for one in visitors.iterate(whole) if isinstance(one, Column)}


@pytest.mark.parametrize("laag", LAGEN, ids=lambda laag: laag.naam)
def test_only_the_thing_itself_and_the_code_of_its_kind_decide_where_it_counts(laag: Any) -> None:
    """Triggers note changes of those; of another table they would not be seen."""
    own = tables_in(laag.visible_to(BEZOEKER), laag.punt, laag.begint_op, laag.eindigt_op)

    assert own == {laag.ding}
    assert tables_in(laag.soort) == {f"{laag.ding}_soort"}
