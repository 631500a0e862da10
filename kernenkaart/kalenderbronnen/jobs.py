"""The worker's side of calendars: fetch, take over, keep in step. Each may be done twice.

Nothing is fetched or read while a transaction is open: that takes seconds.
"""

import logging

from flask import current_app
from sqlalchemy.orm import Session, undefer

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.errors import KernenkaartError
from kernenkaart.journaal.services import sign
from kernenkaart.kalenderbronnen import services
from kernenkaart.kalenderbronnen.kind import read_agenda
from kernenkaart.kalenderbronnen.models import Kalenderbron, Stand
from kernenkaart.kalenderbronnen.ophalen import Opgehaald, Ophaler
from kernenkaart.kalenderbronnen.policy import actor_of
from kernenkaart.kalenderbronnen.queries import count_taken, find_due
from kernenkaart.taken.register import taak
from kernenkaart.taken.services import defer
from kernenkaart.tijd import AMSTERDAM, now, today

log = logging.getLogger(__name__)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


def _ophaler() -> Ophaler:
    return Ophaler(_settings().ophalen_toegestaan)


def _hold(
    session: Session, bron_id: int, stand: Stand, adres: str | None = None
) -> Kalenderbron | None:
    """The calendar, held, signed for and with what was read; None when it is no longer so far.

    Args:
        adres: what was fetched; a calendar that has another one by now is left to its own job.
    """
    bron = session.get(
        Kalenderbron,
        bron_id,
        options=[undefer(Kalenderbron.gelezen)],
        with_for_update=True,
        populate_existing=True,
    )
    if bron is None or bron.stand is not stand or (adres and bron.adres != adres):
        session.rollback()
        return None
    sign(session, actor_of(bron))
    return bron


def _gave_up_reading(bron_id: int) -> None:
    session = db.session()
    if bron := _hold(session, bron_id, Stand.LEZEN):
        _fail(session, bron, services.MISLUKT)


def _gave_up_taking(bron_id: int) -> None:
    session = db.session()
    if bron := _hold(session, bron_id, Stand.OVERNEMEN):
        bron.stand, bron.melding = Stand.BEKIJKEN, services.MISLUKT
        session.commit()


def _fail(session: Session, bron: Kalenderbron, melding: str) -> None:
    if bron.verslag is not None:  # it ran, and goes on
        bron.stand = Stand.LOOPT
    services.note_failure(session, bron, melding, now())
    session.commit()


@taak("kalenderbronnen.rondje", cron="*/5 * * * *", pogingen=1)
def rondje() -> None:
    """Ask for every calendar whose time has come; one job for each."""
    session, nu = db.session(), now()
    services.forget_looking(session, nu)
    for bron in find_due(session, nu):
        bron.volgende_op = nu + services.ELK
        defer(session, "kalenderbronnen.bij", bron_id=bron.id)
    session.commit()


@taak("kalenderbronnen.lees", pogingen=3, opgegeven=_gave_up_reading)
def lees(bron_id: int) -> None:
    """Read a calendar, to be looked at before it is taken over."""
    session = db.session()
    bron = session.get(Kalenderbron, bron_id)
    if bron is None or bron.stand is not Stand.LEZEN or bron.adres is None:
        return
    adres = bron.adres
    session.rollback()
    try:
        opgehaald = _ophaler().fetch(adres)
        inhoud = read_agenda(opgehaald.inhoud or b"", today())
    except KernenkaartError as error:
        if bron := _hold(session, bron_id, Stand.LEZEN, adres):
            _fail(session, bron, error.melding)
        return
    if bron := _hold(session, bron_id, Stand.LEZEN, adres):
        bron.etag, bron.gewijzigd = opgehaald.etag, opgehaald.gewijzigd
        services.keep_read(session, bron, inhoud, now())
        session.commit()


@taak("kalenderbronnen.neem_over", pogingen=3, opgegeven=_gave_up_taking)
def neem_over(bron_id: int) -> None:
    """Take over what was looked at: all of it, or nothing."""
    session = db.session()
    bron = _hold(session, bron_id, Stand.OVERNEMEN)
    if bron is None:
        return
    try:
        services.finish_take_over(session, bron, now(), marge_m=_settings().marge_m)
    except KernenkaartError as error:
        session.rollback()
        if bron := _hold(session, bron_id, Stand.OVERNEMEN):
            bron.stand, bron.melding = Stand.BEKIJKEN, error.melding
    session.commit()


@taak("kalenderbronnen.bij", pogingen=3)
def bij(bron_id: int) -> None:
    """Bring ours in step with a calendar; what has not changed is not even sent."""
    session = db.session()
    bron = session.get(Kalenderbron, bron_id)
    if bron is None or bron.stand is not Stand.LOOPT or bron.adres is None:
        return
    # the period moves on: the first reading of a day asks for all of it
    vandaag = bron.gelezen_op and bron.gelezen_op.astimezone(AMSTERDAM).date() == today()
    adres, etag, gewijzigd = bron.adres, bron.etag, bron.gewijzigd
    session.rollback()
    try:
        if vandaag:
            opgehaald = _ophaler().fetch(adres, etag=etag, gewijzigd=gewijzigd)
        else:
            opgehaald = _ophaler().fetch(adres)
        _follow(session, bron_id, adres, opgehaald)
    except KernenkaartError as error:
        session.rollback()
        log.warning("calendar %s could not be followed: %s", bron_id, error.melding)
        if bron := _hold(session, bron_id, Stand.LOOPT, adres):
            services.note_failure(session, bron, error.melding, now())
    session.commit()


def _follow(session: Session, bron_id: int, adres: str, opgehaald: Opgehaald) -> None:
    inhoud = None if opgehaald.inhoud is None else read_agenda(opgehaald.inhoud, today())
    bron = _hold(session, bron_id, Stand.LOOPT, adres)
    if bron is None:
        return
    if inhoud is None:
        bron.note_read(now(), services.ELK)
        return
    if services.sudden_void(inhoud, count_taken(session, bron_id, now())):
        services.note_failure(session, bron, services.INEENS_LEEG, now())
        return
    services.keep_in_step(session, bron, inhoud, now(), marge_m=_settings().marge_m)
    bron.etag, bron.gewijzigd = opgehaald.etag, opgehaald.gewijzigd
