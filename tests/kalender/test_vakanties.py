from datetime import date
from itertools import pairwise

import pytest

from kernenkaart.config import VAKANTIEREGIOS, Settings
from kernenkaart.kalender.indeling import to_days, to_months
from kernenkaart.kalender.vakanties import find_vakanties
from kernenkaart.tijd import Periode


@pytest.mark.parametrize("regio", [regio for regio in VAKANTIEREGIOS if regio])
def test_school_holidays_run_from_a_saturday_to_a_sunday_and_never_touch(regio: str) -> None:
    found = [one for jaar in range(2025, 2029) for one in find_vakanties(jaar, regio)]

    assert len(found) >= 10
    assert {(one.eerste.weekday(), one.laatste.weekday()) for one in found} == {(5, 6)}
    assert all(een.laatste < twee.eerste for een, twee in pairwise(found))


def test_the_year_says_when_a_school_holiday_begins_and_how_long_it_is() -> None:
    juli = to_months([], 2027, met_kern=False, regio="midden")[6]

    assert [(v.dag, v.titel, v.klein) for v in juli.vermeldingen] == [
        (date(2027, 7, 17), "Begin zomervakantie", "t/m zo 29 augustus")
    ]


def test_a_holiday_over_new_year_says_the_year_it_ends() -> None:
    kerst = find_vakanties(2026, "midden")[-1]
    dag = to_days([], Periode(kerst.eerste, kerst.eerste), met_kern=False, regio="midden")[0]

    assert [v.klein for v in dag.vermeldingen] == ["t/m zo 3 januari 2027"]


def test_without_a_region_only_feast_days_stand_in_the_calendar() -> None:
    maanden = to_months([], 2027, met_kern=False, regio="")

    assert [v.titel for v in maanden[4].vermeldingen][:1] == ["Dodenherdenking"]
    assert maanden[6].vermeldingen == ()


def test_a_filtered_calendar_has_neither() -> None:
    maanden = to_months([], 2027, met_kern=False, regio=None)

    assert {maand.vermeldingen for maand in maanden} == {()}


def test_a_region_that_does_not_exist_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="KERNENKAART_VAKANTIEREGIO='west'"):
        Settings.from_env({"KERNENKAART_VAKANTIEREGIO": "west"})
