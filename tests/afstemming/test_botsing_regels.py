"""When a work and an activity clash, in a truth table; and what is usual."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernenkaart.afstemming.botsing_models import Klasse
from kernenkaart.afstemming.botsing_regels import (
    BotsingRegels,
    Geweest,
    botsing_regels,
    classify,
    days_of,
    find_usual,
    name_of,
    shared_days,
)
from kernenkaart.tijd import AMSTERDAM, Periode

REGELS = BotsingRegels(25, 250, 7, 3000, 8, 250, 3, 6, 3)
WERK = Periode(date(2027, 6, 7), date(2027, 6, 11))


def moment(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst).replace(tzinfo=AMSTERDAM)


def dagen(eerste: str, laatste: str = "") -> Periode:
    return Periode(date.fromisoformat(eerste), date.fromisoformat(laatste or eerste))


@pytest.mark.parametrize(
    ("begint", "eindigt", "samen"),
    [
        ("2027-06-06T10:00", "2027-06-06T16:00", 0),  # the day before
        ("2027-06-06T20:00", "2027-06-07T00:00", 0),  # until midnight is the day before
        ("2027-06-06T20:00", "2027-06-07T00:01", 1),  # over midnight touches the first day
        ("2027-06-07T00:00", "2027-06-08T00:00", 1),  # the whole first day
        ("2027-06-08T10:00", "2027-06-09T16:00", 2),  # contained
        ("2027-06-01T00:00", "2027-07-01T00:00", 5),  # contains the work
        ("2027-06-11T23:00", "2027-06-12T03:00", 1),  # the night after the last day
        ("2027-06-12T00:00", "2027-06-12T10:00", 0),  # from midnight is the day after
    ],
)
def test_days_are_those_of_amsterdam(begint: str, eindigt: str, samen: int) -> None:
    activiteit = days_of(moment(begint), moment(eindigt))

    assert shared_days(WERK, activiteit)[0] == samen
    assert (classify(0, WERK, activiteit, REGELS) or classify(0, WERK, WERK, REGELS)) is not None


@pytest.mark.parametrize(
    ("begint", "eindigt", "dag"),
    [
        ("2027-03-28T00:00", "2027-03-29T00:00", "2027-03-28"),  # 23 hours
        ("2027-10-31T00:00", "2027-11-01T00:00", "2027-10-31"),  # 25 hours
        ("2027-10-31T02:30", "2027-10-31T23:59", "2027-10-31"),  # an hour that is there twice
    ],
)
def test_a_day_on_which_the_clock_moves_is_one_day(begint: str, eindigt: str, dag: str) -> None:
    assert days_of(moment(begint), moment(eindigt)) == dagen(dag)


@pytest.mark.parametrize(
    ("afstand_m", "activiteit", "afgesneden", "klasse"),
    [
        (0, dagen("2027-06-07"), False, Klasse.ZELFDE_PLEK_EN_TIJD),
        (25, dagen("2027-06-11"), True, Klasse.ZELFDE_PLEK_EN_TIJD),
        (25.1, dagen("2027-06-11"), False, Klasse.ZELFDE_TIJD),
        (250, dagen("2027-06-11"), False, Klasse.ZELFDE_TIJD),
        (250, dagen("2027-06-11"), True, Klasse.TOEGANG),
        (250.1, dagen("2027-06-11"), False, None),
        (2000, dagen("2027-06-09"), True, Klasse.TOEGANG),
        (2000, dagen("2027-06-12"), True, None),
        (0, dagen("2027-06-12"), False, Klasse.ZELFDE_PLEK),
        (0, dagen("2027-06-19"), False, Klasse.ZELFDE_PLEK),  # seven days lie between
        (0, dagen("2027-06-20"), False, None),
        (0, dagen("2027-05-30"), False, Klasse.ZELFDE_PLEK),
        (0, dagen("2027-05-29"), False, None),
        (25.1, dagen("2027-06-12"), False, None),
    ],
)
def test_place_and_time_together_say_how_they_clash(
    afstand_m: float, activiteit: Periode, afgesneden: bool, klasse: Klasse | None
) -> None:
    found = classify(afstand_m, WERK, activiteit, REGELS, afgesneden=afgesneden)

    assert (found.klasse if found else None) == klasse


periodes = st.builds(
    lambda begin, lengte: Periode(
        date(2027, 1, 1) + timedelta(days=begin), date(2027, 1, 1) + timedelta(days=begin + lengte)
    ),
    st.integers(0, 400),
    st.integers(0, 40),
)


@settings(max_examples=50, deadline=None)
@given(periodes, periodes, st.floats(0, 1000), st.booleans(), st.integers(-500, 500))
def test_it_does_not_matter_who_asks_nor_when(
    een: Periode, ander: Periode, afstand_m: float, dicht: bool, schuif: int
) -> None:
    def moved(periode: Periode) -> Periode:
        assert periode.eerste
        assert periode.laatste
        stap = timedelta(days=schuif)
        return Periode(periode.eerste + stap, periode.laatste + stap)

    found = classify(afstand_m, een, ander, REGELS, afgesneden=dicht)

    assert classify(afstand_m, ander, een, REGELS, afgesneden=dicht) == found
    assert classify(afstand_m, moved(een), moved(ander), REGELS, afgesneden=dicht) == found
    if found:
        assert classify(afstand_m / 2, een, ander, REGELS, afgesneden=dicht) is not None


def kermis(*jaren: int, titel: str = "Kermis {}", dag: int = 2, platform: int = 1) -> list[Geweest]:
    """On the same Saturday of the year, more or less."""
    result = []
    for nummer, jaar in enumerate(jaren):
        eerste = date.fromisocalendar(jaar, 23, 6) + timedelta(days=7 * (nummer % 2) if dag else 0)
        result.append(Geweest(nummer, platform, titel.format(jaar), Periode(eerste, eerste)))
    return result


def test_what_was_there_in_three_years_is_expected_and_from_one_year_not() -> None:
    (usual,) = find_usual(kermis(2024, 2025, 2026), 2027, REGELS)

    assert usual.jaren == (2024, 2025, 2026)
    assert usual.dagen.eerste == date.fromisocalendar(2027, 23, 6)
    assert find_usual(kermis(2026), 2027, REGELS) == []
    assert find_usual(kermis(2025, 2026), 2027, REGELS) == []


@pytest.mark.parametrize(
    "geweest",
    [
        kermis(2022, 2023, 2024),  # not for two years
        kermis(2024, 2025) + kermis(2026, platform=2),  # of another group
        kermis(2024, 2025) + kermis(2026, titel="Braderie"),  # under another name
        [  # every week
            Geweest(n, 1, "Markt", Periode(dag, dag))
            for n in range(160)
            for dag in [date(2024, 1, 6) + timedelta(weeks=n)]
        ],
    ],
)
def test_what_is_not_the_same_every_year_is_not_usual(geweest: list[Geweest]) -> None:
    assert find_usual(geweest, 2027, REGELS) == []


def test_another_week_is_another_thing() -> None:
    verder = Geweest(9, 1, "Kermis", dagen("2026-09-05"))

    assert find_usual([*kermis(2024, 2025, dag=0), verder], 2027, REGELS) == []


def test_a_year_or_a_number_is_no_part_of_a_name() -> None:
    assert (
        name_of("Kermis Tricht 2026") == name_of("kermis Tricht") == name_of("38e Kermis Tricht!")
    )
    assert name_of("2026") == "2026"


def test_the_rules_of_this_municipality_can_be_read() -> None:
    assert botsing_regels().dichtbij_m >= botsing_regels().zelfde_plek_m
