from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.actor import Rol
from kernenkaart.samenhang.models import Wijzigingsverzoek
from kernenkaart.tijd import now, today
from kernenkaart.toegang.models import Toewijzing
from tests.conftest import ClientFactory
from tests.factories import (
    add,
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import SCHERP
from tests.wachtrij import waiting

TEKST = "De zaal is die avond bezet."


def mails(session: Session) -> list[dict]:
    return waiting(session, "post.verstuur")


def test_a_remark_is_kept_and_mailed_to_the_owner(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session, contact_email="raad@voorbeeld.example")
    activiteit = make_activiteit(session, platform=platform, titel="Dorpstafel")
    pad = f"/doorgeven/activiteiten/{activiteit.id}"

    assert "Dorpstafel" in client().get(pad).text
    answer = client().post(pad, data={"tekst": TEKST, "antwoord_email": "ik@voorbeeld.example"})

    assert answer.status_code == 302
    assert "Set-Cookie" not in answer.headers
    assert "Doorgegeven" in client().get(answer.headers["Location"]).text
    verzoek = session.scalars(select(Wijzigingsverzoek)).one()
    assert (verzoek.laag, verzoek.ding_id, verzoek.tekst) == ("activiteiten", activiteit.id, TEKST)
    [mail] = mails(session)
    assert mail["aan"] == "raad@voorbeeld.example"
    assert mail["gegevens"]["tekst"] == TEKST


@pytest.mark.parametrize("wie", ["makelaar", "beheerder"])
def test_without_a_contact_it_goes_to_the_gebiedsmakelaar_and_else_to_the_beheerders(
    client: ClientFactory, session: Session, wie: str
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    make_gebruiker(session, rol=Rol.BEHEERDER, email="beheerder@voorbeeld.example")
    vorige = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR)
    gisteren = today() - timedelta(days=1)
    add(
        session,
        Toewijzing(gebruiker_id=vorige.id, kern_id=kern.id, van=gisteren, tot=gisteren),
    )
    if wie == "makelaar":
        make_gebruiker(
            session,
            rol=Rol.GEBIEDSMAKELAAR,
            kernen=[kern],
            email="makelaar@voorbeeld.example",
        )
    activiteit = make_activiteit(session, platform=platform)

    client().post(f"/doorgeven/activiteiten/{activiteit.id}", data={"tekst": TEKST})

    assert [mail["aan"] for mail in mails(session)] == [f"{wie}@voorbeeld.example"]


@pytest.mark.parametrize(
    ("data", "melding"),
    [
        ({"tekst": ""}, "Schrijf op wat je wilt zeggen."),
        ({"tekst": "   "}, "Schrijf op wat je wilt zeggen."),
        ({"tekst": "x" * 2001}, "2000"),
        ({"tekst": TEKST, "antwoord_email": "geen adres"}, "Dit is geen e-mailadres."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client: ClientFactory, session: Session, data: dict, melding: str
) -> None:
    activiteit = make_activiteit(session)

    answer = client().post(f"/doorgeven/activiteiten/{activiteit.id}", data=data)

    assert answer.status_code == 422
    assert melding in answer.text
    assert data["tekst"].strip()[:100] in answer.text
    assert session.scalars(select(Wijzigingsverzoek)).all() == []
    assert mails(session) == []


def test_a_robot_that_fills_the_hidden_field_reaches_nobody(
    client: ClientFactory, session: Session
) -> None:
    activiteit = make_activiteit(session)

    answer = client().post(
        f"/doorgeven/activiteiten/{activiteit.id}",
        data={"tekst": TEKST, "website": "http://spam.example"},
    )

    assert answer.status_code == 302
    assert session.scalars(select(Wijzigingsverzoek)).all() == []


def test_the_sixth_message_within_an_hour_is_refused(
    client: ClientFactory, session: Session
) -> None:
    activiteit = make_activiteit(session)
    pad = f"/doorgeven/activiteiten/{activiteit.id}"

    answers = [client().post(pad, data={"tekst": TEKST}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Je hebt al 5 berichten gestuurd." in answers[-1].text
    assert TEKST in answers[-1].text
    assert len(session.scalars(select(Wijzigingsverzoek)).all()) == 5


def test_nobody_remarks_on_what_he_may_not_see(client: ClientFactory, session: Session) -> None:
    concept = make_activiteit(session, status=Status.CONCEPT)
    intern = make_werkzaamheid(session, openbaar=False)

    for pad in (
        f"/doorgeven/activiteiten/{concept.id}",
        f"/doorgeven/werkzaamheden/{intern.id}",
        "/doorgeven/activiteiten/999999",
        "/doorgeven/gebruikers/1",
    ):
        assert client().get(pad).status_code == 404
        assert client().post(pad, data={"tekst": TEKST}).status_code == 404


def test_a_remark_waits_in_mijn_of_who_answers_it_until_it_is_settled(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    lid = make_gebruiker(session, platform)
    verzoek = add(
        session,
        Wijzigingsverzoek(
            laag="activiteiten",
            ding_id=activiteit.id,
            tekst=TEKST,
            antwoord_email="ik@voorbeeld.example",
        ),
    )
    browser = client(lid)

    assert TEKST in browser.get("/mijn").text
    assert browser.post(f"/doorgeven/{verzoek.id}/afgehandeld").status_code == 302

    assert TEKST not in browser.get("/mijn").text
    session.refresh(verzoek)
    assert verzoek.afgehandeld_op is not None
    assert verzoek.antwoord_email is None


@pytest.mark.parametrize(
    ("rol", "eigen", "mag"),
    [
        (Rol.MEDEWERKER, True, True),
        (Rol.MEDEWERKER, False, False),
        (Rol.KETENPARTNER, True, True),
        (Rol.KETENPARTNER, False, False),
        (Rol.GEBIEDSMAKELAAR, True, False),
        (Rol.BEHEERDER, False, True),
        (Rol.PLATFORMLID, False, False),
    ],
)
def test_only_who_it_is_for_reads_and_settles_a_remark(
    client: ClientFactory, session: Session, rol: Rol, eigen: bool, mag: bool
) -> None:
    organisatie = make_organisatie(session)
    ander = make_organisatie(session)
    werk = make_werkzaamheid(session, organisatie=organisatie)
    verzoek = add(session, Wijzigingsverzoek(laag="werkzaamheden", ding_id=werk.id, tekst=TEKST))
    wie = make_gebruiker(session, rol=rol, organisatie_id=(organisatie if eigen else ander).id)
    browser = client(wie)

    assert (TEKST in browser.get("/mijn").text) is mag
    answer = browser.post(f"/doorgeven/{verzoek.id}/afgehandeld")
    assert answer.status_code == (302 if mag else 404)


def test_a_gebiedsmakelaar_reads_what_is_said_about_the_own_kernen(
    client: ClientFactory, session: Session
) -> None:
    eigen, ander = make_kern(session), make_kern(session)
    for kern, tekst in ((eigen, "Hier klopt iets niet."), (ander, "Daar klopt iets niet.")):
        activiteit = make_activiteit(session, geom=kern.hart)
        add(
            session,
            Wijzigingsverzoek(laag="activiteiten", ding_id=activiteit.id, tekst=tekst),
        )

    page = client(make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[eigen])).get("/mijn")

    assert "Hier klopt iets niet." in page.text
    assert "Daar klopt iets niet." not in page.text


def test_a_settled_remark_cannot_be_settled_again(client: ClientFactory, session: Session) -> None:
    activiteit = make_activiteit(session)
    verzoek = add(
        session,
        Wijzigingsverzoek(
            laag="activiteiten", ding_id=activiteit.id, tekst=TEKST, afgehandeld_op=now()
        ),
    )

    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    assert browser.post(f"/doorgeven/{verzoek.id}/afgehandeld").status_code == 404


@pytest.mark.parametrize("tekst", SCHERP)
def test_what_a_reader_writes_comes_out_literally(
    client: ClientFactory, session: Session, tekst: str
) -> None:
    from markupsafe import escape

    activiteit = make_activiteit(session, titel=tekst)
    add(session, Wijzigingsverzoek(laag="activiteiten", ding_id=activiteit.id, tekst=tekst))

    for page in (
        client(make_gebruiker(session, rol=Rol.BEHEERDER)).get("/mijn").text,
        client().get(f"/doorgeven/activiteiten/{activiteit.id}").text,
    ):
        assert str(escape(tekst)) in page
        assert "<script>alert" not in page
