"""Days and times as people write them."""

import re
from datetime import date, time

import pytest

from kernenkaart.tijd import format_maanden, parse_dag, parse_tijd

VANDAAG = date(2027, 4, 21)


@pytest.mark.parametrize(
    ("text", "dag"),
    [
        ("12-06-2027", date(2027, 6, 12)),
        ("12-6-27", date(2027, 6, 12)),
        ("12/6/2027", date(2027, 6, 12)),
        ("12.06.2027", date(2027, 6, 12)),
        ("2027-06-12", date(2027, 6, 12)),
        (" 12 juni 2027 ", date(2027, 6, 12)),
        ("12 Jun 2027", date(2027, 6, 12)),
        ("za 12 juni", date(2027, 6, 12)),
        ("Zaterdag 12 juni 2027", date(2027, 6, 12)),
        ("za. 12-06-2027", date(2027, 6, 12)),
        ("3 mrt 2028", date(2028, 3, 3)),
        ("21-4", date(2027, 4, 21)),
        ("20-4", date(2028, 4, 20)),
        ("29-2", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, dag: date) -> None:
    assert parse_dag(text, VANDAAG) == dag


@pytest.mark.parametrize(
    ("text", "zin"),
    [
        ("31-02-2027", "Deze datum bestaat niet. Kijk de dag en de maand na."),
        ("30-02", "Deze datum bestaat niet. Kijk de dag en de maand na."),
        ("0-0", "Deze datum bestaat niet. Kijk de dag en de maand na."),
        ("29-02-2027", "Deze datum bestaat niet. Kijk de dag en de maand na."),
        ("12-06-0027", "Dit jaar klopt niet. Vul een datum in als 12-06-2027."),
        ("12-06-9999", "Dit jaar klopt niet. Vul een datum in als 12-06-2027."),
        ("12 joni 2027", "De maand joni bestaat niet. Vul een datum in als 12-06-2027."),
        ("ma 12-06-2027", "12 juni 2027 is een zaterdag. Verbeter de dag of de datum."),
        ("morgen", "Vul een datum in als 12-06-2027."),
        ("1" * 5000, "Vul een datum in als 12-06-2027."),
        ("", "Vul een datum in als 12-06-2027."),
    ],
)
def test_what_is_no_day_gets_a_sentence(text: str, zin: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(zin)}$"):
        parse_dag(text, VANDAAG)


@pytest.mark.parametrize(
    ("text", "tijdstip"),
    [
        ("10.00", time(10)),
        ("10:00", time(10)),
        ("9:30", time(9, 30)),
        ("09.05 uur", time(9, 5)),
        ("9u", time(9)),
        ("14", time(14)),
        ("14:30:00", time(14, 30)),
        ("24.00", time(0)),
        ("0.00", time(0)),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, tijdstip: time) -> None:
    assert parse_tijd(text) == tijdstip


@pytest.mark.parametrize("text", ["25.00", "24.01", "10.60", "tien", "10.0", "", "10-16", "-1"])
def test_what_is_no_time_gets_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"Vul een tijd in als 10\.00\."):
        parse_tijd(text)


@pytest.mark.parametrize(
    ("eerste", "laatste", "tekst"),
    [
        (date(2027, 5, 1), date(2028, 9, 30), "mei 2027 - september 2028"),
        (date(2027, 5, 1), date(2027, 9, 30), "mei - september 2027"),
        (date(2027, 5, 1), date(2027, 5, 31), "mei 2027"),
        (date(2027, 5, 1), None, "vanaf mei 2027"),
        (None, date(2027, 5, 31), "tot en met mei 2027"),
        (None, None, ""),
    ],
)
def test_what_takes_long_is_told_in_months(
    eerste: date | None, laatste: date | None, tekst: str
) -> None:
    assert format_maanden(eerste, laatste) == tekst
