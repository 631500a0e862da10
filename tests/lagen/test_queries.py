"""One list of all layers: what is in it, in which order, and that counts agree."""

from datetime import timedelta

import pytest
from flask import Flask
from shapely.geometry import LineString, MultiPolygon, Point, box
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.actor import BEZOEKER
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import count_dingen, count_per_laag, find_dingen
from kernenkaart.tijd import Periode, today
from kernenkaart.web.dingen import to_rij
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_initiatief,
    make_kern,
    make_platform,
    make_project,
    make_werkzaamheid,
    moment,
)

VANDAAG = today()


def titels(session: Session, keuze: DingFilter) -> list[str]:
    return [ding["titel"] for ding in find_dingen(session, BEZOEKER, keuze)]


def test_things_of_all_layers_stand_in_one_order(session: Session) -> None:
    make_initiatief(session, titel="zonder datum")
    make_activiteit(session, titel="later", begint_op=moment(40), eindigt_op=moment(40, 12))
    make_werkzaamheid(
        session,
        titel="bezig",
        eerste_dag=VANDAAG - timedelta(days=3),
        laatste_dag=VANDAAG + timedelta(days=3),
    )
    make_activiteit(session, titel="geweest", begint_op=moment(-9), eindigt_op=moment(-9, 12))

    assert titels(session, DingFilter()) == ["bezig", "later", "zonder datum", "geweest"]


def test_a_row_tells_where_when_and_whose(app: Flask, session: Session) -> None:
    kern = make_kern(session, naam="Tricht")
    make_activiteit(
        session,
        platform=make_platform(session, naam="Dorpsraad Tricht", kernen=[kern]),
        titel="Plantjesmarkt",
        plek_naam="Dorpshuis",
        status=Status.AFGELAST,
    )

    with app.app_context():
        rij = to_rij(find_dingen(session, BEZOEKER, DingFilter())[0], VANDAAG)

    assert rij.waar == "Tricht · Dorpshuis · Dorpsraad Tricht"
    assert "10.00 - 16.00" in rij.wanneer
    assert [(merkje.soort, merkje.tekst) for merkje in rij.merkjes] == [("af", "Afgelast")]
    assert rij.afgelast
    assert not rij.zonder_plek


@pytest.mark.parametrize("laag", [laag.naam for laag in LAGEN])
def test_each_layer_can_be_asked_alone(session: Session, laag: str) -> None:
    make_initiatief(session)
    make_project(session)
    make_werkzaamheid(session)
    make_activiteit(session)

    gevonden = find_dingen(session, BEZOEKER, DingFilter(lagen=(laag,)))

    assert [ding["laag"] for ding in gevonden] == [laag]
    assert count_per_laag(session, BEZOEKER, DingFilter(lagen=(laag,)))[laag] == 1


@pytest.mark.parametrize(
    ("eerste", "laatste", "gevonden"),
    [(-5, -1, 0), (-5, 0, 1), (0, 0, 1), (2, 2, 1), (3, 3, 0), (3, None, 0), (None, 0, 1)],
)
def test_a_period_finds_what_shares_a_day_with_it(
    session: Session, eerste: int | None, laatste: int | None, gevonden: int
) -> None:
    make_werkzaamheid(session, eerste_dag=VANDAAG, laatste_dag=VANDAAG + timedelta(days=2))
    make_activiteit(session, begint_op=moment(0, 0), eindigt_op=moment(3, 0))
    periode = Periode(
        None if eerste is None else VANDAAG + timedelta(days=eerste),
        None if laatste is None else VANDAAG + timedelta(days=laatste),
    )

    assert len(titels(session, DingFilter(periode=periode))) == 2 * gevonden


def test_a_work_across_a_border_is_found_from_both_kernen(session: Session) -> None:
    links = make_kern(session)
    x, y = links.grens.bounds[2], links.grens.bounds[1]
    rechts = make_kern(session, grens=MultiPolygon([box(x, y, x + 500, y + 500)]))
    make_werkzaamheid(session, geom=LineString([(x - 50, y + 10), (x + 50, y + 10)]))

    assert len(titels(session, DingFilter(kern=links.slug))) == 1
    assert len(titels(session, DingFilter(kern=rechts.slug))) == 1
    assert titels(session, DingFilter(kern="bestaat-niet")) == []


@pytest.mark.parametrize(("afstand_m", "gevonden"), [(499.99, 0), (500, 1), (501, 1)])
def test_a_distance_is_right_to_the_centimetre(
    session: Session, afstand_m: float, gevonden: int
) -> None:
    make_werkzaamheid(session, geom=Point(X + 500, Y))

    keuze = DingFilter(gebied=Point(X, Y), afstand_m=afstand_m)

    assert count_dingen(session, BEZOEKER, keuze).gevonden == gevonden


@pytest.mark.parametrize("tekst", ["KERKSTRAAT", "kerk riool", "100%", "kerkstaat riool"])
def test_text_is_found_in_title_and_place(session: Session, tekst: str) -> None:
    make_werkzaamheid(session, titel="100% riool", plek_naam="Kerkstraat")
    make_werkzaamheid(session, titel="Andere", plek_naam="Dorpsstraat 100")

    assert titels(session, DingFilter(tekst=tekst)) == ["100% riool"]


def test_words_that_stand_in_no_title_are_not_made_up_for_by_others(session: Session) -> None:
    make_werkzaamheid(session, titel="Riool in de Kerkstraat")

    assert titels(session, DingFilter(tekst="Waterleiding in de Kerkstraat")) == []


def test_what_has_no_place_is_counted_and_can_be_asked(session: Session) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    make_activiteit(session, platform=platform, geom=None, kern_id=kern.id, titel="zonder plek")
    make_activiteit(session, platform=platform)

    telling = count_dingen(session, BEZOEKER, DingFilter())

    assert (telling.gevonden, telling.op_kaart, telling.zonder_plek) == (2, 1, 1)
    assert titels(session, DingFilter(zonder_plek=True)) == ["zonder plek"]
    assert len(titels(session, DingFilter(gebied=kern.grens))) == 2


def test_a_kind_is_asked_by_its_code(session: Session) -> None:
    make_werkzaamheid(session)

    assert len(titels(session, DingFilter(lagen=("werkzaamheden",), soort="asfalt"))) == 1
    assert titels(session, DingFilter(lagen=("werkzaamheden",), soort="riool")) == []
