"""Where things stand in the picture: pure arithmetic, checked by hand and at random."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernenkaart.afstemming.planning_indeling import (
    BALK_MIN,
    KOP_PX,
    RIJ_PX,
    Dagen,
    Schaal,
    lay_bands,
    lay_row,
    order_rows,
)
from kernenkaart.afstemming.planning_vraag import add_months

HONDERD = Schaal(date(2027, 1, 1), date(2027, 4, 10))  # 100 days: a day is a percent
DAG = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_piece_of_time_has_both_its_days() -> None:
    stuk = HONDERD.stuk(date(2027, 1, 11), date(2027, 1, 20))

    assert stuk is not None
    assert (stuk.x, stuk.breedte) == (10.0, 10.0)


@pytest.mark.parametrize(
    ("eerste", "laatste", "x", "breedte"),
    [
        (date(2026, 6, 1), date(2027, 1, 1), 0.0, 1.0),
        (date(2027, 4, 10), date(2028, 1, 1), 99.0, 1.0),
        (date(2026, 1, 1), date(2028, 1, 1), 0.0, 100.0),
        (None, date(2027, 1, 30), 0.0, 30.0),
        (date(2027, 2, 20), None, 50.0, 50.0),
    ],
)
def test_what_goes_on_outside_the_picture_is_cut_off_at_its_edges(
    eerste: date | None, laatste: date | None, x: float, breedte: float
) -> None:
    stuk = HONDERD.stuk(eerste, laatste)

    assert stuk is not None
    assert (stuk.x, stuk.breedte) == (x, breedte)


@pytest.mark.parametrize("dag", [date(2026, 12, 31), date(2027, 4, 11)])
def test_a_day_outside_the_picture_is_not_in_it(dag: date) -> None:
    assert HONDERD.stuk(dag, dag) is None


@settings(max_examples=50, deadline=None)
@given(DAG, st.integers(1, 4_000), DAG, st.integers(0, 900))
def test_a_piece_is_in_the_picture_exactly_when_it_shares_a_day_with_it(
    begin: date, dagen: int, eerste: date, duur: int
) -> None:
    schaal = Schaal(begin, begin + timedelta(days=dagen))
    laatste = eerste + timedelta(days=duur)

    stuk = schaal.stuk(eerste, laatste, BALK_MIN)

    deelt = eerste <= schaal.laatste and laatste >= schaal.eerste
    assert (stuk is not None) == deelt
    if stuk:
        assert 0 <= stuk.x <= stuk.eind <= 100.01
        assert stuk.breedte >= BALK_MIN - 0.001


@settings(max_examples=50, deadline=None)
@given(DAG, st.integers(1, 120))
def test_the_lines_cover_the_picture_from_left_to_right(begin: date, maanden: int) -> None:
    begin = begin.replace(day=1)
    strepen = Schaal(begin, add_months(begin, maanden) - timedelta(days=1)).strepen()

    assert strepen[0].x == 0
    assert [s.x for s in strepen] == sorted(s.x for s in strepen)
    assert all(s.x < s.naam_x <= 100 for s in strepen)
    assert len(strepen) <= 17
    jaren = [s.jaar for s in strepen if s.jaar]
    assert jaren == [j for j in range(begin.year, begin.year + 12) if j in jaren]


def test_months_have_their_names_and_a_new_year_its_number() -> None:
    strepen = Schaal(date(2027, 4, 1), date(2028, 5, 31)).strepen()

    assert [s.naam for s in strepen][:3] == ["apr", "mei", "jun"]
    assert [(s.naam, s.jaar) for s in strepen if s.jaar] == [("jan", 2028)]
    assert len(strepen) == 14


def test_a_year_of_which_little_is_shown_has_no_number_in_the_way_of_the_next() -> None:
    strepen = Schaal(date(2026, 11, 1), date(2036, 10, 31)).strepen()

    assert [s.jaar for s in strepen] == [0, *range(2027, 2037)]


def test_a_quarter_that_has_begun_is_named_after_the_first_month_that_is_shown() -> None:
    strepen = Schaal(date(2026, 11, 1), date(2028, 10, 31)).strepen()

    assert [s.naam for s in strepen][:3] == ["nov", "jan", "apr"]


def test_a_row_shows_what_can_move_and_what_had_better_rest() -> None:
    dagen = Dagen(
        date(2027, 1, 11), date(2027, 1, 20), date(2027, 1, 1), date(2027, 6, 1), date(2032, 1, 20)
    )

    regel = lay_row(HONDERD, dagen, 2, KOP_PX)

    assert regel.y == KOP_PX + 2 * RIJ_PX
    assert regel.ruimte is not None
    assert (regel.ruimte.x, regel.ruimte.eind) == (0.0, 100.0)
    assert regel.einden == (True, False)
    assert regel.rust is not None
    assert (regel.rust.x, regel.rust.eind) == (20.0, 100.0)
    assert regel.rust_tekst == "niet graven t/m januari 2032"


def test_what_cannot_move_has_no_room_drawn() -> None:
    regel = lay_row(HONDERD, Dagen(date(2027, 1, 11), date(2027, 1, 20)), 0, KOP_PX)

    assert regel.ruimte is None
    assert regel.rust is None


def test_a_finished_work_outside_the_picture_shows_only_its_rest() -> None:
    dagen = Dagen(date(2025, 1, 1), date(2025, 2, 1), rust_tot=date(2027, 2, 1))

    regel = lay_row(HONDERD, dagen, 0, KOP_PX)

    assert regel.balk is None
    assert regel.rust is not None


def test_names_of_activities_step_aside_for_one_another() -> None:
    dag = date(2027, 2, 1)
    banden, kop, nu = lay_bands(HONDERD, [("Kermis", dag, dag)] * 5, date(2020, 1, 1))

    assert nu is None
    assert kop == KOP_PX + 2 * 18
    assert len({band.naam_y for band in banden if band and band.naam}) == 3
    assert [band.naam for band in banden if band].count("") == 2


def test_the_years_and_today_have_their_names_before_any_activity() -> None:
    schaal = Schaal(date(2026, 11, 1), date(2027, 12, 31))
    dagen = [("Oudejaarsvuur", date(2026, 12, 31), date(2027, 1, 1))] * 3

    banden, kop, nu = lay_bands(schaal, dagen, date(2026, 12, 20))

    assert nu is not None
    laagste = kop - KOP_PX + 20
    assert nu.naam_y == laagste - 18
    assert [band.naam_y for band in banden if band and band.naam] == [laagste - 36]


def test_a_name_at_the_right_edge_is_written_to_the_left() -> None:
    [band], _kop, _nu = lay_bands(
        HONDERD, [("Kermis", date(2027, 4, 9), date(2027, 4, 10))], date(2020, 1, 1)
    )

    assert band is not None
    assert band.links


def test_pairs_stand_together_and_so_do_chains() -> None:
    order = order_rows(["a", "b", "c", "d", "e"], [("a", "d"), ("d", "c"), ("x", "b")])

    assert order == ["a", "c", "d", "b", "e"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 30), unique=True), st.data())
def test_ordering_keeps_every_row_once(rijen: list[int], data: st.DataObject) -> None:
    sleutels = [str(rij) for rij in rijen]
    paren = data.draw(st.lists(st.tuples(*[st.sampled_from(sleutels or ["x"])] * 2)))

    assert sorted(order_rows(sleutels, paren)) == sorted(sleutels)
    assert order_rows(sleutels, []) == sleutels
