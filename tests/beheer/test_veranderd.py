"""What changed last is told with the thing's name, in words, one line for what belongs together."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.beheer.veranderd import DELEN, DINGEN, STIL, WOORDEN, find_recent
from kernenkaart.db import Model
from kernenkaart.journaal.services import sign
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap
from kernenkaart.toegang.queries import actor_of
from kernenkaart.werkzaamheden.models import Status
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_platform, make_werkzaamheid
from tests.formulieren import counted

AFGELEID = {"geom_3857", "punt", "updated_at", "versie"}  # never in the journaal
GEHEIM = {"password", "totp_secret", "totp_step", "recovery_codes"}


@pytest.mark.parametrize("tabel", DINGEN)
def test_every_column_that_can_change_has_a_word_or_is_silent_on_purpose(tabel: str) -> None:
    columns = {column.name for column in Model.metadata.tables[tabel].columns}

    assert columns - AFGELEID - GEHEIM - STIL <= set(WOORDEN)


def test_every_part_belongs_to_a_thing_and_has_a_word() -> None:
    assert {ouder for ouder, _ in DELEN.values()} <= set(DINGEN)
    assert set(DELEN) <= set(WOORDEN)


def test_a_change_is_told_with_name_words_and_who_did_it(session: Session) -> None:
    beheerder = make_gebruiker(session, rol=Rol.BEHEERDER, naam="Bea Beheer")
    werk = make_werkzaamheid(session, titel="Riool Dorpsstraat", status=Status.VERWACHT)
    sign(session, actor_of(session, beheerder))
    werk.status = Status.BEVESTIGD
    werk.laatste_dag += timedelta(days=1)
    session.flush()

    eerste = find_recent(session)[0]

    assert (eerste.ding, eerste.titel) == ("Werkzaamheid", "Riool Dorpsstraat")
    assert eerste.url == f"/werkzaamheden/{werk.id}"
    assert eerste.wat == "Status: bevestigd, laatste dag"
    assert eerste.door == "Bea Beheer"


def test_what_belongs_to_a_thing_is_told_once_with_that_thing(session: Session) -> None:
    kernen = [make_kern(session) for _ in range(3)]
    groep = make_platform(session, naam="Dorpsraad Voorbeeld", kernen=kernen)

    found = [wat for wat in find_recent(session) if wat.titel == groep.naam]

    assert [wat.wat for wat in found] == ["Nieuw"]


def test_the_end_of_a_membership_is_a_change_of_the_account(session: Session) -> None:
    groep = make_platform(session)
    lid: Gebruiker = make_gebruiker(session, groep)
    beheerder = make_gebruiker(session, rol=Rol.BEHEERDER)
    lidmaatschap = session.query(Lidmaatschap).filter_by(gebruiker_id=lid.id).one()
    sign(session, actor_of(session, beheerder))
    lidmaatschap.tot = lidmaatschap.van
    session.flush()

    eerste = find_recent(session)[0]

    assert (eerste.titel, eerste.wat) == (lid.naam, "Groepen")
    assert eerste.url == f"/beheer/gebruikers/{lid.publiek_id}"


def test_what_is_gone_keeps_its_name_and_has_no_link(session: Session) -> None:
    werk = make_werkzaamheid(session, titel="Vergissing")
    session.delete(werk)
    session.flush()

    eerste = find_recent(session)[0]

    assert (eerste.titel, eerste.wat, eerste.url) == ("Vergissing", "Weggehaald", None)


def test_every_page_it_leads_to_opens(client: ClientFactory, session: Session) -> None:
    make_platform(session)
    make_werkzaamheid(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    pages = {wat.url for wat in find_recent(session, hoogstens=50) if wat.url}

    assert {url.rsplit("/", 1)[0] for url in pages} >= {
        "/werkzaamheden", "/kernen", "/beheer/platforms", "/beheer/gebruikers",
        "/beheer/organisaties",
    }  # fmt: skip
    assert {browser.get(url).status_code for url in pages} == {200}


def test_the_first_page_of_beheer_asks_little_of_the_database(
    client: ClientFactory, session: Session
) -> None:
    make_werkzaamheid(session)
    make_platform(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    with counted(session) as statements:
        browser.get("/beheer")

    assert len(statements) <= 8
