"""Accounts by invitation, and a new password by mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.tijd import now, today
from kernenkaart.toegang.beheer import (
    GebruikerGegevens,
    change_gebruiker,
    invite,
    set_active,
)
from kernenkaart.toegang.links import Ondertekenaar, Soort
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap, Toewijzing
from kernenkaart.toegang.queries import actor_of
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_organisatie, make_platform
from tests.postbus import Postbus
from tests.toegang.inloggen import WACHTWOORD, log_in, make_account, who
from tests.wachtrij import work

BEHEERDER = Actor(gebruiker_id=None, rol=Rol.BEHEERDER)
NIEUW = "lange wandeling langs de Linge"


def link_in(postbus: Postbus) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/wachtwoord/\S+)", postbus.mails[-1].get_content())
    assert found is not None
    return found[1]


def test_who_is_invited_gets_a_mail_and_sets_a_password_once(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    gegevens = GebruikerGegevens(
        naam="An de Wit",
        email=" An@Example.org",
        rol=Rol.PLATFORMLID,
        platform_ids=frozenset({platform.id}),
    )
    gebruiker = invite(session, BEHEERDER, gegevens)
    session.flush()
    work(mailing, session)
    link = link_in(postbus)

    for _ in range(3):  # a mail scanner opens it first
        assert client().get(link).status_code == 200
    first = client().post(link, data={"wachtwoord": NIEUW})
    again = client().post(link, data={"wachtwoord": "een heel ander wachtwoord"})

    assert postbus.rcpt == ["an@example.org"]
    assert first.status_code == 302
    assert again.status_code == 410
    browser = client()
    log_in(browser, gebruiker, wachtwoord=NIEUW)
    assert who(browser) == "An de Wit"
    assert actor_of(session, gebruiker).platform_ids == {platform.id}


def test_the_link_does_not_wait_in_the_queue(session: Session, client: ClientFactory) -> None:
    invite(session, BEHEERDER, GebruikerGegevens("An", "an@example.org", Rol.BEHEERDER))
    client().post("/wachtwoord-vergeten", data={"email": "an@example.org"})

    args = session.execute(text("SELECT args FROM procrastinate_jobs")).scalars().all()

    assert {frozenset(arg) for arg in args} == {
        frozenset({"gebruiker_id", "sleutel"}),
        frozenset({"email", "sleutel"}),
    }


@pytest.mark.parametrize(
    ("soort", "later", "good"),
    [
        (Soort.UITNODIGING, timedelta(days=7) - timedelta(seconds=5), True),
        (Soort.UITNODIGING, timedelta(days=7, seconds=5), False),
        (Soort.HERSTEL, timedelta(hours=2) - timedelta(seconds=5), True),
        (Soort.HERSTEL, timedelta(hours=2, seconds=5), False),
    ],
)
def test_a_link_is_good_for_some_time(
    session: Session, soort: Soort, later: timedelta, good: bool
) -> None:
    gebruiker = make_gebruiker(session)
    signer = Ondertekenaar("geheim")
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        token = signer.make(gebruiker, soort)
        clock.move_to(start + later)
        assert (signer.read(session, token) is gebruiker) is good


def test_a_link_of_another_installation_or_of_a_closed_account_is_void(session: Session) -> None:
    gebruiker = make_gebruiker(session)
    token = Ondertekenaar("geheim").make(gebruiker, Soort.HERSTEL)

    assert Ondertekenaar("ander geheim").read(session, token) is None
    gebruiker.active = False
    session.flush()
    assert Ondertekenaar("geheim").read(session, token) is None


def test_a_new_password_by_mail_ends_every_session(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    thief = client(gebruiker)
    client().post("/wachtwoord-vergeten", data={"email": gebruiker.email.upper()})
    work(mailing, session)

    response = client().post(link_in(postbus), data={"wachtwoord": NIEUW})

    assert response.status_code == 302
    assert who(thief) is None
    assert log_in(client(), gebruiker, wachtwoord=NIEUW).status_code == 302


def test_an_unknown_address_gets_no_mail(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    client().post("/wachtwoord-vergeten", data={"email": "niemand@example.org"})
    client().post("/wachtwoord-vergeten", data={"email": make_account(session, active=False).email})

    assert work(mailing, session) == 2
    assert postbus.mails == []


def test_one_address_gets_five_mails_an_hour(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)

    for number in range(8):
        client().post(
            "/wachtwoord-vergeten",
            data={"email": gebruiker.email},
            environ_base={"REMOTE_ADDR": f"10.0.{number}.1"},
        )
    work(mailing, session)

    assert len(postbus.mails) == 5


def test_the_link_leads_to_the_address_of_the_settings_whatever_the_host_says(
    mailing: Flask, postbus: Postbus, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    client().post(
        "/wachtwoord-vergeten",
        data={"email": gebruiker.email},
        headers={"Host": "kwaad.example", "X-Forwarded-Host": "kwaad.example"},
    )
    work(mailing, session)

    assert "kwaad" not in postbus.mails[0].get_content()
    assert link_in(postbus)


@pytest.mark.parametrize(
    ("wachtwoord", "zin"),
    [
        ("kort", "12 tekens"),
        ("aaaaaaaaaaaa", "makkelijk te raden"),
        ("123456789012", "makkelijk te raden"),
        ("abcdefghijklm", "makkelijk te raden"),
        ("qwertyuiopasd", "makkelijk te raden"),
        ("x" * 129, "hoogstens"),
        ("mijn naam is Klaassen", "je naam"),
        ("", "Vul een wachtwoord in"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(
    app: Flask, client: ClientFactory, session: Session, wachtwoord: str, zin: str
) -> None:
    gebruiker = make_gebruiker(session, naam="Piet Klaassen")
    token = Ondertekenaar(str(app.secret_key)).make(gebruiker, Soort.UITNODIGING)

    response = client().post(f"/wachtwoord/{token}", data={"wachtwoord": wachtwoord})

    assert response.status_code == 422
    assert zin in response.get_data(as_text=True)
    session.refresh(gebruiker)
    assert gebruiker.password is None


@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        (GebruikerGegevens("An", "geen adres", Rol.BEHEERDER), "email"),
        (GebruikerGegevens("An", "", Rol.BEHEERDER), "email"),
        (GebruikerGegevens(" ", "a@example.org", Rol.BEHEERDER), "naam"),
        (GebruikerGegevens("An", "bezet@example.org", Rol.BEHEERDER), "email"),
        (GebruikerGegevens("An", "a@example.org", Rol.KETENPARTNER), "organisatie"),
        (GebruikerGegevens("An", "a@example.org", Rol.PLATFORMLID), "platforms"),
        (GebruikerGegevens("An", "a@example.org", Rol.INWONER), "rol"),
    ],
)
def test_an_invitation_that_is_not_right_says_why(
    session: Session, gegevens: GebruikerGegevens, veld: str
) -> None:
    make_gebruiker(session, email="bezet@example.org")

    with pytest.raises(Invalid) as caught:
        invite(session, BEHEERDER, gegevens)

    assert caught.value.veld == veld


@pytest.mark.parametrize("rol", [rol for rol in Rol if rol is not Rol.BEHEERDER])
def test_only_a_beheerder_manages_accounts(session: Session, rol: Rol) -> None:
    gebruiker = make_gebruiker(session)
    gegevens = GebruikerGegevens("An", "a@example.org", Rol.BEHEERDER)

    with pytest.raises(NotAllowed):
        invite(session, Actor(rol=rol), gegevens)
    with pytest.raises(NotAllowed):
        set_active(session, Actor(rol=rol), gebruiker, active=False)
    with pytest.raises(NotAllowed):
        change_gebruiker(session, Actor(rol=rol), gebruiker, gegevens, gebruiker.versie)


def test_a_beheerder_does_not_lock_out_itself(session: Session) -> None:
    zelf = make_gebruiker(session, rol=Rol.BEHEERDER)
    actor = actor_of(session, zelf)

    with pytest.raises(Invalid):
        set_active(session, actor, zelf, active=False)
    with pytest.raises(Invalid):
        change_gebruiker(
            session, actor, zelf, GebruikerGegevens("An", zelf.email, Rol.MEDEWERKER), zelf.versie
        )


def test_what_somebody_speaks_for_changes_today_and_what_was_stays_on_record(
    session: Session,
) -> None:
    old, new = make_platform(session), make_platform(session)
    gebruiker = make_gebruiker(session)
    yesterday = today() - timedelta(days=1)
    session.add(Lidmaatschap(gebruiker_id=gebruiker.id, platform_id=old.id, van=yesterday))
    session.flush()
    gegevens = GebruikerGegevens(
        gebruiker.naam, gebruiker.email, Rol.PLATFORMLID, platform_ids=frozenset({new.id})
    )

    change_gebruiker(session, BEHEERDER, gebruiker, gegevens, gebruiker.versie)

    assert actor_of(session, gebruiker).platform_ids == {new.id}
    rows = session.execute(
        select(Lidmaatschap.platform_id, Lidmaatschap.van, Lidmaatschap.tot).where(
            Lidmaatschap.gebruiker_id == gebruiker.id
        )
    ).all()
    assert set(rows) == {(old.id, yesterday, yesterday), (new.id, today(), None)}


def test_a_gebiedsmakelaar_who_becomes_something_else_keeps_no_kern(session: Session) -> None:
    gebruiker = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[make_kern(session)])
    gegevens = GebruikerGegevens(
        gebruiker.naam,
        gebruiker.email,
        Rol.KETENPARTNER,
        organisatie_id=make_organisatie(session).id,
        kern_ids=frozenset({make_kern(session).id}),
    )

    change_gebruiker(session, BEHEERDER, gebruiker, gegevens, gebruiker.versie)

    assert actor_of(session, gebruiker).kern_ids == frozenset()
    assert (
        session.scalars(select(Toewijzing).where(Toewijzing.gebruiker_id == gebruiker.id)).all()
        == []
    )


def test_the_command_invites_and_prints_the_link_where_there_is_no_mail_server(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, naam="Dorpsraad Testdorp")
    assert client()

    result = app.test_cli_runner().invoke(
        args=[
            "gebruiker", "nodig-uit", "jo@example.org", "--naam", "Jo", "--rol", "platformlid",
            "--platform", "dorpsraad testdorp",
        ]
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    path = re.search(r"http://127\.0\.0\.1:8000(/wachtwoord/\S+)", result.output)
    assert path is not None
    assert client().post(path[1], data={"wachtwoord": NIEUW}).status_code == 302
    gebruiker = session.scalars(select(Gebruiker).where(Gebruiker.email == "jo@example.org")).one()
    assert actor_of(session, gebruiker).platform_ids == {platform.id}


@pytest.mark.parametrize(
    ("args", "zin"),
    [
        ("sluit niemand@example.org", "geen account"),
        ("nodig-uit x@example.org --naam X --rol platformlid", "minstens één"),
        ("nodig-uit x@example.org --naam X --rol platformlid --platform ?", "met de naam ?"),
    ],
)
def test_the_command_says_what_is_wrong(
    app: Flask, client: ClientFactory, args: str, zin: str
) -> None:
    assert client()

    result = app.test_cli_runner().invoke(args=["gebruiker", *args.split()])

    assert result.exit_code == 1
    assert zin in result.output


def test_closing_an_account_by_command_logs_it_out(
    app: Flask, client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)

    result = app.test_cli_runner().invoke(args=["gebruiker", "sluit", gebruiker.email])

    assert result.exit_code == 0
    assert who(browser) is None
    assert log_in(client(), gebruiker, wachtwoord=WACHTWOORD).status_code == 422
