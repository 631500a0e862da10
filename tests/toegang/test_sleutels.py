"""Keys for programs: shown once, revocable, worthless as soon as their owner changes."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.journaal.queries import find_changes
from kernenkaart.tijd import now
from kernenkaart.toegang.jobs import SLEUTEL_GETOOND, opruimen
from kernenkaart.toegang.models import Gebruiker, Recht, Toegangssleutel
from kernenkaart.toegang.queries import actor_of
from kernenkaart.toegang.sleutels import AANTAL_MAX, make_sleutel, recognise, revoke
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_organisatie, make_platform
from tests.formulieren import counted
from tests.toegang.inloggen import WACHTWOORD, make_account

ALLES = tuple(Recht)


def make_partner(session: Session, **values: Any) -> Gebruiker:
    """A ketenpartner with a password."""
    organisatie_id = values.pop("organisatie_id", None) or make_organisatie(session).id
    return make_account(
        session, **({"rol": Rol.KETENPARTNER, "organisatie_id": organisatie_id} | values)
    )


def token_of(session: Session, gebruiker: Gebruiker, *rechten: Recht, dagen: int = 90) -> str:
    """A working key of this account."""
    actor = actor_of(session, gebruiker)
    return make_sleutel(session, actor, naam="Planning", rechten=rechten or ALLES, dagen=dagen)[1]


def fill(**velden: Any) -> dict[str, Any]:
    return {
        "naam": "Planning van het waterschap",
        "rechten": [recht.value for recht in Recht],
        "dagen": "90",
        "wachtwoord": WACHTWOORD,
    } | velden


def test_a_key_is_shown_once_and_only_its_hash_is_kept(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_partner(session)
    browser = client(gebruiker)

    response = browser.post("/account/sleutels/nieuw", data=fill())

    page = html.unescape(response.get_data(as_text=True))
    token = re.search(r"kk_[a-z2-9]{10}_[\w-]{43}", page)[0]  # type: ignore[index]
    rij = session.scalars(select(Toegangssleutel)).one()
    assert response.headers["Cache-Control"] == "no-store"
    assert recognise(session, token, now()).sleutel is rij  # type: ignore[union-attr]
    assert token[13:] not in browser.get("/account/sleutels").get_data(as_text=True)
    row = session.execute(text("SELECT to_jsonb(s)::text FROM toegangssleutel s")).scalar_one()
    assert token[14:] not in row


def test_the_list_says_what_a_key_may_and_when_it_was_used(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_partner(session)
    leeg = client(gebruiker).get("/account/sleutels").get_data(as_text=True)
    token_of(session, gebruiker, Recht.WERK_LEZEN)

    page = client(gebruiker).get("/account/sleutels").get_data(as_text=True)

    assert "Je hebt nog geen sleutels." in leeg
    assert "Nog niet gebruikt." in page
    assert "Werk van je organisatie lezen" in page
    assert "Werk plaatsen" not in page


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"naam": ""}, "Vul in waar je de sleutel voor gebruikt."),
        ({"rechten": []}, "Kies wat het programma mag."),
        ({"rechten": ["alles"]}, ""),
        ({"dagen": "36500"}, "Kies een van de mogelijkheden uit de lijst."),
        ({"wachtwoord": "fout"}, "Dit wachtwoord klopt niet."),
        ({"naam": "x" * 101}, "hoogstens 100 tekens"),
    ],
)
def test_a_form_that_is_wrong_makes_no_key(
    client: ClientFactory, session: Session, velden: dict[str, Any], melding: str
) -> None:
    response = client(make_partner(session)).post("/account/sleutels/nieuw", data=fill(**velden))

    assert response.status_code == 422
    assert melding in response.get_data(as_text=True)
    assert session.scalars(select(Toegangssleutel)).all() == []


def test_making_keys_with_a_guessed_password_is_stopped(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_partner(session))

    codes = [
        browser.post("/account/sleutels/nieuw", data=fill(wachtwoord="fout")).status_code
        for _ in range(6)
    ]

    assert codes == [422] * 5 + [429]


def test_revoking_asks_first_and_then_holds_at_once(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_partner(session)
    token = token_of(session, gebruiker)
    sleutel = session.scalars(select(Toegangssleutel)).one()
    browser, path = client(gebruiker), f"/account/sleutels/{sleutel.id}/intrekken"

    asked = browser.get(path)
    assert recognise(session, token, now())
    done = browser.post(path)

    session.expire_all()
    assert "Trek deze sleutel in?" in asked.get_data(as_text=True)
    assert (done.status_code, done.location) == (302, "/account/sleutels")
    assert recognise(session, token, now()) is None
    assert "Ingetrokken" in browser.get("/account/sleutels").get_data(as_text=True)


def test_nobody_revokes_or_sees_somebody_elses_key(client: ClientFactory, session: Session) -> None:
    token = token_of(session, make_partner(session))
    sleutel = session.scalars(select(Toegangssleutel)).one()
    ander = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    codes = [
        ander.open(f"/account/sleutels/{sleutel.id}/intrekken", method=method).status_code
        for method in ("GET", "POST")
    ]

    assert codes == [404, 404]
    assert recognise(session, token, now())
    assert sleutel.begin not in ander.get("/account/sleutels").get_data(as_text=True)


@pytest.mark.parametrize(
    "verander",
    [
        {"active": False},
        {"rol": Rol.PLATFORMLID},
        {"rol": Rol.MEDEWERKER},
        {"organisatie_id": "andere"},
    ],
)
def test_a_key_ends_with_what_its_owner_was(session: Session, verander: dict[str, Any]) -> None:
    gebruiker = make_partner(session)
    token = token_of(session, gebruiker)
    if "organisatie_id" in verander:
        verander = {"organisatie_id": make_organisatie(session).id}

    for naam, waarde in verander.items():
        setattr(gebruiker, naam, waarde)
    session.flush()

    assert recognise(session, token, now()) is None
    gebruiker.active = True
    session.flush()
    assert recognise(session, token, now()) is None  # open again is not: keys again


def test_closing_the_account_in_its_page_ends_its_keys(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_partner(session)
    token = token_of(session, gebruiker)
    beheerder = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    path = f"/beheer/gebruikers/{gebruiker.publiek_id}"

    page = beheerder.get(path).get_data(as_text=True)
    beheerder.post(f"{path}/sluiten")

    assert "Een sleutel voor een programma werkt" in page
    assert recognise(session, token, now()) is None


def test_a_key_works_until_its_last_moment_and_not_after(session: Session) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        token = token_of(session, make_partner(session), dagen=30)

    assert recognise(session, token, start + timedelta(days=30, seconds=-1))
    assert recognise(session, token, start + timedelta(days=30)) is None


@pytest.mark.parametrize("verminkt", ["", "kk_", "x" * 200, "kk_é", "\ud800", "kk_\x00"])
def test_what_is_no_key_is_not_recognised(session: Session, verminkt: str) -> None:
    token = token_of(session, make_partner(session))

    assert recognise(session, verminkt, now()) is None
    assert recognise(session, token[:-1] + ("a" if token[-1] != "a" else "b"), now()) is None
    assert recognise(session, token + "a", now()) is None


def test_only_who_plans_has_keys_and_not_without_end(session: Session) -> None:
    lid = actor_of(session, make_gebruiker(session, make_platform(session)))
    with pytest.raises(NotAllowed):
        make_sleutel(session, lid, naam="x", rechten=ALLES, dagen=30)
    with pytest.raises(NotAllowed):
        make_sleutel(session, Actor(), naam="x", rechten=ALLES, dagen=30)
    gebruiker = make_partner(session)

    for _ in range(AANTAL_MAX):
        token_of(session, gebruiker)

    with pytest.raises(Invalid, match="al 20 sleutels"):
        token_of(session, gebruiker)
    oudste = session.scalars(select(Toegangssleutel).order_by(Toegangssleutel.id)).first()
    revoke(session, actor_of(session, gebruiker), oudste.id)  # type: ignore[union-attr]
    assert token_of(session, gebruiker)


@pytest.mark.parametrize("rechten", [[], ["alles"], ["werkzaamheden:lezen", "beheer"]])
def test_the_database_refuses_a_right_that_does_not_exist(
    session: Session, rechten: list[str]
) -> None:
    token_of(session, make_partner(session))
    change = update(Toegangssleutel).values(rechten=rechten)

    with pytest.raises(IntegrityError, match="rechten"):
        session.execute(change)


def test_the_journaal_knows_of_keys_but_not_their_hash_or_use(session: Session) -> None:
    token_of(session, make_partner(session))
    sleutel = session.scalars(select(Toegangssleutel)).one()
    sleutel.gezien_op = now()
    session.flush()

    regels = find_changes(session, "toegangssleutel", sleutel.id)

    assert [regel.actie for regel in regels] == ["I"]
    assert not {"hash", "gezien_op"} & set(regels[0].nieuw or {})
    assert (regels[0].nieuw or {})["begin"] == sleutel.begin


def test_keys_that_ended_long_ago_are_forgotten(client: ClientFactory, session: Session) -> None:
    actor = actor_of(session, make_partner(session))
    for uren in (-1, 1):
        sleutel, _token = make_sleutel(session, actor, naam="Oud", rechten=ALLES, dagen=30)
        sleutel.verloopt_op = now() - SLEUTEL_GETOOND + timedelta(hours=uren)
    browser = client()

    with browser.application.app_context():
        opruimen()

    session.expire_all()
    assert [rij.id for rij in session.scalars(select(Toegangssleutel))] == [sleutel.id]


def test_the_pages_ask_few_questions(client: ClientFactory, session: Session) -> None:
    gebruiker = make_partner(session)
    for _ in range(5):
        token_of(session, gebruiker)
    sleutel = session.scalars(select(Toegangssleutel)).first()
    browser = client(gebruiker)

    for pagina in ("", "/nieuw", f"/{sleutel.id}/intrekken"):  # type: ignore[union-attr]
        with counted(session) as statements:
            response = browser.get(f"/account/sleutels{pagina}")
        assert response.status_code == 200
        assert len(statements) <= 8, statements
