"""What a situation of DATEX II says of hinder and detours stays apart from where the work is."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import shapely

from kernenkaart.geo.bestand.geojson import TEKST_MAX, Ruw
from kernenkaart.geo.bestand.waarden import Limieten, Onleesbaar
from kernenkaart.werkbronnen.datex import read_datex, to_ruw

STRAAT, VERDER = "52.10 5.10 52.10 5.11", "52.10 5.10 52.10 5.12"
WERK = "<situationRecord type='MaintenanceWorks'>{}</situationRecord>"
MAATREGEL = (
    "<situationRecord type='RoadOrCarriagewayOrLaneManagement'>"
    "<roadOrCarriagewayOrLaneManagementType>roadClosed</roadOrCarriagewayOrLaneManagementType>"
    "{}</situationRecord>"
)
OM = (
    "<situationRecord type='ReroutingManagement'><reroutingItineraryDescription>"
    "<value lang='nl'>Volg route A</value></reroutingItineraryDescription>"
    "<alternativeRoute><posList>{}</posList></alternativeRoute></situationRecord>"
)


def plek(lijn: str) -> str:
    return f"<locationReference><posList>{lijn}</posList></locationReference>"


def read(*records: str) -> Ruw:
    return to_ruw(ET.fromstring(f"<situation id='1'>{''.join(records)}</situation>"))


@pytest.mark.parametrize(
    ("werk", "maatregel", "lengte", "hinder"),
    [
        (plek(STRAAT), plek(VERDER), 0.01, True),  # closed further than where is worked
        (plek(STRAAT), plek(STRAAT), 0.01, False),
        ("", plek(VERDER), 0.02, False),  # the closure is all that is known
        (plek(STRAAT), "", 0.01, False),
    ],
)
def test_where_is_worked_is_not_where_it_is_closed(
    werk: str, maatregel: str, lengte: float, hinder: bool
) -> None:
    ruw = read(WERK.format(werk), MAATREGEL.format(maatregel))

    assert ruw.geom is not None
    assert ruw.geom.length == pytest.approx(lengte)
    assert ("hinder_vorm" in ruw.velden) is hinder


def test_what_is_not_for_everybody_does_not_come_in() -> None:
    woorden = "".join(
        f"<generalPublicComment><comment><value>{tekst}</value></comment>"
        f"<commentType>{soort}</commentType></generalPublicComment>"
        for tekst, soort in (("Voor iedereen", "description"), ("Voor ons", "internalNote"))
    )
    werk = WERK.format(plek(STRAAT) + woorden)

    assert read(werk).velden["omschrijving"] == "Voor iedereen"
    for tag, waarde in (("confidentiality", "internalUse"), ("informationStatus", "test")):
        assert read(f"<headerInformation><{tag}>{waarde}</{tag}></headerInformation>", werk).reden


@pytest.mark.parametrize(
    "rest", ["", ' SYSTEM "m.dtd"', ' [<!ENTITY a "b">]', " [<!ELEMENT a ANY>]"]
)
def test_a_doctype_is_refused_whatever_is_in_it(tmp_path: Path, rest: str) -> None:
    file = tmp_path / "m.xml"
    file.write_text(f"<?xml version='1.0'?><!DOCTYPE m{rest}><messageContainer/>")

    with pytest.raises(Onleesbaar, match="DOCTYPE"):
        list(read_datex(file, Limieten()))


def test_an_end_at_midnight_in_amsterdam_belongs_to_the_day_before() -> None:
    tijd = (
        "<overallStartTime>2027-06-01T22:00:00Z</overallStartTime>"
        "<overallEndTime>2027-06-04T22:00:00Z</overallEndTime>"
    )

    velden = read(WERK.format(plek(STRAAT) + tijd)).velden

    assert (velden["begin"], velden["eind"]) == ("2027-06-02", "2027-06-04")


def test_a_detour_is_kept_in_words_and_as_a_line_in_degrees() -> None:
    ruw = read(WERK.format(plek(STRAAT)), OM.format("52.10 5.10 52.13 5.10"))

    assert ruw.velden["omleiding"] == "Volg route A"
    stelsel, wkt = str(ruw.velden["omleiding_vorm"]).split(";")
    assert stelsel == "SRID=4326"
    assert shapely.from_wkt(wkt).bounds == (5.10, 52.10, 5.10, 52.13)
    assert ruw.geom is not None
    assert ruw.geom.length == pytest.approx(0.01)  # the detour is no part of the work


def test_a_detour_of_too_many_points_is_drawn_coarser_or_left_out_and_told() -> None:
    recht = " ".join(f"52.1 {5 + n / 1e5:.6f}" for n in range(2_000))
    grillig = " ".join(f"{52 + n % 2 / 10:.6f} {5 + n / 1e5:.6f}" for n in range(2_000))

    grover, weg = (read(WERK.format(plek(STRAAT)), OM.format(lijn)) for lijn in (recht, grillig))

    assert 0 < len(str(grover.velden["omleiding_vorm"])) <= TEKST_MAX
    assert grover.hersteld == []
    assert weg.velden["omleiding_vorm"] == ""
    assert weg.hersteld == ["de omleiding is weggelaten: te veel punten"]
