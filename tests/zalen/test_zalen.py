"""Halls are kept by beheerders, and by a gebiedsmakelaar in its own kernen."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.zalen.models import Zaal
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_zaal
from tests.formulieren import chosen, hidden

NIEUW = "/beheer/zalen/nieuw"


def filled(punt: Point | None, **velden: Any) -> dict[str, Any]:
    lonlat = to_wgs84(punt) if punt else None
    return {
        "naam": "Dorpshuis",
        "plek": "Kerkstraat 1",
        "lon": f"{lonlat.x:.7f}" if lonlat else "",
        "lat": f"{lonlat.y:.7f}" if lonlat else "",
        "kern": "",
        "actief": "y",
    } | velden


def opened(browser: FlaskClient, zaal: Zaal) -> dict[str, Any]:
    page = browser.get(f"/beheer/zalen/{zaal.id}").text
    namen = ("naam", "plek", "lon", "lat", "versie", "was")
    found = {naam: hidden(page, naam) for naam in namen}
    return found | {"kern": chosen(page, "kern"), "actief": "y"}


def test_a_hall_belongs_to_the_kern_it_lies_in(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    beheerder = make_gebruiker(session, rol=Rol.BEHEERDER)
    browser = client(beheerder)

    answer = browser.post(NIEUW, data=filled(kern.hart))

    zaal = session.scalars(select(Zaal)).one()
    assert answer.status_code == 302
    assert (zaal.naam, zaal.adres, zaal.kern_id, zaal.actief) == (
        *("Dorpshuis", "Kerkstraat 1"),
        *(kern.id, True),
    )
    assert zaal.geom.distance(kern.hart) < 0.05
    assert "Dorpshuis is bewaard." in browser.get(answer.location).text
    regel = session.scalars(select(Journaalregel).where(Journaalregel.tabel == "zaal")).one()
    assert (regel.actie, regel.gebruiker_id) == ("I", beheerder.id)


def test_a_gebiedsmakelaar_keeps_the_halls_of_its_own_kernen(
    client: ClientFactory, session: Session
) -> None:
    eigen, ander = make_kern(session), make_kern(session)
    mijn, van_ander = make_zaal(session, eigen), make_zaal(session, ander)
    makelaar = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[eigen])
    browser = client(makelaar)

    page = browser.get("/beheer/zalen").text
    good = browser.post(NIEUW, data=filled(eigen.hart))
    elsewhere = browser.post(NIEUW, data=filled(ander.hart))
    theirs = browser.post(f"/beheer/zalen/{van_ander.id}", data=filled(ander.hart))

    assert mijn.naam in page
    assert van_ander.naam not in page
    assert (good.status_code, elsewhere.status_code, theirs.status_code) == (302, 422, 403)
    assert "Deze plek ligt niet in een van jouw kernen." in elsewhere.text


@pytest.mark.parametrize(
    ("velden", "veld", "zin"),
    [
        ({"naam": " "}, "naam", "Vul een naam in. Bijvoorbeeld: Dorpshuis."),
        ({"naam": "oude SCHUUR"}, "naam", "Deze zaal staat al in de lijst van deze kern."),
        (
            {"plek": "", "lon": "", "lat": ""},
            "plek",
            "Kies een plek op de kaart, of vul een adres in.",
        ),
        ({"lon": "5.6", "lat": "53.2"}, "plek", "Deze plek ligt te ver buiten de gemeente."),
        ({"lat": ""}, "lat", "Vul beide getallen in, of geen van beide."),
    ],
)
def test_a_mistake_gets_a_sentence_beside_its_field(
    client: ClientFactory, session: Session, velden: dict[str, str], veld: str, zin: str
) -> None:
    kern = make_kern(session)
    make_zaal(session, kern, naam="Oude schuur")
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    answer = browser.post(NIEUW, data=filled(kern.hart, **velden))

    assert answer.status_code == 422
    assert f'id="{veld}-fout"' in answer.text
    assert zin in answer.text
    assert len(session.scalars(select(Zaal)).all()) == 1


def test_two_kernen_may_each_have_a_dorpshuis(client: ClientFactory, session: Session) -> None:
    een, twee = make_kern(session), make_kern(session)
    make_zaal(session, een, naam="Dorpshuis")
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    answer = browser.post(NIEUW, data=filled(twee.hart))

    assert answer.status_code == 302


def test_a_hall_out_of_use_keeps_what_was_posted_in_it(
    client: ClientFactory, session: Session
) -> None:
    zaal = make_zaal(session)
    activiteit = make_activiteit(session, zaal_id=zaal.id, geom=zaal.geom)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    velden = opened(browser, zaal)
    del velden["actief"]
    geom = zaal.geom

    answer = browser.post(f"/beheer/zalen/{zaal.id}", data=velden)

    assert answer.status_code == 302
    session.expire_all()
    assert not zaal.actief
    assert zaal.geom == geom  # what did not move stays to the last decimal
    assert activiteit.zaal_id == zaal.id


def test_the_second_of_two_editors_is_told(client: ClientFactory, session: Session) -> None:
    zaal = make_zaal(session)
    een, twee = (client(make_gebruiker(session, rol=Rol.BEHEERDER)) for _ in range(2))
    velden_een, velden_twee = opened(een, zaal), opened(twee, zaal)

    een.post(f"/beheer/zalen/{zaal.id}", data=velden_een | {"naam": "De Schakel"})
    answer = twee.post(f"/beheer/zalen/{zaal.id}", data=velden_twee | {"naam": "De Brug"})

    assert answer.status_code == 409
    assert "De Schakel" in answer.text
    session.expire_all()
    assert zaal.naam == "De Schakel"


def test_a_kern_chosen_by_hand_goes_before_the_one_it_lies_in(
    client: ClientFactory, session: Session
) -> None:
    kern, buur = make_kern(session), make_kern(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    browser.post(NIEUW, data=filled(kern.hart, kern=buur.id))

    assert session.scalars(select(Zaal)).one().kern_id == buur.id


def test_a_kind_of_public_is_kept_like_other_lists(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    answer = browser.post(
        "/beheer/soorten/doelgroepen", data={"naam": "Peuters", "volgorde": "5", "actief": "y"}
    )

    assert answer.status_code == 302
    assert "Peuters" in browser.get(answer.location).text
