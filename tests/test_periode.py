"""Periods as people write them: read, said again, refused with an example."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernenkaart.periode import (
    Nauwkeurigheid,
    Tijdvak,
    format_duur,
    format_periode,
    parse_duur,
    parse_periode,
)

VANDAAG = date(2027, 11, 22)
DAGEN = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("tekst", "eerste", "laatste", "hoe"),
    [
        ("voorjaar 2028", "2028-03-01", "2028-05-31", "seizoen"),
        ("Lente van 2028", "2028-03-01", "2028-05-31", "seizoen"),
        ("herfst 2028", "2028-09-01", "2028-11-30", "seizoen"),
        ("winter 2027-2028", "2027-12-01", "2028-02-29", "seizoen"),
        ("winter 2028/29", "2028-12-01", "2029-02-28", "seizoen"),
        ("winter 2099-2100", "2099-12-01", "2100-02-28", "seizoen"),
        ("Q3 2027", "2027-07-01", "2027-09-30", "kwartaal"),
        ("2027-Q3", "2027-07-01", "2027-09-30", "kwartaal"),
        ("3e kwartaal 2027", "2027-07-01", "2027-09-30", "kwartaal"),
        ("k4 van 2027", "2027-10-01", "2027-12-31", "kwartaal"),
        ("maart 2028", "2028-03-01", "2028-03-31", "maand"),
        ("febr. 2028", "2028-02-01", "2028-02-29", "maand"),
        ("dec 2027", "2027-12-01", "2027-12-31", "maand"),
        ("week 12 2027", "2027-03-22", "2027-03-28", "week"),
        ("2027-W12", "2027-03-22", "2027-03-28", "week"),
        ("week 53 2026", "2026-12-28", "2027-01-03", "week"),
        ("week 1 van 2027", "2027-01-04", "2027-01-10", "week"),
        ("2028", "2028-01-01", "2028-12-31", "jaar"),
        ("7 juni 2027", "2027-06-07", "2027-06-07", "dag"),
        ("maart t/m mei 2028", "2028-03-01", "2028-05-31", "maand"),
        ("najaar t/m voorjaar 2029", "2028-09-01", "2029-05-31", "seizoen"),
        ("week 50 2027 t/m week 2 2028", "2027-12-13", "2028-01-16", "week"),
        ("2028 tot en met 2030", "2028-01-01", "2030-12-31", "jaar"),
        ("ma 7 juni t/m vr 2 juli 2027", "2027-06-07", "2027-07-02", "dag"),
        ("7 t/m 9 juni 2028", "2028-06-07", "2028-06-09", "dag"),
        ("di 28 december t/m ma 3 januari 2028", "2027-12-28", "2028-01-03", "dag"),
    ],
)
def test_a_period_is_read_as_people_write_it(
    tekst: str, eerste: str, laatste: str, hoe: str
) -> None:
    found = parse_periode(tekst, VANDAAG)

    assert (f"{found.eerste}", f"{found.laatste}", found.nauwkeurigheid) == (eerste, laatste, hoe)


@pytest.mark.parametrize(
    ("tekst", "eerste"),
    [
        ("november", "2027-11-01"),  # not over yet
        ("oktober", "2028-10-01"),
        ("Q3", "2028-07-01"),
        ("q4", "2027-10-01"),
        ("winter", "2027-12-01"),
        ("najaar", "2027-09-01"),
        ("week 46", "2028-11-13"),
        ("week 47", "2027-11-22"),
        ("week 53", "2032-12-27"),  # the next year that has one
        ("22 november", "2027-11-22"),
        ("29 februari", "2028-02-29"),
    ],
)
def test_without_a_year_it_is_the_first_that_is_not_over(tekst: str, eerste: str) -> None:
    assert f"{parse_periode(tekst, VANDAAG).eerste}" == eerste


def test_in_january_this_winter_is_the_one_that_began_last_year() -> None:
    assert parse_periode("winter", date(2028, 1, 3)).eerste == date(2027, 12, 1)


@pytest.mark.parametrize(
    "tekst",
    ["", "straks", "voor de bouwvak", "5e kwartaal 2027", "Q0 2027", "week 2027", "maart t/m",
     "voorjaar 2028 t/m Q4 2028", "voorjaar 2028-2029", "a t/m b t/m c", "2028 mei", "²"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_an_example(tekst: str) -> None:
    with pytest.raises(ValueError, match=r"Schrijf.*voorjaar 2028"):
        parse_periode(tekst, VANDAAG)


@pytest.mark.parametrize(
    ("tekst", "zin"),
    [
        ("week 53 2027", "2027 heeft week 1 tot en met 52."),
        ("week 0 2027", "2027 heeft week 1 tot en met 52."),
        ("winter 2028", "winter 2028-2029"),
        ("winter 2028-2030", "winter 2028-2029"),
        ("31 juni 2027", "Deze datum bestaat niet."),
        ("ma 8 juni 2027", "8 juni 2027 is een dinsdag."),
        ("mei 2028 t/m maart 2027", "vóór het begin"),
    ],
)
def test_what_is_nearly_right_is_told_what_is_wrong(tekst: str, zin: str) -> None:
    with pytest.raises(ValueError, match=zin):
        parse_periode(tekst, VANDAAG)


@pytest.mark.parametrize(
    ("eerste", "laatste", "hoe", "tekst"),
    [
        ("2027-06-07", "2027-07-02", "dag", "ma 7 juni t/m vr 2 juli"),
        ("2027-03-22", "2027-03-28", "week", "week 12 van 2027"),
        ("2026-12-28", "2027-01-03", "week", "week 53 van 2026"),
        ("2028-03-01", "2028-03-31", "maand", "maart 2028"),
        ("2028-03-01", "2028-05-31", "maand", "maart t/m mei 2028"),
        ("2027-12-01", "2028-01-31", "maand", "december 2027 t/m januari 2028"),
        ("2027-07-01", "2027-09-30", "kwartaal", "3e kwartaal 2027"),
        ("2028-03-01", "2028-05-31", "seizoen", "voorjaar 2028"),
        ("2027-12-01", "2028-02-29", "seizoen", "winter 2027-2028"),
        ("2028-01-15", "2028-02-10", "seizoen", "winter 2027-2028"),  # no bounds: what it lies in
        ("2028-01-01", "2030-12-31", "jaar", "2028 t/m 2030"),
    ],
)
def test_the_words_are_as_sure_as_the_days(eerste: str, laatste: str, hoe: str, tekst: str) -> None:
    dagen = date.fromisoformat(eerste), date.fromisoformat(laatste)

    assert format_periode(*dagen, hoe, VANDAAG) == tekst


@given(DAGEN, st.integers(0, 900), st.sampled_from(list(Nauwkeurigheid)[1:]))
@settings(max_examples=150)
def test_what_is_said_is_read_again_and_holds_the_days(
    eerste: date, dagen: int, hoe: Nauwkeurigheid
) -> None:
    laatste = eerste + timedelta(days=dagen)

    found = parse_periode(format_periode(eerste, laatste, hoe), VANDAAG)

    assert found.eerste <= eerste
    assert laatste <= found.laatste
    assert parse_periode(str(found), VANDAAG) == found == Tijdvak(found.eerste, found.laatste, hoe)


@pytest.mark.parametrize(
    ("tekst", "dagen"),
    [("3 weken", 21), ("ongeveer 10 dagen", 10), ("een week", 7), ("1 dag", 1), ("2 maanden", 60)],
)
def test_a_length_is_read_as_people_write_it(tekst: str, dagen: int) -> None:
    assert parse_duur(tekst) == dagen


@pytest.mark.parametrize("tekst", ["", "lang", "0 dagen", "-3 weken", "99 jaar", "weken", "3"])
def test_what_is_no_length_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match=r"^(Schrijf bijvoorbeeld|Vul een duur)"):
        parse_duur(tekst)


@given(st.integers(1, 3_660))
def test_a_length_in_words_is_the_same_length(dagen: int) -> None:
    assert parse_duur(format_duur(dagen)) == dagen
