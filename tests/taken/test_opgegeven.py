"""A job that has failed for the last time says so to who waits for it."""

import subprocess
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from kernenkaart.taken.register import Straks, Taak, Vergeefs
from kernenkaart.taken.werker import _in_context
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.models import Ritme, Werkbron
from tests.factories import make_kern, make_organisatie
from tests.taken.kijken import scalar, wait_for
from tests.werkbronnen.bronnen import GRENS, feature, geojson, planner

BREAK = "UPDATE werkbron_rij SET waarden = waarden - 'titel'"
MEND = """UPDATE werkbron_rij SET waarden = waarden || '{"titel": "Nieuw riool"}'"""
LAST_TRY = "UPDATE procrastinate_jobs SET attempts = 4 WHERE task_name = 'werkbronnen.neem_over'"


@pytest.mark.parametrize(
    ("error", "attempts", "told"),
    [
        (ValueError("x"), 0, False),
        (ValueError("x"), 1, False),
        (ValueError("x"), 2, True),
        (Vergeefs("x"), 0, True),
        (Straks(5), 9, False),
    ],
)
def test_it_is_told_at_the_last_try_and_not_before(
    error: Exception, attempts: int, told: bool
) -> None:
    heard: list[dict[str, Any]] = []

    def fail(**_args: Any) -> None:
        raise error

    taak = Taak("x", fail, None, 3, lambda **args: heard.append(args))
    context: Any = SimpleNamespace(job=SimpleNamespace(attempts=attempts))

    with pytest.raises(type(error)):
        _in_context(Flask("x"), taak)(context, bron_id=7)

    assert heard == ([{"bron_id": 7}] if told else [])


@pytest.mark.volledig
def test_a_take_over_that_really_fails_is_told_and_goes_on_when_it_is_tried_again(
    database: Engine, start: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    with Session(database) as session:
        make_kern(session, grens=GRENS)
        organisatie = make_organisatie(session)
        actor = planner(organisatie)
        gegevens = services.BronGegevens(organisatie.id, "Planning", "", Ritme.HAND)
        bestand = services.Bestand("planning.geojson", geojson(feature()))
        bron_id = services.add_bron(session, actor, gegevens, bestand).id
        session.commit()
    start()
    wait_for(lambda: scalar(database, "SELECT stand FROM werkbron") == "bekijken")

    with Session(database) as session:
        services.begin_take_over(session, actor, bron_id)
        for statement in (BREAK, LAST_TRY):
            session.execute(text(statement))
        session.commit()
    wait_for(lambda: scalar(database, "SELECT melding FROM werkbron"))
    with Session(database) as session:
        bron = session.get_one(Werkbron, bron_id)
        assert bron.gestopt
        assert bron.melding == services.MISLUKT[bron.stand]
        session.execute(text(MEND))
        services.try_again(session, actor, bron_id)
        session.commit()

    wait_for(lambda: scalar(database, "SELECT stand FROM werkbron") == "loopt")
    assert scalar(database, "SELECT titel FROM werkzaamheid") == "Nieuw riool"
