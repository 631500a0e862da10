import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.samenhang.models import Wijzigingsverzoek
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_platform
from tests.wachtrij import waiting

ADRES = "secretaris@voorbeeld.example"
TEKST = "Mag ik een kraam op de markt?"


def test_a_message_reaches_the_group_and_its_address_stays_unknown(
    client: ClientFactory, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    platform = make_platform(session, contact_email=ADRES, contact_rol="secretaris")
    pad = f"/contact/platform/{platform.id}"

    form = client().get(pad).text
    answer = client().post(pad, data={"tekst": TEKST, "antwoord_email": "ik@voorbeeld.example"})
    thanks = client().get(answer.headers["Location"]).text

    assert f"de secretaris van {platform.naam}" in form
    assert "is op weg naar" in thanks
    assert ADRES not in form + thanks + answer.text
    [mail] = waiting(session, "post.verstuur")
    assert mail["aan"] == ADRES
    assert mail["gegevens"]["antwoord_email"] == "ik@voorbeeld.example"
    assert session.scalars(select(Wijzigingsverzoek)).all() == []
    assert TEKST not in caplog.text
    assert ADRES not in caplog.text


def test_a_message_reaches_the_gebiedsmakelaar_of_the_kern(
    client: ClientFactory, session: Session
) -> None:
    kern, ander = make_kern(session), make_kern(session)
    makelaar = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[kern])
    make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[ander])

    answer = client().post(f"/contact/makelaar/{kern.slug}", data={"tekst": TEKST})

    assert answer.status_code == 302
    assert [mail["aan"] for mail in waiting(session, "post.verstuur")] == [makelaar.email]


@pytest.mark.parametrize("values", [{"contact_email": None}, {"actief": False}])
def test_a_group_that_cannot_be_reached_has_no_form(
    client: ClientFactory, session: Session, values: dict
) -> None:
    platform = make_platform(session, **({"contact_email": ADRES} | values))

    assert client().get(f"/contact/platform/{platform.id}").status_code == 404
    assert (
        client().post(f"/contact/platform/{platform.id}", data={"tekst": TEKST}).status_code == 404
    )
    assert waiting(session, "post.verstuur") == []


def test_nobody_to_reach_is_said_and_nothing_is_lost_in_silence(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)

    answer = client().post(f"/contact/makelaar/{kern.slug}", data={"tekst": TEKST})

    assert answer.status_code == 422
    assert "Bel de gemeente" in answer.text
    assert TEKST in answer.text


def test_a_group_gets_at_most_thirty_messages_a_day(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, contact_email=ADRES)
    codes = []
    for nummer in range(31):
        browser = client()
        browser.environ_base["REMOTE_ADDR"] = f"10.0.{nummer}.1"
        codes.append(
            browser.post(f"/contact/platform/{platform.id}", data={"tekst": TEKST}).status_code
        )

    assert codes == [302] * 30 + [429]
