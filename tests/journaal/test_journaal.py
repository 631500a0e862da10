"""Who changed what and when, whatever the door the change came through."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.journaal.queries import data_version, find_changes
from kernenkaart.journaal.services import sign
from tests.factories import make_activiteit, make_gebruiker


def test_a_change_made_in_sql_is_recorded_with_only_what_differs(session: Session) -> None:
    activiteit = make_activiteit(session, titel="Boekenmarkt")

    session.execute(
        text("UPDATE activiteit SET titel = 'Plantjesmarkt' WHERE id = :id"), {"id": activiteit.id}
    )

    regel = find_changes(session, "activiteit", activiteit.id)[0]
    assert (regel.actie, regel.oud, regel.nieuw) == (
        "U",
        {"titel": "Boekenmarkt"},
        {"titel": "Plantjesmarkt"},
    )


def test_a_change_is_written_in_the_name_of_who_signed(session: Session) -> None:
    gebruiker = make_gebruiker(session)
    sign(session, Actor(gebruiker_id=gebruiker.id, rol=Rol.PLATFORMLID))

    activiteit = make_activiteit(session)

    assert find_changes(session, "activiteit", activiteit.id)[0].gebruiker_id == gebruiker.id


def test_nothing_is_recorded_when_nothing_changed(session: Session) -> None:
    activiteit = make_activiteit(session)

    session.execute(text("UPDATE activiteit SET titel = titel"))

    assert len(find_changes(session, "activiteit", activiteit.id)) == 1


def test_a_password_never_enters_the_journaal(session: Session) -> None:
    gebruiker = make_gebruiker(session, password="geheim-hash")

    regels = find_changes(session, "gebruiker", gebruiker.id)

    assert "geheim-hash" not in str([regel.nieuw for regel in regels])


@pytest.mark.parametrize("statement", ["DELETE FROM journaal", "UPDATE journaal SET door = 'x'"])
def test_the_app_cannot_change_the_journaal(session: Session, statement: str) -> None:
    make_activiteit(session)

    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(statement))


def test_the_data_version_grows_with_every_change_of_that_table_only(session: Session) -> None:
    activiteit = make_activiteit(session)
    before, other = data_version(session, ["activiteit"]), data_version(session, ["werkzaamheid"])

    session.execute(
        text("UPDATE activiteit SET titel = 'Anders' WHERE id = :id"), {"id": activiteit.id}
    )

    assert data_version(session, ["activiteit"]) == before + 1
    assert data_version(session, ["werkzaamheid"]) == other
