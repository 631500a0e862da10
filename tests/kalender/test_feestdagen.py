from datetime import date

import pytest

from kernenkaart.kalender.feestdagen import find_feestdagen


@pytest.mark.parametrize(
    ("dag", "naam"),
    [
        (date(2027, 3, 26), "Goede Vrijdag"),
        (date(2027, 3, 28), "1e paasdag"),
        (date(2027, 5, 6), "Hemelvaartsdag"),
        (date(2027, 5, 17), "2e pinksterdag"),
        (date(2025, 4, 26), "Koningsdag"),  # the 27th is a Sunday
        (date(2027, 4, 27), "Koningsdag"),
        (date(2026, 12, 26), "2e kerstdag"),
        (date(2016, 5, 5), "Bevrijdingsdag, Hemelvaartsdag"),
    ],
)
def test_a_feast_stands_on_its_day(dag: date, naam: str) -> None:
    assert set(find_feestdagen(dag.year)[dag].split(", ")) == set(naam.split(", "))


def test_koningsdag_is_never_on_a_sunday() -> None:
    koningsdagen = [
        dag
        for jaar in range(2014, 2101)
        for dag, naam in find_feestdagen(jaar).items()
        if "Koningsdag" in naam
    ]

    assert len(koningsdagen) == 87
    assert [dag for dag in koningsdagen if dag.weekday() == 6] == []
