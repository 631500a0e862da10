"""The worker's side of sources: read, weigh, take over, keep in step. Each may be done twice.

Each goes through the rows in batches that are committed one by one, so that memory stays small,
locks are short, and the page can say how far it is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from flask import current_app
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from kernenkaart import db
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.errors import KernenkaartError
from kernenkaart.geo.bestand.waarden import Feature, Limieten
from kernenkaart.journaal.services import sign
from kernenkaart.kernen.adres import find_adres
from kernenkaart.taken.register import Functie, Straks, taak
from kernenkaart.tijd import now
from kernenkaart.web.ophalen import BESTAND, Opgehaald, Ophaler
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.adressen import Opzoeker
from kernenkaart.werkbronnen.koppeling import Buiten, Koppeling
from kernenkaart.werkbronnen.lezen import Verzameld, read_rows
from kernenkaart.werkbronnen.models import Stand, Werkbron, WerkbronBestand, WerkbronRij
from kernenkaart.werkbronnen.omzetten import Omzetter
from kernenkaart.werkbronnen.oordelen import convert, find_rows, store
from kernenkaart.werkbronnen.overnemen import close_gone, forget_rows, take_over
from kernenkaart.werkbronnen.queries import (
    count_oordelen,
    count_weg,
    find_due,
    find_opgevallen,
    find_soorten,
)

log = logging.getLogger(__name__)
PARTIJ = 500
MB = 1_000_000
SLOT = 5_002  # of the advisory locks of sources


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings


@contextmanager
def _alone(bron_id: int) -> Iterator[None]:
    """Nobody else works on this source meanwhile.

    Raises:
        Straks: if somebody does.
    """
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        keys = {"slot": SLOT, "bron": bron_id}
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:slot, :bron)"), keys):
            raise Straks(20)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:slot, :bron)"), keys)


def _hold(session: Session, bron_id: int, stand: Stand) -> Werkbron | None:
    """The source, held and signed for; None when it is no longer so far."""
    bron = session.get(Werkbron, bron_id, with_for_update=True, populate_existing=True)
    if bron is None or bron.stand is not stand:
        session.rollback()
        return None
    sign(session, Actor(naam=bron.naam))
    return bron


def _tell(session: Session, bron_id: int, gedaan: int) -> None:
    """Say how far it is; nobody's version changes by it."""
    session.execute(
        update(Werkbron.__table__)  # type: ignore[arg-type]
        .where(Werkbron.__table__.c.id == bron_id)
        .values(gedaan=gedaan)
    )


def _gave_up(stand: Stand) -> Functie:
    """What is done when the job of this step has failed for the last time."""

    def tell(bron_id: int) -> None:
        session = db.session()
        if held := _hold(session, bron_id, stand):
            services.note_gave_up(session, held, now())
            session.commit()

    return tell


@taak("werkbronnen.rondje", cron="*/10 * * * *", pogingen=1)
def rondje() -> None:
    """Have every source read whose time has come; one job for each."""
    session, nu = db.session(), now()
    for bron in find_due(session, nu):
        services.begin_bijwerken(session, bron, nu)
    session.commit()


@taak("werkbronnen.lees", pogingen=3, opgegeven=_gave_up(Stand.LEZEN))
def lees(bron_id: int) -> None:
    """Read a source into rows; what has not changed since the last time is left at that."""
    session = db.session()
    with _alone(bron_id):
        bron = session.get(Werkbron, bron_id)
        if bron is None or bron.stand is not Stand.LEZEN:
            return
        kaartlaag = bron.kaartlaag
        try:
            opgehaald = _fetch(session, bron)
            if opgehaald.inhoud is None:
                _unchanged(session, bron_id)
                return
            verzameld, opmerkingen = _stage(session, bron_id, kaartlaag, opgehaald.inhoud)
        except KernenkaartError as error:
            session.rollback()
            log.warning("source %s could not be read: %s", bron_id, error.melding)
            if held := _hold(session, bron_id, Stand.LEZEN):
                services.note_failure(session, held, error.melding, now())
                session.commit()
            return
        if held := _hold(session, bron_id, Stand.LEZEN):
            held.etag, held.gewijzigd = opgehaald.etag, opgehaald.gewijzigd
            services.keep_read(
                session,
                held,
                verzameld.kolommen(),
                opmerkingen=opmerkingen,
                totaal=verzameld.aantal,
                nu=now(),
            )
            session.commit()


def _fetch(session: Session, bron: Werkbron) -> Opgehaald:
    adres, etag, gewijzigd = bron.adres, bron.etag, bron.gewijzigd
    if adres is None:
        bestand = session.get(WerkbronBestand, bron.id)
        inhoud = bestand.inhoud if bestand else b""
        session.rollback()
        session.expunge_all()
        return Opgehaald(inhoud)
    known = bron.bijwerken and bron.verslag is not None
    session.rollback()  # nothing is fetched while a transaction is open
    wat = replace(BESTAND, bytes_max=_settings().upload_max_mb * MB)
    ophaler = Ophaler(_settings().ophalen_toegestaan, wat=wat)
    return ophaler.fetch(adres, etag=etag, gewijzigd=gewijzigd) if known else ophaler.fetch(adres)


def _unchanged(session: Session, bron_id: int) -> None:
    if held := _hold(session, bron_id, Stand.LEZEN):
        held.stand = Stand.LOOPT
        services.note_success(held, now())
        session.commit()


def _stage(
    session: Session, bron_id: int, kaartlaag: str, inhoud: bytes
) -> tuple[Verzameld, list[str]]:
    verzameld, opmerkingen = Verzameld(), []
    limieten = Limieten().up_to(_settings().upload_max_mb)
    forget_rows(session, bron_id, alles=True)
    session.commit()
    rows = read_rows(inhoud, kaartlaag=kaartlaag, limieten=limieten)
    while batch := list(islice(rows, PARTIJ)):
        features = [one for one in batch if isinstance(one, Feature)]
        opmerkingen += [one.partition(": ")[2] or one for one in batch if isinstance(one, str)]
        if features:
            values = [verzameld.to_rij(one) | {"bron_id": bron_id} for one in features]
            session.execute(insert(WerkbronRij.__table__), values)  # type: ignore[arg-type]
            _tell(session, bron_id, verzameld.aantal)
            session.commit()
    return verzameld, opmerkingen


def _batches(totaal: int) -> Iterator[tuple[int, int]]:
    """The first and the last number of each batch of rows."""
    for van in range(1, totaal + 1, PARTIJ):
        yield van, min(van + PARTIJ - 1, totaal)


@taak("werkbronnen.weeg", pogingen=3, opgegeven=_gave_up(Stand.WEGEN))
def weeg(bron_id: int) -> None:
    """Weigh the rows of a source by its mapping."""
    session = db.session()
    with _alone(bron_id):
        bron = session.get(Werkbron, bron_id, populate_existing=True)
        if bron is None or bron.stand is not Stand.WEGEN or bron.koppeling is None:
            return
        soorten = find_soorten(session)
        omzetter = Omzetter(
            Koppeling.from_json(bron.koppeling),
            bron.organisatie_id,
            {code: key for key, code, _ in soorten},
            {key: naam for key, _, naam in soorten},
            Opzoeker(find_adres),
        )
        sla_over = omzetter.koppeling.buiten is Buiten.SLA_OVER
        wie, totaal = Actor(naam=bron.naam), bron.totaal
        for van, tot in _batches(totaal):
            rows = find_rows(session, bron_id, van=van, tot=tot)
            session.rollback()  # no address is looked up while a transaction is open
            converted = [convert(row, omzetter) for row in rows]
            sign(session, wie)
            store(session, bron_id, converted, marge_m=_settings().marge_m, sla_over=sla_over)
            _tell(session, bron_id, tot)
            session.commit()
        if held := _hold(session, bron_id, Stand.WEGEN):
            services.finish_weighing(session, held)
            session.commit()


@taak("werkbronnen.neem_over", pogingen=5, opgegeven=_gave_up(Stand.OVERNEMEN))
def neem_over(bron_id: int) -> None:
    """Bring ours in step with the rows of a source: new, changed, and what is gone is closed."""
    session = db.session()
    with _alone(bron_id):
        bron = session.get(Werkbron, bron_id, populate_existing=True)
        if bron is None or bron.stand is not Stand.OVERNEMEN:
            return
        vandaag = now().date()
        weg, _ = count_weg(session, bron_id)
        for van, tot in _batches(bron.totaal):
            sign(session, Actor(naam=bron.naam))
            take_over(session, bron, van=van, tot=tot, vandaag=vandaag)
            _tell(session, bron_id, tot)
            session.commit()
        while close_gone(session, bron, hoogstens=PARTIJ, nu=now()):
            session.commit()
        if held := _hold(session, bron_id, Stand.OVERNEMEN):
            _report(session, held, weg)
            session.commit()


def _report(session: Session, bron: Werkbron, weg: int) -> None:
    opgevallen = find_opgevallen(session, bron.id)
    bron.verslag = {**count_oordelen(session, bron.id), "weg": weg} | vars(opgevallen)
    forget_rows(session, bron.id)
    bestand = session.get(WerkbronBestand, bron.id)
    if bestand is not None:
        session.delete(bestand)
    bron.stand, bron.gedaan = Stand.LOOPT, 0
    services.note_success(bron, now())
    session.flush()
