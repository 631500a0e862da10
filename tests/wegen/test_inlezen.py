"""Roads from files: what is kept, what is refused, and that a file takes the place of the last."""

from pathlib import Path

import pytest
from flask import Flask
from shapely.geometry import LineString, Point, box
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.lezen import read_geobestand
from kernenkaart.geo.bestand.waarden import Feature, Geobestand, Onleesbaar
from kernenkaart.wegen.inlezen import import_wegen
from kernenkaart.wegen.models import Wegvak
from kernenkaart.wegen.queries import find_straten
from tests.conftest import needs_shared
from tests.factories import X, Y

GML = """<?xml version="1.0"?>{doctype}
<FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><weg>
<vorm><gml:LineString{srs}><gml:posList>{plek}</gml:posList></gml:LineString></vorm>
<naam>Laan &amp; Dreef</naam></weg></gml:featureMember></FeatureCollection>"""


def bestand(*wegen: tuple[dict[str, object], LineString]) -> Geobestand:
    features = tuple(
        Feature("wegen.geojson", nummer, velden, geom)
        for nummer, (velden, geom) in enumerate(wegen, start=1)
    )
    return Geobestand(tuple(wegen[0][0]), features, ())


def weg(*punten: tuple[float, float], **velden: object) -> tuple[dict[str, object], LineString]:
    return velden, LineString([(X + x, Y + y) for x, y in punten])


def test_the_real_roads_become_a_network_without_cycle_paths(session: Session) -> None:
    path = needs_shared("geodata", "wegen", "nwb_wegvakken_amsterdam_noord.gml")

    verslag = import_wegen(session, read_geobestand(path), tolerantie_m=1.0)

    assert (verslag.vormen, verslag.geen_rijweg, verslag.geweigerd) == (13, 2, [])
    assert verslag.wegvakken >= 11
    assert "Klaprozenweg" in session.scalars(select(Wegvak.naam)).all()
    assert any("WGS84" in regel for regel in verslag.opmerkingen)


def test_a_file_takes_the_place_of_the_one_before(session: Session) -> None:
    een = bestand(weg((0, 0), (100, 0), naam="Dorpsstraat"), weg((100, 0), (100, 90), naam=""))

    for _ in range(2):
        verslag = import_wegen(session, een, tolerantie_m=1.0)

    assert session.scalar(select(func.count()).select_from(Wegvak)) == 2
    assert verslag.knopen == 3


def test_what_is_no_road_is_refused_with_its_reason(session: Session) -> None:
    velden, _ = weg((0, 0), (1, 0), naam="Plein")
    wegen = bestand(weg((0, 0), (100, 0), naam="Laan"), (velden, box(X, Y, X + 9, Y + 9)))

    assert import_wegen(session, wegen, tolerantie_m=1.0).geweigerd == [
        "wegen.geojson, nr. 2: is geen lijn."
    ]


def test_a_file_without_roads_leaves_what_there_is(session: Session) -> None:
    import_wegen(session, bestand(weg((0, 0), (100, 0), naam="Laan")), tolerantie_m=1.0)

    with pytest.raises(Invalid, match="geen weg"):
        import_wegen(session, bestand(weg((0, 0), (9, 0), highway="path")), tolerantie_m=1.0)

    assert session.scalar(select(func.count()).select_from(Wegvak)) == 1


def test_roads_in_a_box_are_known_with_what_touches_them_and_where_they_leave_it(
    session: Session,
) -> None:
    import_wegen(
        session,
        bestand(
            weg((0, 0), (100, 0), naam=""),
            weg((100, 0), (900, 0), naam=""),
            weg((0, 500), (100, 500), naam=""),
        ),
        tolerantie_m=1.0,
    )
    dicht = [box(X + 40, Y - 5, X + 60, Y + 5), box(X + 90, Y - 5, X + 110, Y + 5)]
    plekken = [Point(X + 20, Y + 10), Point(X + 100, Y + 10), Point(X + 20, Y + 200)]
    kader = (X - 200, Y - 200, X + 210, Y + 210)

    straten = find_straten(session, kader, dicht=dicht, plekken=plekken, tot_weg_m=150)

    erin, uit = straten.cut(kader)
    kort, lang = sorted(range(2), key=lambda rij: straten.lengte_m[rij])
    assert (len(straten.van), erin.tolist(), len(uit)) == (2, [True, True], 1)
    assert {rij: een.dicht for rij, een in straten.geraakt.items()} == {kort: (0, 1), lang: (1,)}
    assert [sorted(een) for een in straten.afslagen] == [[kort], sorted([kort, lang]), []]
    assert straten.may_lose(range(3), [0]) == [0, 1]
    assert straten.may_lose(range(3), []) == []


def test_where_no_roads_are_known_nothing_may_be_lost(session: Session) -> None:
    plekken = [Point(X, Y)]

    straten = find_straten(
        session, (X - 9, Y - 9, X + 9, Y + 9), dicht=[], plekken=plekken, tot_weg_m=150
    )

    assert straten.may_lose([0], []) == []


@pytest.mark.parametrize(
    ("srs", "plek", "crs"),
    [
        (' srsName="EPSG:28992"', "140000 430000 140100 430000", None),
        ("", "140000 430000 140100 430000", None),
        (' srsName="urn:ogc:def:crs:EPSG::4326"', "51.85 5.2 51.86 5.2", None),
        (' srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"', "5.2 51.85 5.2 51.86", None),
        (' srsName="EPSG:4258"', "140000 430000 140100 430000", "EPSG:28992"),
    ],
)
def test_gml_says_its_system_in_many_ways(
    tmp_path: Path, srs: str, plek: str, crs: str | None
) -> None:
    path = tmp_path / "wegen.gml"
    path.write_text(GML.format(doctype="", srs=srs, plek=plek))

    (feature,) = read_geobestand(path, crs=crs).features

    assert feature.velden["naam"] == "Laan & Dreef"
    assert feature.geom is not None
    assert box(130_000, 420_000, 150_000, 440_000).contains(feature.geom)


@pytest.mark.parametrize(
    "inhoud",
    [
        GML.format(doctype='<!DOCTYPE x [<!ENTITY y "z">]>', srs="", plek="0 0 1 1"),
        "<a><b></a>",
        "<a/>",
        "geen xml",
    ],
)
def test_hostile_or_broken_gml_is_refused(tmp_path: Path, inhoud: str) -> None:
    path = tmp_path / "wegen.gml"
    path.write_text(inhoud)

    with pytest.raises(Onleesbaar):
        read_geobestand(path)


def test_a_trial_of_the_command_stores_nothing(
    app: Flask, tmp_path: Path, session: Session
) -> None:
    path = tmp_path / "wegen.gml"
    path.write_text(GML.format(doctype="", srs="", plek="140000 430000 140100 430000"))

    result = app.test_cli_runner().invoke(args=["wegen", "importeer", str(path), "--proef"])

    assert "1 wegvakken tussen 2 knopen" in result.output
    assert session.scalar(select(func.count()).select_from(Wegvak)) == 0
