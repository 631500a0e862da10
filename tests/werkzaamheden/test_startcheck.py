"""A work becomes certain only after its startcheck, or with a reason; by every way in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from shapely.geometry import LineString, MultiPolygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.startcheck_models import StartcheckVrijstelling
from kernenkaart.werkzaamheden import services
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from kernenkaart.werkzaamheden.startcheck import ZEKER, StartcheckNodig, state_exemption
from tests.afstemming.startchecks import check_of, medewerker
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_gebruiker,
    make_kern,
    make_vrijstelling,
    make_werkzaamheid,
)
from tests.formulieren import filled_werk, hidden

ONZEKER = [s for s in Status if s not in (*ZEKER, Status.CONCEPT, Status.VERVALLEN)]
Stap = Callable[[Session, Actor, int], Any]
STAPPEN: dict[str, Stap] = {
    "bevestig": services.confirm,
    "begonnen": lambda s, a, id_: services.set_status(s, a, id_, Status.BEZIG),
    "bevestigd": lambda s, a, id_: services.set_status(s, a, id_, Status.BEVESTIGD),
}


def dorp(session: Session, x: float = 0) -> None:
    make_kern(session, grens=MultiPolygon([box(X + x, Y, X + x + 1_000, Y + 1_000)]))


@pytest.mark.parametrize("stap", STAPPEN)
def test_nothing_makes_a_work_certain_without_its_startcheck(session: Session, stap: str) -> None:
    dorp(session)
    actor = medewerker(session)
    werk = make_werkzaamheid(session, status=Status.VERWACHT, bevestigd_op=None)

    with pytest.raises(StartcheckNodig):
        STAPPEN[stap](session, actor, werk.id)
    assert (werk.status, werk.bevestigd_op) == (Status.VERWACHT, None)
    check_of(session, actor, werk)
    STAPPEN[stap](session, actor, werk.id)

    assert werk.status in ZEKER


@pytest.mark.parametrize("status", ONZEKER)
def test_a_stated_exemption_will_do_and_so_will_a_gemeente_that_asks_none(
    session: Session, status: Status
) -> None:
    actor = medewerker(session)
    vrij = make_werkzaamheid(session, status=status)
    make_vrijstelling(session, vrij)
    ander = make_werkzaamheid(session, status=status)

    services.set_status(session, actor, vrij.id, Status.BEVESTIGD)
    services.set_status(session, actor, ander.id, Status.BEVESTIGD, startcheck=False)

    assert (vrij.status, ander.status) == (Status.BEVESTIGD, Status.BEVESTIGD)


def test_who_repeats_the_reason_of_an_exemption_is_not_who_gave_it(session: Session) -> None:
    eerste, tweede = medewerker(session), medewerker(session)
    werk = make_werkzaamheid(session)

    gaf = []
    for actor, reden in ((eerste, "Spoed"), (tweede, "Spoed"), (tweede, "Toch geen spoed")):
        state_exemption(session, actor, werk.id, reden)
        gaf.append(session.scalar(select(StartcheckVrijstelling.gebruiker_id)))

    assert gaf == [eerste.gebruiker_id, eerste.gebruiker_id, tweede.gebruiker_id]


@pytest.mark.parametrize("status", ZEKER)
def test_what_is_certain_already_stays_so(session: Session, status: Status) -> None:
    actor = medewerker(session)
    werk = make_werkzaamheid(session, status=status)

    services.confirm(session, actor, werk.id)
    services.set_status(session, actor, werk.id, Status.BEZIG)

    assert werk.status is Status.BEZIG


def test_a_work_that_went_into_another_kern_needs_another_check(session: Session) -> None:
    dorp(session)
    dorp(session, 1_000)
    actor = medewerker(session)
    werk = make_werkzaamheid(session, status=Status.VERWACHT)
    check_of(session, actor, werk)

    werk.geom = LineString([(X + 900, Y + 100), (X + 1_100, Y + 100)])
    session.flush()

    with pytest.raises(StartcheckNodig):
        services.confirm(session, actor, werk.id)
    check_of(session, actor, werk)
    services.confirm(session, actor, werk.id)


def test_the_check_of_another_work_does_not_count(session: Session) -> None:
    dorp(session)
    actor = medewerker(session)
    werk, ander = (make_werkzaamheid(session, status=Status.VERWACHT) for _ in range(2))
    check_of(session, actor, ander)

    with pytest.raises(StartcheckNodig):
        services.confirm(session, actor, werk.id)


def test_the_button_leads_to_the_startcheck_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    dorp(session)
    werk = make_werkzaamheid(session, status=Status.VERWACHT, bevestigd_op=None)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    answers = [
        browser.post(f"/werkzaamheden/{werk.id}/{pad}") for pad in ("bevestig", "zet/begonnen")
    ]

    session.refresh(werk)
    naar = f"/afstemming/startcheck?werk={werk.id}"
    assert [answer.location for answer in answers] == [naar, naar]
    assert "Doe eerst de startcheck." in browser.get(naar).text
    assert (werk.status, werk.bevestigd_op) == (Status.VERWACHT, None)


@pytest.mark.parametrize("status", ["bevestigd", "bezig"])
def test_the_form_says_so_beside_the_status_and_takes_a_reason(
    client: ClientFactory, session: Session, status: str
) -> None:
    gebruiker = make_gebruiker(session, rol=Rol.MEDEWERKER)
    browser = client(gebruiker)
    data = filled_werk(session, status=status)

    zonder = browser.post("/werkzaamheden/nieuw", data=data)
    met = browser.post("/werkzaamheden/nieuw", data=data | {"vrijstelling": "Breuk in de leiding"})

    vrij = session.scalars(select(StartcheckVrijstelling)).one()
    werk = session.scalars(select(Werkzaamheid)).one()
    assert zonder.status_code == 422
    assert 'id="status-fout"' in zonder.text
    assert "Doe eerst de startcheck." in zonder.text
    assert met.status_code == 302
    assert werk.status.value == status
    assert (vrij.werkzaamheid_id, vrij.reden) == (werk.id, "Breuk in de leiding")
    assert vrij.gebruiker_id == gebruiker.id


def test_the_form_of_a_work_leads_to_its_startcheck_after_which_it_is_confirmed(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = filled_werk(session)
    browser.post("/werkzaamheden/nieuw", data=data)
    werk = session.scalars(select(Werkzaamheid)).one()
    pad = f"/werkzaamheden/{werk.id}/wijzig"
    page = browser.get(pad).text
    data |= {"status": "bevestigd", "versie": hidden(page, "versie")}

    voor = browser.post(pad, data=data)
    check_of(session, medewerker(session), werk)
    na = browser.post(pad, data=data)

    session.refresh(werk)
    assert f'href="/afstemming/startcheck?werk={werk.id}"' in page
    assert (voor.status_code, na.status_code) == (422, 302)
    assert werk.status is Status.BEVESTIGD


def test_a_gemeente_can_do_without(
    app: Flask, client: ClientFactory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["kernenkaart.settings"]
    zonder = replace(settings, startcheck_verplicht=False)
    monkeypatch.setitem(app.extensions, "kernenkaart.settings", zonder)
    werk = make_werkzaamheid(session, status=Status.VERWACHT)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    browser.post(f"/werkzaamheden/{werk.id}/bevestig")

    session.refresh(werk)
    assert werk.status is Status.BEVESTIGD
