from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from werkzeug.datastructures import MultiDict

from kernenkaart.kalender.vraag import KalenderVraag
from kernenkaart.tijd import Periode

VANDAAG = date(2027, 4, 21)


def read(adres: str) -> tuple[KalenderVraag, dict[str, str]]:
    args = MultiDict(parse_qsl(adres, keep_blank_values=True))
    return KalenderVraag.from_args(args, VANDAAG)


@pytest.mark.parametrize(
    ("adres", "eerste", "laatste"),
    [
        ("", date(2027, 1, 1), date(2027, 12, 31)),
        ("jaar=2028", date(2028, 1, 1), date(2028, 12, 31)),
        ("vorm=maand", date(2027, 4, 1), date(2027, 4, 30)),
        ("maand=2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("vorm=lijst&maand=2027-12", date(2027, 12, 1), date(2027, 12, 31)),
        ("week=2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("week=2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        ("dag=2028-02-29", date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_an_address_names_the_days_that_are_shown(adres: str, eerste: date, laatste: date) -> None:
    vraag, fouten = read(adres)

    assert fouten == {}
    assert vraag.periode == Periode(eerste, laatste)


@pytest.mark.parametrize(
    "adres",
    [
        "jaar=2027",
        "maand=2027-04&q=koor&soort=muziek",
        "week=2026-W53&toon=werk",
        "dag=2028-02-29&toon=geen",
        "vorm=lijst&maand=2027-05&doelgroep=kinderen&toon=buren",
    ],
)
def test_a_state_stands_in_the_address_and_comes_back_from_it(adres: str) -> None:
    vraag, _fouten = read(adres)

    again, fouten = read(urlencode(vraag.to_args(), doseq=True))

    assert fouten == {}
    assert (again.periode, again.to_args()) == (vraag.periode, vraag.to_args())
    assert urlencode(vraag.to_args(), doseq=True) == adres


def test_boxes_that_are_all_unticked_stay_unticked() -> None:
    vraag, _fouten = read("jaar=2027&toon=geen")

    assert (vraag.buren, vraag.werk) == (False, False)


@pytest.mark.parametrize(
    "adres",
    [
        "jaar=20277", "jaar=0000", "jaar=1999", "maand=2027-13", "maand=0000-01", "week=2027-W53",
        "week=9999-W52", "dag=2027-02-29", "vorm=kwartaal", "jaar=²⁰²⁷",
    ],
)  # fmt: skip
def test_days_that_do_not_exist_are_told_and_today_is_shown(adres: str) -> None:
    vraag, fouten = read(adres)

    assert list(fouten) == [adres.split("=", maxsplit=1)[0]]
    assert vraag.dag == VANDAAG


@pytest.mark.parametrize(
    ("adres", "stap", "titel"),
    [
        ("maand=2027-12", 1, "januari 2028"),
        ("maand=2028-03", -1, "februari 2028"),
        ("week=2026-W53", 1, "week 1 van 2027"),
        ("dag=2028-02-28", 1, "di 29 februari 2028"),
        ("jaar=2027", -1, "2026"),
    ],
)
def test_a_step_leads_to_the_next_of_the_same(adres: str, stap: int, titel: str) -> None:
    verder = read(adres)[0].verder(stap)

    assert verder is not None
    assert verder.titel == titel


def test_the_calendar_ends_somewhere() -> None:
    assert read("jaar=2100")[0].verder(1) is None
    assert read("week=2000-W01")[0].verder(-1) is None
