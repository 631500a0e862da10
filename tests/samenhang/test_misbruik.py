import pytest
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.samenhang.models import Aard, Wijzigingsverzoek
from tests.conftest import ClientFactory
from tests.factories import (
    add,
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_platform,
    make_project,
    make_werkzaamheid,
)
from tests.wachtrij import waiting

LAGEN = {
    "activiteit": "activiteiten",
    "initiatief": "initiatieven",
    "project": "projecten",
    "werkzaamheid": "werkzaamheden",
}
TEKST = "Dit is een advertentie."


def test_misuse_is_told_to_the_makelaar_and_not_to_who_posted_it(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, contact_email="groep@voorbeeld.example")
    makelaar = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=platform.kernen)
    lid = make_gebruiker(session, platform)
    activiteit = make_activiteit(session, platform=platform)

    client().post(
        f"/doorgeven/activiteiten/{activiteit.id}", data={"aard": "reclame", "tekst": TEKST}
    )

    [mail] = waiting(session, "post.verstuur")
    assert mail["aan"] == makelaar.email
    assert str(mail["onderwerp"]).startswith("Misbruik gemeld")
    assert TEKST in client(makelaar).get("/mijn").text
    assert "Misbruik gemeld" in client(makelaar).get("/mijn").text
    assert TEKST not in client(lid).get("/mijn").text


@pytest.mark.parametrize(
    "make", [make_activiteit, make_initiatief, make_werkzaamheid, make_project]
)
def test_everything_that_is_published_can_be_flagged(
    client: ClientFactory, session: Session, make: object
) -> None:
    ding = make(session)  # type: ignore[operator]
    laag = LAGEN[ding.__tablename__]

    page = client().get(f"/doorgeven/{laag}/{ding.id}").text
    answer = client().post(f"/doorgeven/{laag}/{ding.id}", data={"aard": "prive", "tekst": TEKST})

    assert "Dit is reclame of oplichting" in page
    assert answer.status_code == 302
    assert TEKST in client(make_gebruiker(session, rol=Rol.BEHEERDER)).get("/mijn").text


def test_who_posted_it_cannot_settle_a_remark_about_misuse(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    verzoek = add(
        session,
        Wijzigingsverzoek(
            laag="activiteiten", ding_id=activiteit.id, aard=Aard.KWETSEND, tekst=TEKST
        ),
    )
    lid = client(make_gebruiker(session, platform))

    assert lid.post(f"/doorgeven/{verzoek.id}/afgehandeld").status_code == 404


def test_a_kind_that_does_not_exist_is_refused(client: ClientFactory, session: Session) -> None:
    activiteit = make_activiteit(session)

    answer = client().post(
        f"/doorgeven/activiteiten/{activiteit.id}", data={"aard": "onzin", "tekst": TEKST}
    )

    assert answer.status_code == 422
