"""Writing twice makes one; what was written is read back a page at a time."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.toegang.models import Verzoek
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_organisatie, make_werkzaamheid
from tests.formulieren import counted
from tests.ogc.schrijver import (
    ITEMS,
    MIJN,
    feature,
    make_gebied,
    make_partner,
    make_programma,
    pointers,
    werken,
)


def test_the_same_key_twice_makes_one_and_answers_the_same(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    sleutel = str(uuid.uuid4())

    eerst, weer = (
        programma.ask("POST", ITEMS, feature(), Idempotency_Key=sleutel) for _ in range(2)
    )
    ander = programma.ask("POST", ITEMS, feature(titel="Anders"), Idempotency_Key=sleutel)
    vreemde = make_programma(client, session).ask("POST", ITEMS, feature(), Idempotency_Key=sleutel)

    assert (eerst.status_code, weer.status_code) == (201, 201)
    assert (eerst.data, eerst.headers["ETag"]) == (weer.data, weer.headers["ETag"])
    assert eerst.headers["Location"] == weer.headers["Location"]
    assert ander.status_code == 409
    assert vreemde.status_code == 201  # a key is one's own
    assert len(werken(session)) == 2


def test_a_key_whose_request_failed_is_free_again(client: ClientFactory, session: Session) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    sleutel = f'"{uuid.uuid4()}"'

    codes = [
        programma.ask("POST", ITEMS, feature(titel=titel), Idempotency_Key=sleutel).status_code
        for titel in ("", "Beter")
    ]

    assert codes == [400, 201]
    assert len(session.scalars(select(Verzoek)).all()) == 1


def test_a_page_of_own_works_leads_to_the_next_until_all_were_seen(
    client: ClientFactory, session: Session
) -> None:
    organisatie = make_organisatie(session)
    partner = make_partner(session, organisatie_id=organisatie.id)
    programma = make_programma(client, session, partner)
    eigen = [make_werkzaamheid(session, organisatie=organisatie) for _ in range(5)]
    make_werkzaamheid(session)

    gezien, pad = [], f"{MIJN}?limit=2"
    while pad:
        document = programma.ask("GET", pad).get_json()
        gezien += [ding["id"] for ding in document["features"]]
        pad = next((v["href"] for v in document["links"] if v["rel"] == "next"), "")

    assert gezien == [werk.id for werk in eigen]


def test_reading_back_asks_at_most_three_questions(client: ClientFactory, session: Session) -> None:
    make_gebied(session)
    programma = make_programma(client, session)
    id_ = programma.ask("POST", ITEMS, feature()).get_json()["id"]

    for pad in (f"{MIJN}/{id_}", MIJN):
        with counted(session) as statements:
            assert programma.ask("GET", pad).status_code == 200
        assert len(statements) <= 3, statements


def test_a_medewerker_writes_for_every_organisation(
    client: ClientFactory, session: Session
) -> None:
    make_gebied(session)
    organisatie = make_organisatie(session)
    programma = make_programma(client, session, make_gebruiker(session, rol=Rol.MEDEWERKER))

    zonder = programma.ask("POST", ITEMS, feature())
    met = programma.ask("POST", ITEMS, feature(organisatie=organisatie.naam.upper()))

    assert pointers(zonder) == {"/properties/organisatie": "Kies een organisatie uit de lijst."}
    assert met.get_json()["properties"]["organisatie"] == organisatie.naam
