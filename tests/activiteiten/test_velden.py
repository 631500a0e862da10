"""For whom, in which hall, and who organises it: the fields besides what, when and where."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Doelgroep
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_platform, make_zaal
from tests.formulieren import chosen, filled_activiteit, hidden, posted


def kinderen(session: Session) -> Doelgroep:
    return session.scalars(select(Doelgroep).where(Doelgroep.code == "kinderen")).one()


def post(browser: FlaskClient, session: Session, platform: Platform, **velden: Any) -> Any:
    return browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled_activiteit(session, platform, **velden)
    )


def test_public_hall_and_organiser_are_kept_and_shown(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    zaal = make_zaal(session, platform.kernen[0], naam="Dorpshuis Het Hof", adres="Kerkstraat 1")
    browser = client(make_gebruiker(session, platform))

    answer = post(
        browser,
        session,
        platform,
        doelgroep=kinderen(session).id,
        zaal=zaal.id,
        organisator="Speeltuinvereniging",
    )

    [activiteit] = posted(session, Activiteit)
    assert activiteit.doelgroep_id == kinderen(session).id
    assert (activiteit.zaal_id, activiteit.organisator) == (zaal.id, "Speeltuinvereniging")
    page = browser.get(answer.location).text
    for tekst in ("Speeltuinvereniging", "Kinderen", "Dorpshuis Het Hof", "Kerkstraat 1"):
        assert tekst in page


@pytest.mark.parametrize("kern", ["eigen", ""])
def test_a_hall_says_where_it_is_when_no_place_was_chosen(
    client: ClientFactory, session: Session, kern: str
) -> None:
    platform = make_platform(session)
    zaal = make_zaal(session, platform.kernen[0])
    browser = client(make_gebruiker(session, platform))
    velden = {"zaal": zaal.id, "plek": "", "kern": platform.kernen[0].id if kern else ""}

    preview = post(browser, session, platform, actie="bekijk", **velden)
    post(browser, session, platform, **velden)

    [activiteit] = posted(session, Activiteit)
    assert zaal.naam in preview.text
    assert activiteit.geom == zaal.geom
    assert activiteit.plek_naam == zaal.naam
    assert activiteit.kern_id == zaal.kern_id


def test_a_place_chosen_by_hand_goes_before_that_of_the_hall(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    zaal = make_zaal(session, platform.kernen[0])
    buiten = make_activiteit(session, platform=platform)
    browser = client(make_gebruiker(session, platform))
    page = browser.get(f"/activiteiten/{buiten.id}/wijzig").text

    post(
        browser,
        session,
        platform,
        zaal=zaal.id,
        plek="Achter de zaal",
        lon=hidden(page, "lon"),
        lat=hidden(page, "lat"),
    )

    activiteit = posted(session, Activiteit)[-1]
    assert activiteit.geom is not None
    assert activiteit.geom.distance(buiten.geom) < 0.05
    assert (activiteit.plek_naam, activiteit.zaal_id) == ("Achter de zaal", zaal.id)


def test_without_a_script_another_hall_moves_an_activity_there(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    kern = platform.kernen[0]
    oud, nieuw = make_zaal(session, kern), make_zaal(session, kern, geom=kern.hart)
    activiteit = make_activiteit(
        session, platform=platform, zaal_id=oud.id, geom=oud.geom, plek_naam=oud.naam
    )
    browser = client(make_gebruiker(session, platform))
    page = browser.get(f"/activiteiten/{activiteit.id}/wijzig").text
    namen = ("datum", "van", "tot", "lon", "lat", "versie", "was", "titel", "plek")
    velden = {naam: hidden(page, naam) for naam in namen} | {
        naam: chosen(page, naam) for naam in ("soort", "kern", "zaal")
    }
    assert velden["zaal"] == str(oud.id)

    browser.post(
        f"/activiteiten/{activiteit.id}/wijzig",
        data=velden | {"zaal": nieuw.id, "actie": "plaats"},
    )

    [na] = posted(session, Activiteit)
    assert (na.geom, na.plek_naam, na.zaal_id) == (nieuw.geom, nieuw.naam, nieuw.id)


def test_a_hall_out_of_use_is_not_offered_but_stays_where_it_was_chosen(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    dicht = make_zaal(session, platform.kernen[0], actief=False)
    activiteit = make_activiteit(session, platform=platform, zaal_id=dicht.id)
    browser = client(make_gebruiker(session, platform))

    answer = post(browser, session, platform, zaal=dicht.id)

    assert answer.status_code == 422
    assert "Kies een van de mogelijkheden uit de lijst." in answer.text
    page = browser.get(f"/activiteiten/{activiteit.id}/wijzig").text
    assert chosen(page, "zaal") == str(dicht.id)


def test_halls_of_the_own_kern_come_first(client: ClientFactory, session: Session) -> None:
    ander = make_zaal(session, make_kern(session, naam="Aadorp"))
    platform = make_platform(session, kernen=[make_kern(session, naam="Zeedorp")])
    eigen = make_zaal(session, platform.kernen[0])

    page = client(make_gebruiker(session, platform)).get(f"/activiteiten/nieuw/{platform.id}").text

    assert page.index(f"{eigen.naam}, Zeedorp") < page.index(f"{ander.naam}, Aadorp")
