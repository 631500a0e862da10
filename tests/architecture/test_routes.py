"""Every route has one guard; who gets which answer is written down, per role and kern (T11)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from tests.architecture.routes import KOLOMMEN, Regel, Wereld, read_matrix, rules
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker

PUBLIC = Path(__file__).with_name("public_routes.txt")
GUARDS = {
    "public",
    "login_required",
    "medewerker_required",
    "planner_required",
    "beheerder_required",
    "sleutel_required",
}


def guards_of(view: Any) -> list[str]:
    """The guards a view carries, the outermost first."""
    found = []
    while view is not None:
        if "guard" in vars(view):
            found.append(vars(view)["guard"])
        view = vars(view).get("__wrapped__")
    return found


def test_every_view_carries_exactly_one_guard(app: Flask) -> None:
    wrong = {
        endpoint: guards
        for endpoint, view in app.view_functions.items()
        if len(guards := guards_of(view)) != 1 or guards[0] not in GUARDS
    }

    assert wrong == {}


def test_what_is_open_to_everyone_is_written_down(app: Flask) -> None:
    written = set(PUBLIC.read_text(encoding="utf-8").split())

    found = {
        endpoint for endpoint, view in app.view_functions.items() if guards_of(view) == ["public"]
    }

    assert found == written


def test_nobody_has_an_account_as_inwoner_or_bezoeker(session: Session) -> None:
    for rol in (Rol.INWONER, Rol.BEZOEKER):
        with pytest.raises(IntegrityError, match="rol_met_account"), session.begin_nested():
            make_gebruiker(session, rol=rol)


def answers(
    regel: Regel, wereld: Wereld, client: ClientFactory, connection: Connection
) -> tuple[tuple[int, int], ...]:
    """The status per column, for the own kern and for another; nothing that is changed stays."""
    found = []
    for rol in KOLOMMEN:
        pair = []
        for kant in ("eigen", "ander") if "<" in regel.rule else ("eigen",):
            browser = client(wereld.gebruikers[rol])
            undo = connection.begin_nested()
            path = wereld.path(regel, kant)
            with browser.open(path, method=regel.method) as response:
                pair.append(response.status_code)
            undo.rollback()
        found.append((pair[0], pair[-1]))
    return tuple(found)


def as_text(pairs: tuple[tuple[int, int], ...]) -> str:
    return " ".join(str(own) if own == other else f"{own}/{other}" for own, other in pairs)


def test_every_route_has_a_line_in_the_matrix(
    app: Flask, client: ClientFactory, session: Session, connection: Connection
) -> None:
    """The message of a failure is the missing line, with the answers as they are now: judge it."""
    written = {(regel.method, regel.rule) for regel in read_matrix()}
    found = {(method, rule) for method, rule, _endpoint in rules(app)}
    wereld = Wereld(session)

    missing = [
        f"{method} {rule} | | "
        + as_text(answers(Regel(method, rule, {}, ()), wereld, client, connection))
        for method, rule in sorted(found - written, key=lambda pair: (pair[1], pair[0]))
    ]

    gone = sorted(written - found)
    if missing or gone:
        pytest.fail("\n".join(["not in matrix.txt:", *missing, "gone:", *map(str, gone)]))


def test_each_role_gets_the_answer_that_is_written_down(
    client: ClientFactory, session: Session, connection: Connection
) -> None:
    wereld = Wereld(session)

    wrong = []
    for regel in read_matrix():
        found = answers(regel, wereld, client, connection)
        if found != regel.verwacht:
            waarden = " ".join(f"{name}={value}" for name, value in regel.waarden.items())
            wrong.append(
                f"{regel.method} {regel.rule} | {waarden} | "
                f"written {as_text(regel.verwacht)}, found {as_text(found)}"
            )

    if wrong:
        pytest.fail("\n".join(wrong))
