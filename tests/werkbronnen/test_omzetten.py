"""How far a work of a source can move, how long it takes, where hinder is and the way around."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import Point

from kernenkaart.errors import Invalid
from kernenkaart.kernen.adres import Adres
from kernenkaart.werkbronnen.koppeling import Kolom, Koppeling, Veld, guess
from kernenkaart.werkbronnen.omzetten import Omgezet, Omzetter, Werk
from kernenkaart.werkzaamheden.models import Diepte, Status
from tests.factories import X, Y

DAGEN = {"start": "01-03-2027", "eind": "30-04-2027"}


def convert(**velden: str) -> Omgezet:
    """The work of a row with these columns, by the mapping that is guessed."""
    row = {"naam": "Kabels", **DAGEN, **velden}
    koppeling = guess([Kolom(naam, (waarde,)) for naam, waarde in row.items()], {}, anders=1)
    return Omzetter(koppeling, 1, {}, {1: "Anders"}, nowhere).convert(row, Point(X, Y))


def nowhere(tekst: str) -> Adres:
    """Nobody asks for an address here."""
    raise AssertionError(tekst)


@pytest.mark.parametrize(
    ("velden", "verwacht"),
    [
        ({"vroegst": "15-02-2027"}, {"vroegst": date(2027, 2, 15)}),
        ({"op zijn laatst": "2027-06-30"}, {"laatst": date(2027, 6, 30)}),
        ({"uiterlijk": "voorjaar 2027"}, {"laatst": date(2027, 5, 31)}),
        ({"duur": "3 weken"}, {"duur_dagen": 21}),
        ({"doorlooptijd": "10"}, {"duur_dagen": 10}),
        ({"aantal weken": "2"}, {"duur_dagen": 14}),
        ({"diepte": "Kabels en leidingen"}, {"diepte": Diepte.KABELS}),
        ({"laag": "Riolering"}, {"diepte": Diepte.RIOOL}),
    ],
)
def test_slack_length_and_depth_are_read_from_columns_that_say_so(
    velden: dict[str, str], verwacht: dict[str, Any]
) -> None:
    omgezet = convert(**velden)

    assert {naam: getattr(omgezet.werk, naam) for naam in verwacht} == verwacht
    assert omgezet.hersteld == []
    assert Werk.from_json(omgezet.werk.to_json()) == omgezet.werk


def test_a_planning_that_names_only_its_slack_takes_all_of_it_and_keeps_the_length() -> None:
    row = {"Vroegste startdatum": "01-02-2027", "Laatst": "31-08-2027", "Duur (weken)": "3"}

    omgezet = convert(start="", eind="", **row)

    werk = omgezet.werk
    assert (werk.eerste_dag, werk.laatste_dag) == (date(2027, 2, 1), date(2027, 8, 31))
    assert werk.duur_dagen == 21
    assert omgezet.hersteld == ["zonder eerste dag; gezet op alle dagen waarop het kan"]


def test_columns_are_known_by_their_name_whatever_stands_round_it() -> None:
    namen = ("X (RD)", "Y-coördinaat", "Duur [weken]")

    gekozen = guess([Kolom(naam, ("1",)) for naam in namen], {}, anders=1).kolommen

    assert (gekozen["x"], gekozen["y"], gekozen["duur"]) == namen


@pytest.mark.parametrize(
    ("velden", "clause"),
    [
        ({"vroegst": "02-03-2027"}, "vroegst '02-03-2027' is weggelaten: dit ligt na"),
        ({"laatst": "29-04-2027"}, "laatst '29-04-2027' is weggelaten: dit ligt vóór"),
        ({"laatst": "31-12-2099"}, "laatst '31-12-2099' is weggelaten: dit is te ver weg"),
        ({"vroegst": "ooit"}, "vroegst 'ooit' is weggelaten: de datum"),
        ({"duur": "62"}, "duur '62' is weggelaten: tussen deze dagen"),
        ({"duur": "0"}, "duur '0' is weggelaten: vul een duur in"),
        ({"duur": "9" * 400}, "duur '999"),
        ({"duur": "even"}, "duur 'even' is weggelaten: schrijf bijvoorbeeld"),
    ],
)
def test_what_does_not_fit_its_days_is_left_out_and_said(
    velden: dict[str, str], clause: str
) -> None:
    omgezet = convert(**velden)

    assert (omgezet.werk.vroegst, omgezet.werk.laatst, omgezet.werk.duur_dagen) == (None,) * 3
    [gedaan] = omgezet.hersteld
    assert gedaan.startswith(clause)


def test_hinder_and_detour_of_columns_are_drawn_and_survive_the_preview() -> None:
    lijn = f"LINESTRING({X} {Y}, {X + 90} {Y + 5})"
    vlak = f"POLYGON(({X} {Y}, {X + 9} {Y}, {X + 9} {Y + 9}, {X} {Y}))"

    omgezet = convert(**{"hindergebied": vlak, "omleiding": "Over de dijk.", "omleiding wkt": lijn})

    werk = Werk.from_json(omgezet.werk.to_json())
    assert omgezet.hersteld == []
    assert werk.omleiding == "Over de dijk."
    assert werk.hinder_geom is not None
    assert werk.hinder_geom.area == 40.5
    assert werk.omleiding_geom is not None
    assert werk.omleiding_geom.geom_type == "LineString"


@pytest.mark.parametrize(
    ("velden", "clause"),
    [
        ({"hindergebied": "overal"}, "de plek van de hinder is weggelaten: "),
        ({"omleiding wkt": "POINT(5.3 51.9)"}, "de lijn van de omleiding is weggelaten: een omlei"),
        ({"omleiding wkt": "LINESTRING(0 0, 1 1)"}, "de lijn van de omleiding is weggelaten: "),
    ],
)
def test_what_cannot_be_drawn_is_left_out_and_said(velden: dict[str, str], clause: str) -> None:
    omgezet = convert(**velden)

    assert (omgezet.werk.hinder_geom, omgezet.werk.omleiding_geom) == (None, None)
    [gedaan] = omgezet.hersteld
    assert gedaan.startswith(clause)


@pytest.mark.parametrize("status", [Status.BEVESTIGD, Status.CONCEPT])
def test_a_mapping_with_which_a_source_would_confirm_is_refused(status: Status) -> None:
    kolommen = {Veld.BEGIN: "start", Veld.STATUS: "stand"}
    goed = Koppeling(1, kolommen, {Veld.STATUS: {"zeker": Status.VERWACHT.value}})
    vertaald = {Veld.STATUS: {"zeker": status.value}}

    goed.check(kolommen.values())
    for fout in (replace(goed, vertaling=vertaald), replace(goed, status=status)):
        with pytest.raises(Invalid, match="bevestigt"):
            fout.check(kolommen.values())
