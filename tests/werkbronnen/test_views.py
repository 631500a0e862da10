"""From a file or an address to the map: added, mapped, looked at, taken over, kept in step."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import fromstring
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.taken.register import TAKEN
from kernenkaart.tijd import now
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.jobs import rondje
from kernenkaart.werkbronnen.models import Ritme, Stand, Werkbron
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_organisatie
from tests.formulieren import counted
from tests.kaart.stubs import Stub, send, serve
from tests.wachtrij import waiting
from tests.werkbronnen.bronnen import (
    GRENS,
    add_file,
    add_here,
    came_of,
    feature,
    geojson,
    make_werkbron,
    settle,
    take,
)


@pytest.fixture
def feed(app: Flask) -> Iterator[Stub]:
    """A planning on a server that the settings allow."""
    settings = app.extensions["kernenkaart.settings"]
    with serve() as stub:
        stub.answer = send(geojson(feature(), feature(id="W2", titel="Stoep")))
        app.extensions["kernenkaart.settings"] = replace(
            settings, ophalen_toegestaan=(stub.url.removeprefix("http://"),)
        )
        yield stub
        app.extensions["kernenkaart.settings"] = settings


def partner(client: ClientFactory, session: Session) -> tuple[FlaskClient, Organisatie]:
    """A planner of a new organisation, and a kern to plan in."""
    make_kern(session, grens=GRENS)
    organisatie = make_organisatie(session)
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)
    return client(gebruiker), organisatie


def the_bron(session: Session) -> Werkbron:
    session.expire_all()
    return session.scalars(select(Werkbron)).one()


def test_a_file_is_added_looked_at_and_taken_over(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, organisatie = partner(client, session)
    data: dict[str, Any] = {
        "organisatie": organisatie.id, "ritme": "hand",
        "bestand": (io.BytesIO(geojson(feature(), feature(None, id="W2"))), "planning.geojson"),
    }  # fmt: skip

    added = browser.post("/werkbronnen", data=data)
    assert "De bron wordt gelezen." in browser.get(added.location).text
    settle(app, session, the_bron(session))
    bekeken = browser.get(added.location).text
    assert "1 nieuw" in bekeken
    assert "Er staat niet bij waar het is. 1 keer: regel 2." in bekeken
    assert "data-kaart" in bekeken or "kk-kaart" in bekeken
    browser.post(f"{added.location}/neem-over")
    settle(app, session, the_bron(session))

    klaar = browser.get(added.location).text
    assert "De laatste keer" in klaar
    assert session.scalars(select(Werkzaamheid.titel)).all() == ["Nieuw riool"]


def test_the_page_of_a_work_tells_who_keeps_it_where_it_came_from(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    bron = take(app, session, add_file(app, session, geojson(feature())))
    [werk] = came_of(session, bron)
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=bron.organisatie_id)

    volgt = client(gebruiker).get(f"/werkzaamheden/{werk.id}").text
    werk.titel = "Anders"
    session.flush()
    eigen = client(gebruiker).get(f"/werkzaamheden/{werk.id}").text

    assert "Dan blijft het zoals jij het maakt." in volgt
    assert "het volgt de bron niet meer" in eigen
    assert f"/werkbronnen/{bron.id}" not in client().get(f"/werkzaamheden/{werk.id}").text


def test_an_address_is_kept_in_step_by_itself(
    client: ClientFactory, session: Session, app: Flask, feed: Stub
) -> None:
    browser, organisatie = partner(client, session)
    added = browser.post("/werkbronnen", data={
        "organisatie": organisatie.id, "ritme": "uur", "adres": f"{feed.url}/werk.geojson",
    })  # fmt: skip
    settle(app, session, the_bron(session))
    browser.post(f"{added.location}/neem-over")
    bron = settle(app, session, the_bron(session))
    assert len(came_of(session, bron)) == 2

    feed.answer = send(geojson(feature(einddatum="31-12-2027")))
    bron.volgende_op = now() - timedelta(minutes=1)
    session.flush()
    with app.app_context():
        rondje()
    bron = settle(app, session, bron)

    riool, stoep = came_of(session, bron)
    assert str(riool.laatste_dag) == "2027-12-31"
    assert stoep.status is Status.VERVALLEN
    assert bron.stand is Stand.LOOPT
    assert bron.volgende_op is not None
    assert bron.volgende_op > now()


def test_an_address_of_our_own_network_is_never_asked(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, organisatie = partner(client, session)
    with serve() as kanarie:
        added = browser.post("/werkbronnen", data={
            "organisatie": organisatie.id, "ritme": "hand", "adres": kanarie.url,
        })  # fmt: skip
        settle(app, session, the_bron(session))

        assert kanarie.asked == []
    assert "niet openbaar op internet" in browser.get(added.location).text


def test_what_was_there_stays_when_the_address_fails(
    client: ClientFactory, session: Session, app: Flask, feed: Stub
) -> None:
    browser, organisatie = partner(client, session)
    added = browser.post("/werkbronnen", data={
        "organisatie": organisatie.id, "ritme": "dag", "adres": f"{feed.url}/x",
    })  # fmt: skip
    settle(app, session, the_bron(session))
    browser.post(f"{added.location}/neem-over")
    settle(app, session, the_bron(session))
    feed.answer = send(b"", 500)

    browser.post(f"{added.location}/lees", data={"x": "1"})
    bron = settle(app, session, the_bron(session))

    assert (bron.stand, bron.fouten) == (Stand.LOOPT, 1)
    assert [w.status for w in came_of(session, bron)] == [Status.VERWACHT] * 2
    assert "konden we niet lezen" in browser.get(added.location).text


def test_a_take_over_that_failed_says_so_and_is_tried_again_by_a_button(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    bron = add_here(app, session, geojson(feature()))
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=bron.organisatie_id)
    browser, pad = client(gebruiker), f"/werkbronnen/{bron.id}"
    bron.stand = Stand.OVERNEMEN
    session.flush()
    opgegeven = TAKEN["werkbronnen.neem_over"].opgegeven
    assert opgegeven is not None

    with app.app_context():
        opgegeven(bron.id)
    page = browser.get(pad).text
    assert "Het overnemen stopte halverwege." in page
    assert f'action="{pad}/opnieuw"' in page
    assert "Overnemen is niet gelukt." in browser.get("/werkbronnen").text
    assert "data-wacht" not in page
    browser.post(f"{pad}/opnieuw")
    browser.post(f"{pad}/opnieuw")
    assert len(waiting(session, "werkbronnen.neem_over")) == 1
    bron = settle(app, session, bron)

    assert (bron.stand, bron.melding) == (Stand.LOOPT, None)
    assert len(came_of(session, bron)) == 1


def test_a_source_that_runs_by_itself_goes_on_at_its_next_time_when_it_failed(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    client()
    bron = make_werkbron(
        session, make_organisatie(session), adres="https://x.example/a", ritme=Ritme.DAG,
        stand=Stand.OVERNEMEN, bijwerken=True, verslag={},
    )  # fmt: skip

    services.note_gave_up(session, bron, now())

    assert bron.stand is Stand.LOOPT
    assert bron.melding == services.MISLUKT[Stand.OVERNEMEN]
    assert bron.volgende_op is not None


def test_the_mapping_is_shown_guessed_and_can_be_corrected(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, organisatie = partner(client, session)
    rijen = [feature(klus="Riool", soort="R"), feature(id="W2", klus="Weg", soort="A")]
    browser.post("/werkbronnen", data={
        "organisatie": organisatie.id, "ritme": "hand",
        "bestand": (io.BytesIO(geojson(*rijen)), "x.geojson"),
    })  # fmt: skip
    bron = settle(app, session, the_bron(session))
    pad = f"/werkbronnen/{bron.id}/kolommen"
    page = browser.get(pad).text
    assert re.search(r'id="k-begin".*?<option value="startdatum" selected>', page, re.DOTALL)
    assert 'value="verwacht"' in page
    assert 'value="bevestigd"' not in page  # that is said here, after the startcheck
    asfalt = re.search(r'id="v-soort-\d+".*?<option value="(\d+)"[^>]*>Asfalt', page, re.DOTALL)
    assert asfalt
    waarden = re.findall(r'<label class="kk-lab" for="(v-soort-\d+)">(\w)</label>', page)
    keuze = {naam: asfalt[1] for naam, waarde in waarden if waarde == "A"}

    browser.post(pad, data=_filled(page) | {"k-titel": "klus"} | keuze)
    settle(app, session, bron)
    browser.post(f"/werkbronnen/{bron.id}/neem-over")
    bron = settle(app, session, the_bron(session))

    riool, weg = came_of(session, bron)
    assert (riool.titel, weg.titel) == ("Riool", "Weg")
    assert weg.soort.naam == "Asfalt"


def test_a_mapping_without_a_first_day_is_told(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, organisatie = partner(client, session)
    bron = make_werkbron(session, organisatie)
    pad = f"/werkbronnen/{bron.id}/kolommen"
    page = browser.get(pad).text

    answer = browser.post(pad, data=_filled(page) | {"k-begin": ""})

    assert answer.status_code == 422
    assert "Kies de kolom met de eerste of de vroegste dag." in answer.text


def _filled(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    [form] = [one for one in fromstring(page).forms if "k-begin" in one.fields]
    return dict(form.form_values())


def test_the_pages_ask_the_database_little(
    client: ClientFactory, session: Session, app: Flask
) -> None:
    browser, organisatie = partner(client, session)
    bron = make_werkbron(session, organisatie)

    for pad in ("", f"/{bron.id}", f"/{bron.id}/kolommen", f"/{bron.id}/lees", f"/{bron.id}/stop"):
        with counted(session) as statements:
            assert browser.get(f"/werkbronnen{pad}").status_code == 200
        assert len(statements) <= 8, (pad, statements)
