"""The worker's side of activities: make times of series, ask whether what comes back goes on."""

from flask import current_app

from kernenkaart import db
from kernenkaart.activiteiten.reeks_tijden import extend
from kernenkaart.activiteiten.weer import ask, find_te_vragen
from kernenkaart.config import Settings
from kernenkaart.taken.register import taak
from kernenkaart.tijd import now, today


@taak("activiteiten.weer_dit_jaar", cron="40 5 * * *")
def weer_dit_jaar() -> None:
    """Ask each platform once about each time; a killed one goes on where it stopped."""
    session = db.session()
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    moment, weken = now(), settings.bevestig_weken
    for platform_id in find_te_vragen(session, moment=moment, weken=weken):
        ask(session, platform_id, moment=moment, weken=weken)
        session.commit()


@taak("activiteiten.reeksen.verleng", cron="10 3 * * *")
def verleng() -> None:
    """Make rows of the times up to two years ahead; a killed one goes on where it stopped."""
    session = db.session()
    while extend(session, today()):
        session.commit()
    session.rollback()
