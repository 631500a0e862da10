"""Real files say the same under many names; the right column is recognised or asked for."""

from typing import Any

import pytest

from kernenkaart.errors import Invalid
from kernenkaart.kernen.kolommen import (
    guess,
    guess_gemeenten,
    normal_gemeente_code,
    tekst,
)
from tests.kernen.bestanden import bestand, rij, vierkant

CBS = {
    "bu_code": "BU02360000",
    "bu_naam": "Geldermalsen-Centrum",
    "wk_code": "WK023600",
    "gm_code": "GM0236",
    "gm_naam": "Geldermalsen",
    "water": "NEE",
}


@pytest.mark.parametrize(
    ("velden", "naam", "code", "gemeente"),
    [
        (CBS, "bu_naam", "bu_code", "gm_code"),
        (CBS | {"name": "Centrum", "wof_id": 1141963275}, "bu_naam", "bu_code", "gm_code"),
        (
            {"buurtcode": "BU1", "buurtnaam": "Oost", "gemeentecode": "GM1", "gemeentenaam": "Est"},
            *("buurtnaam", "buurtcode", "gemeentecode"),
        ),
        ({"wijkcode": "WK1", "wijknaam": "Oost", "water": "NEE"}, "wijknaam", "wijkcode", None),
        (
            {"fid": 4, "identificatie": "2345", "woonplaats": "Est"},
            "woonplaats",
            "identificatie",
            None,
        ),
        ({"WOONPLAATS": "Est", "IDENTIFICATIE": "2345"}, "WOONPLAATS", "IDENTIFICATIE", None),
        ({"statcode": "BU19600101", "statnaam": "Est", "id": 3}, "statnaam", "statcode", None),
        (
            {"wof_id": 5, "name": "Est", "localadmin_code": "GM0304", "population": None},
            *("name", "wof_id", "localadmin_code"),
        ),
        ({"wof:id": 5, "wof:name": "Est", "wof:country": "NL"}, "wof:name", "wof:id", None),
        ({"@id": "way/5", "name": "Est"}, "name", "@id", None),
        ({"Kern": "Est", "Gem_Code": 1960}, "Kern", None, "Gem_Code"),
        ({"naam": "Est", "code": "x", "gemeente": "GM1960"}, "naam", "code", "gemeente"),
        ({"name": "Est", "gm_naam": "West", "kern": 1}, "name", None, None),
    ],
)
def test_columns_are_recognised(
    velden: dict[str, Any], naam: str, code: str | None, gemeente: str | None
) -> None:
    file = bestand(rij(vierkant(), **velden))

    found = guess(file.velden, file.features)

    assert (found.naam, found.code, found.gemeente_code) == (naam, code, gemeente)


def test_a_column_that_does_not_tell_rows_apart_is_no_code() -> None:
    file = bestand(
        rij(vierkant(0), naam="Est", code="dorp", wof_id=1),
        rij(vierkant(1), naam="Tuil", code="dorp", wof_id=2),
    )

    assert guess(file.velden, file.features).code == "wof_id"


def test_a_column_that_is_told_wins_whatever_its_case() -> None:
    file = bestand(rij(vierkant(), naam="Est", Bijnaam="Estje", nr=4))

    found = guess(file.velden, file.features, naam="bijnaam", code="NR")

    assert (found.naam, found.code) == ("Bijnaam", "nr")


@pytest.mark.parametrize("told", [{"naam": "titel"}, {"code": "titel"}])
def test_a_told_column_that_is_not_there_is_refused_with_those_that_are(
    told: dict[str, str],
) -> None:
    file = bestand(rij(vierkant(), naam="Est", nr=4))

    with pytest.raises(Invalid, match=r"geen kolom 'titel'\. Dit bestand heeft: naam, nr"):
        guess(file.velden, file.features, **told)


def test_without_a_name_the_columns_are_shown() -> None:
    file = bestand(rij(vierkant(), nr=4, hoogte=2.5))

    with pytest.raises(Invalid, match=r"Geef die met --naam\. Dit bestand heeft: nr, hoogte"):
        guess(file.velden, file.features)


def test_gemeenten_are_recognised_and_asked_for() -> None:
    cbs = bestand(rij(vierkant(), statcode="GM1960", statnaam="West", jrstatcode="2022GM1960"))
    pdok = bestand(rij(vierkant(), identificatie="GM1960", naam="West", code="1960"))
    none = bestand(rij(vierkant(), naam="West", code="x"))

    assert guess_gemeenten(cbs.velden, cbs.features).code == "statcode"
    assert guess_gemeenten(pdok.velden, pdok.features).code == "identificatie"
    with pytest.raises(Invalid, match="Geef die met --code"):
        guess_gemeenten(none.velden, none.features)


@pytest.mark.parametrize(
    ("waarde", "code"),
    [
        *(("GM1960", "GM1960"), ("gm0236", "GM0236"), (236, "GM0236"), ("0236", "GM0236")),
        *((1960.0, "GM1960"), ("2022GM1960", "GM1960"), ("G1960", "GM1960"), (" 1960 ", "GM1960")),
        *((None, None), ("", None), ("BU19600001", None), ("Est", None), (0, None), (12345, None)),
    ],
)
def test_a_cbs_code_has_one_form(waarde: Any, code: str | None) -> None:
    assert normal_gemeente_code(waarde) == code


@pytest.mark.parametrize(
    ("waarde", "text"), [(2759643.0, "2759643"), ("  't  Loo ", "'t Loo"), (None, ""), (1.5, "1.5")]
)
def test_a_value_becomes_text(waarde: Any, text: str) -> None:
    assert tekst(waarde) == text
