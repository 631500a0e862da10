"""Who writes through the API: only a key in the header, only while it works, only what it may."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker, Recht, Toegangssleutel
from kernenkaart.toegang.queries import actor_of
from kernenkaart.toegang.sleutels import make_sleutel, revoke
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import (
    make_gebruiker,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import counted
from tests.ogc.schrijver import (
    ITEMS,
    MIJN,
    Programma,
    feature,
    make_gebied,
    make_partner,
    make_programma,
)

VRAGEN = (
    ("POST", ITEMS),
    ("PUT", f"{ITEMS}/1"),
    ("PATCH", f"{ITEMS}/1"),
    ("DELETE", f"{ITEMS}/1"),
    ("GET", MIJN),
    ("GET", f"{MIJN}/1"),
)


@pytest.mark.parametrize("vraag", VRAGEN)
@pytest.mark.parametrize("met_csrf", [False, True])
def test_a_login_never_opens_what_a_key_opens(
    app: Flask, client: ClientFactory, session: Session, vraag: tuple[str, str], met_csrf: bool
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    app.config["WTF_CSRF_ENABLED"] = met_csrf

    response = browser.open(vraag[1], method=vraag[0], json=feature())

    app.config["WTF_CSRF_ENABLED"] = False
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="kernenkaart"'
    assert response.headers["Cache-Control"] == "no-store"


def test_a_key_works_without_a_token_of_a_page(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    app.config["WTF_CSRF_ENABLED"] = True

    response = programma.ask("POST", ITEMS, feature(), Origin="https://elders.example")

    app.config["WTF_CSRF_ENABLED"] = False
    assert response.status_code == 201


@pytest.mark.parametrize(
    "kop",
    [
        "Bearer",
        "Bearer ",
        "Basic {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer kk_aaaaaaaaaa_" + "a" * 43,
        "Bearer \u00e9\u00e9",
        "Bearer " + "x" * 7_000,
    ],
)
def test_another_header_than_the_right_one_is_no_key(
    client: ClientFactory, session: Session, kop: str
) -> None:
    programma = make_programma(client, session)
    kop = kop.format(token=programma.token)

    response = client().get(MIJN, headers={"Authorization": kop.encode().decode("latin-1")})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="kernenkaart"')


def test_a_key_anywhere_but_in_the_header_is_nothing(
    client: ClientFactory, session: Session
) -> None:
    token = make_programma(client, session).token
    browser = client()
    browser.set_cookie("Authorization", f"Bearer {token}")
    browser.set_cookie("sessie", token)

    codes = [
        browser.get(f"{MIJN}?{naam}={token}").status_code
        for naam in ("access_token", "token", "sleutel", "Authorization")
    ]

    assert codes == [401] * 4


def test_after_revoking_or_another_role_the_next_request_is_refused(
    client: ClientFactory, session: Session
) -> None:
    def revoke_it(gebruiker: Gebruiker) -> None:
        sleutel = session.scalars(
            select(Toegangssleutel).where(Toegangssleutel.gebruiker_id == gebruiker.id)
        ).one()
        revoke(session, actor_of(session, gebruiker), sleutel.id)

    veranderingen: tuple[Any, ...] = (
        revoke_it,
        lambda gebruiker: setattr(gebruiker, "active", False),
        lambda gebruiker: setattr(gebruiker, "rol", Rol.PLATFORMLID),
        lambda gebruiker: setattr(gebruiker, "rol", Rol.MEDEWERKER),
        lambda gebruiker: setattr(gebruiker, "organisatie_id", make_organisatie(session).id),
    )
    for verander in veranderingen:
        gebruiker = make_partner(session)
        programma = make_programma(client, session, gebruiker)
        assert programma.ask("GET", MIJN).status_code == 200

        verander(gebruiker)
        session.flush()

        response = programma.ask("GET", MIJN)
        assert response.status_code == 401
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_key_ends_by_itself(client: ClientFactory, session: Session) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        programma = make_programma(client, session)
        clock.move_to(start + timedelta(days=29, hours=23))
        voor = programma.ask("GET", MIJN).status_code
        clock.move_to(start + timedelta(days=30))
        na = programma.ask("GET", MIJN).status_code

    assert (voor, na) == (200, 401)


def test_a_key_of_staff_without_a_second_step_is_worth_nothing_where_one_is_asked(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    medewerker = make_gebruiker(session, rol=Rol.MEDEWERKER)
    programma = make_programma(client, session, medewerker)
    settings = app.extensions["kernenkaart.settings"]
    app.extensions["kernenkaart.settings"] = replace(settings, mfa_verplicht=True)
    zonder = programma.ask("GET", MIJN).status_code
    medewerker.totp_secret = "JBSWY3DPEHPK3PXP"
    session.flush()
    met = programma.ask("GET", MIJN).status_code
    app.extensions["kernenkaart.settings"] = settings

    assert (zonder, met) == (401, 200)


def test_a_key_for_the_demo_opens_nothing_for_real(client: ClientFactory, session: Session) -> None:
    programma = make_programma(client, session, make_partner(session, demo=True))

    assert programma.ask("GET", MIJN).status_code == 401


@pytest.mark.parametrize("recht", list(Recht))
def test_a_key_does_only_what_it_was_made_for(
    client: ClientFactory, session: Session, recht: Recht
) -> None:
    programma = make_programma(client, session, None, recht)

    for method, pad in VRAGEN:
        response = programma.ask(method, pad, feature() if method != "GET" else None)
        nodig = Recht.WERK_LEZEN if method == "GET" else Recht.WERK_SCHRIJVEN
        if recht is nodig:
            assert response.status_code != 403
        else:
            assert response.status_code == 403
            assert f'scope="{nodig.value}"' in response.headers["WWW-Authenticate"]


def test_thirty_wrong_keys_are_enough_for_a_quarter_even_for_the_right_one(
    client: ClientFactory, session: Session
) -> None:
    programma = make_programma(client, session)
    fout = Programma(client(), "kk_aaaaaaaaaa_" + "a" * 43)
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        codes = [fout.ask("GET", MIJN).status_code for _ in range(31)]
        goed = programma.ask("GET", MIJN)
        clock.move_to(start + timedelta(minutes=15, seconds=1))
        later = programma.ask("GET", MIJN)

    assert codes == [401] * 30 + [429]
    assert (goed.status_code, int(goed.headers["Retry-After"])) == (429, 900)
    assert later.status_code == 200


def test_good_keys_are_never_counted(client: ClientFactory, session: Session) -> None:
    programma = make_programma(client, session)

    assert {programma.ask("GET", MIJN).status_code for _ in range(40)} == {200}


def test_the_use_of_a_key_is_noted_once_a_minute(client: ClientFactory, session: Session) -> None:
    programma = make_programma(client, session)
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        programma.ask("GET", MIJN)
        clock.move_to(start + timedelta(seconds=59))
        with counted(session) as statements:
            programma.ask("GET", MIJN)

    session.expire_all()
    assert session.scalars(select(Toegangssleutel)).one().gezien_op == start
    assert not any(statement.startswith("UPDATE") for statement in statements)


def test_the_secret_is_nowhere_after_it_was_shown(
    client: ClientFactory, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    make_gebied(session)
    partner = make_partner(session)
    programma = make_programma(client, session, partner)
    geheim = programma.token.split("_", 2)[2]
    antwoorden = [
        programma.ask("POST", ITEMS, feature()),
        programma.ask("POST", ITEMS, b"{"),
        programma.ask("GET", MIJN),
        Programma(client(), programma.token + "x").ask("GET", MIJN),
        client(partner).get("/account/sleutels"),
        client(partner).get("/account"),
    ]

    assert not [a for a in antwoorden if geheim in a.text or geheim in str(a.headers)]
    assert geheim not in caplog.text
    tabellen = session.scalars(
        text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    ).all()
    for tabel in tabellen:
        rijen = session.scalars(text(f'SELECT to_jsonb(t)::text FROM "{tabel}" t')).all()
        assert not [rij for rij in rijen if geheim in rij], tabel


def _world(session: Session) -> tuple[dict[str, Gebruiker], dict[str, Werkzaamheid]]:
    eigen, ander = make_organisatie(session), make_organisatie(session)
    wie = {
        "partner": make_partner(session, organisatie_id=eigen.id),
        "medewerker": make_gebruiker(session, rol=Rol.MEDEWERKER),
        "gebiedsmakelaar": make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR),
        "beheerder": make_gebruiker(session, rol=Rol.BEHEERDER),
    }
    wat = {
        f"{kant}.{soort}": make_werkzaamheid(session, organisatie=organisatie, **waarden)
        for kant, organisatie in (("eigen", eigen), ("ander", ander))
        for soort, waarden in (
            ("bekend", {}),
            ("intern", {"openbaar": False}),
            ("concept", {"status": Status.CONCEPT, "status_straks": Status.VERWACHT}),
        )
    }
    return wie, wat


def _status_per_work(programma: Programma, werken: dict[str, Werkzaamheid]) -> dict[str, list[int]]:
    found = {}
    for naam, werk in werken.items():
        etag = f'"v{werk.versie}"'
        found[naam] = [
            programma.ask("GET", f"{MIJN}/{werk.id}").status_code,
            programma.ask("PUT", f"{ITEMS}/{werk.id}", feature(), If_Match='"v0"').status_code,
            programma.ask("PATCH", f"{ITEMS}/{werk.id}", {}, If_Match=etag).status_code,
            programma.ask("DELETE", f"{ITEMS}/{werk.id}", If_Match=etag).status_code,
        ]
    return found


def test_a_partner_reaches_its_own_organisation_and_no_other(
    client: ClientFactory, session: Session
) -> None:
    wie, wat = _world(session)

    found = _status_per_work(make_programma(client, session, wie["partner"]), wat)

    assert found == {
        "eigen.bekend": [200, 412, 200, 200],
        "eigen.intern": [200, 412, 200, 200],
        "eigen.concept": [200, 412, 200, 204],
        "ander.bekend": [404, 403, 403, 403],
        "ander.intern": [404, 403, 403, 403],
        "ander.concept": [404, 404, 404, 404],
    }


@pytest.mark.parametrize("rol", ["medewerker", "gebiedsmakelaar", "beheerder"])
def test_staff_reaches_every_organisation(
    client: ClientFactory, session: Session, rol: str
) -> None:
    wie, wat = _world(session)

    found = _status_per_work(make_programma(client, session, wie[rol]), wat)

    assert {tuple(codes[:3]) for codes in found.values()} == {(200, 412, 200)}


def test_nobody_takes_a_work_to_or_from_another_organisation(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    ander = make_organisatie(session)
    programma = make_programma(client, session)
    eigen = programma.ask("POST", ITEMS, feature())
    pad, etag = f"{ITEMS}/{eigen.get_json()['id']}", eigen.headers["ETag"]

    antwoorden = [
        programma.ask("POST", ITEMS, feature(organisatie=ander.naam)),
        programma.ask("PUT", pad, feature(organisatie=ander.naam), If_Match=etag),
        programma.ask("PATCH", pad, {"properties": {"organisatie": ander.naam}}, If_Match=etag),
    ]

    assert [a.status_code for a in antwoorden] == [403] * 3
    assert {a.get_json()["detail"] for a in antwoorden} == {
        "Je plaatst alleen werk van je eigen organisatie."
    }


def test_who_may_have_no_keys_cannot_use_one_either(
    client: ClientFactory, session: Session
) -> None:
    partner = make_partner(session)
    _rij, token = make_sleutel(
        session, actor_of(session, partner), naam="x", rechten=tuple(Recht), dagen=30
    )
    lid = make_gebruiker(session, make_platform(session))
    session.execute(text("UPDATE toegangssleutel SET gebruiker_id = :id"), {"id": lid.id})

    assert Programma(client(), token).ask("GET", MIJN).status_code == 401


def test_the_open_answers_do_not_differ_by_key(client: ClientFactory, session: Session) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    id_ = programma.ask("POST", ITEMS, feature()).get_json()["id"]

    for pad in (f"{ITEMS}/{id_}", ITEMS):
        met, zonder = programma.ask("GET", pad), client().get(pad)
        documenten = [json.loads(a.text) for a in (met, zonder)]
        for document in documenten:
            document.pop("timeStamp", None)
        assert documenten[0] == documenten[1]
        assert met.headers["Cache-Control"] == zonder.headers["Cache-Control"]
        assert "contactTelefoon" not in met.text
