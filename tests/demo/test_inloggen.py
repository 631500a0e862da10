import pytest
from sqlalchemy.orm import Session

from kernenkaart.demo.inlog import WACHTWOORD
from kernenkaart.toegang.services import authenticate
from kernenkaart.toegang.wachtwoord import hash_wachtwoord
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker


@pytest.mark.parametrize(("aan", "mag"), [(True, True), (False, False)])
def test_the_known_password_opens_nothing_where_the_demo_is_off(
    session: Session, aan: bool, mag: bool
) -> None:
    make_gebruiker(
        session, email="beheerder@demo.example", password=hash_wachtwoord(WACHTWOORD), demo=True
    )

    found = authenticate(session, "beheerder@demo.example", WACHTWOORD, demo=aan)

    assert (found is not None) is mag


def test_the_page_refuses_a_demo_login_where_the_demo_is_off(
    client: ClientFactory, session: Session
) -> None:
    make_gebruiker(
        session, email="beheerder@demo.example", password=hash_wachtwoord(WACHTWOORD), demo=True
    )

    answer = client().post(
        "/inloggen", data={"email": "beheerder@demo.example", "wachtwoord": WACHTWOORD}
    )

    assert answer.status_code == 422
    assert "klopt niet" in answer.text
