"""Startchecks of demo works: most told in time, some late, one work that needed none."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import Startcheck, StartcheckGroep
from kernenkaart.afstemming.startcheck_queries import find_uitkomst, vraag_of
from kernenkaart.afstemming.startcheck_regels import deadline
from kernenkaart.afstemming.startcheck_services import exempt, keep_startcheck
from kernenkaart.demo.bron import dice
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid

HOEVEEL = 12
VOORAF = timedelta(weeks=10)
HOE = ("Brief aan huis", "Verteld in de vergadering", "Bericht via de kernenkaart", "Gebeld")


def add_startchecks(
    session: Session, medewerker: Gebruiker, werken: Sequence[Werkzaamheid], vandaag: date
) -> None:
    """Check some works that are certain and in the way, as this medewerker did."""
    actor = Actor(
        medewerker.id, medewerker.naam, medewerker.rol, organisatie_id=medewerker.organisatie_id
    )
    zeker = [
        werk
        for werk in werken
        if werk.status in (Status.BEVESTIGD, Status.BEZIG) and werk.hinder is not Hinder.GEEN
    ]
    for werk in zeker[:1]:
        exempt(session, actor, werk.id, "Spoedreparatie: het riool is ingezakt.")
    for werk in zeker[1 : HOEVEEL + 1]:
        _check(session, actor, werk, vandaag)


def _check(session: Session, actor: Actor, werk: Werkzaamheid, vandaag: date) -> None:
    worp = dice("startcheck", werk.titel)
    session.refresh(werk)
    vraag = vraag_of(werk)
    uitkomst = find_uitkomst(session, actor, vraag, vandaag)
    if not uitkomst.kernen:
        return
    check_id = keep_startcheck(session, actor, vraag, uitkomst, sleutel=uuid.uuid4())
    gedaan = min(vandaag, werk.eerste_dag - VOORAF)
    session.execute(
        update(Startcheck)
        .where(Startcheck.id == check_id)
        .values(gemaakt_op=datetime.combine(gedaan, time(10), AMSTERDAM))
    )
    for rij in session.scalars(
        select(StartcheckGroep).where(StartcheckGroep.startcheck_id == check_id)
    ):
        dag = deadline(werk.eerste_dag, rij.weken) - timedelta(days=worp.randint(-3, 12))
        if dag <= vandaag:
            rij.geinformeerd_op, rij.hoe = max(dag, gedaan), worp.choice(HOE)
    session.flush()
