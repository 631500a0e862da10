"""What a page says of hinder, detour and steps is what its map shows."""

from datetime import date

import pytest
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from kernenkaart.werkzaamheden.beeld import Beeld, format_lengte, make_beeld
from kernenkaart.werkzaamheden.services import FaseZin, HinderVormen

STRAAT = LineString([(0, 0), (100, 0)])
DAG = date(2027, 6, 7)


def beeld(
    vormen: HinderVormen, *plekken: BaseGeometry | None, geom: BaseGeometry = STRAAT
) -> Beeld:
    fasen = [FaseZin(f"stap {n}", DAG, DAG, plek) for n, plek in enumerate(plekken, 1)]
    return make_beeld({"ding": "werkzaamheid", "geom": geom, "hinder": "beperkt"}, vormen, fasen)


@pytest.mark.parametrize(
    ("vlak", "zin"),
    [
        (STRAAT.buffer(20), "Hinder is er in het gestreepte vlak: op het werk zelf"),
        (box(0, -30, 100, 140), "in het gestreepte vlak: tot ongeveer 150 meter van het werk."),
        (LineString([(100, 0), (100, 60)]), "op de stippen: tot ongeveer 60 meter van het werk."),
    ],
)
def test_how_far_hinder_reaches_is_told(vlak: BaseGeometry, zin: str) -> None:
    gevonden = beeld(HinderVormen(hinder=vlak))

    assert zin in gevonden.zinnen[0]
    assert gevonden.soorten == ("hinder",)


def test_a_detour_is_told_with_its_length() -> None:
    gevonden = beeld(HinderVormen(omleiding=LineString([(0, 0), (0, 600), (620, 600)])))

    assert gevonden.zinnen == ("De omleiding is ongeveer 1,2 kilometer lang.",)


def test_only_steps_with_a_place_are_drawn_below_the_work_and_keep_their_number() -> None:
    gevonden = beeld(HinderVormen(), None, LineString([(0, 0), (10, 0), (80, 0)]))

    assert [ding.get("nummer") for ding in gevonden.dingen] == [2, None]
    assert gevonden.dingen[0]["punt"] == Point(40, 0)
    assert gevonden.soorten == ("stap",)
    assert gevonden.zinnen == ()


def test_a_work_that_draws_nothing_needs_a_legend_for_its_line_only() -> None:
    assert beeld(HinderVormen()).legenda == ("beperkt",)
    assert beeld(HinderVormen(), geom=Point(0, 0)).legenda == ()
    assert beeld(HinderVormen()).soorten == ()


@pytest.mark.parametrize(
    ("lengte_m", "tekst"),
    [(0.4, "10 meter"), (96, "100 meter"), (120, "100 meter"), (980, "1 kilometer"),
     (1000, "1 kilometer"), (1249, "1,2 kilometer")],
)  # fmt: skip
def test_a_length_is_told_as_people_say_it(lengte_m: float, tekst: str) -> None:
    assert format_lengte(lengte_m) == tekst
