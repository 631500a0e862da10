"""No page asks the database more than eight questions, whoever looks at it."""

import pytest
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_organisatie, make_platform, make_project
from tests.formulieren import counted

MEDEWERKER = (
    "/projecten",
    "/projecten/{project}",
    "/projecten/nieuw",
    "/projecten/{project}/wijzig",
    "/werkzaamheden/nieuw",
    "/werkzaamheden/nabij/gebied",
    "/account",
    "/account/sleutels",
)
BEHEERDER = (
    "/beheer",
    "/beheer/gebruikers",
    "/beheer/gebruikers/nieuw",
    "/beheer/platforms",
    "/beheer/platforms/{platform}",
    "/beheer/organisaties",
    "/beheer/organisaties/{organisatie}",
    "/beheer/soorten",
    "/beheer/soorten/activiteiten",
    "/beheer/woorden/werkzaamheid.status",
)


@pytest.mark.parametrize(
    ("rol", "pagina"),
    [(Rol.MEDEWERKER, p) for p in MEDEWERKER] + [(Rol.BEHEERDER, p) for p in BEHEERDER],
)
def test_a_page_asks_at_most_eight_questions(
    client: ClientFactory, session: Session, rol: Rol, pagina: str
) -> None:
    ids = {
        "project": make_project(session).id,
        "platform": make_platform(session).id,
        "organisatie": make_organisatie(session).id,
    }
    browser = client(make_gebruiker(session, rol=rol))

    with counted(session) as statements:
        response = browser.get(pagina.format(**ids))

    assert response.status_code == 200
    assert len(statements) <= 8, statements
