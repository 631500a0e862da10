"""Add, map, look at, take over and remove a source of works. The caller commits."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.taken.services import defer
from kernenkaart.web.ophalen import BESTAND, clean_adres
from kernenkaart.werkbronnen.adressen import LATER
from kernenkaart.werkbronnen.koppeling import Kolom, Koppeling, Veld, guess
from kernenkaart.werkbronnen.models import (
    Ritme,
    Stand,
    Werkbron,
    WerkbronBestand,
    Werkbronitem,
)
from kernenkaart.werkbronnen.overnemen import forget_rows
from kernenkaart.werkbronnen.queries import count_weg, find_soorten, get_bron, has_reden
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.policy import may_post

ELK = {Ritme.UUR: timedelta(hours=1), Ritme.DAG: timedelta(days=1), Ritme.WEEK: timedelta(days=7)}
ZELDEN = timedelta(days=7)  # the longest pause after failures
BRONNEN_MAX = 20  # of one organisation
ALARM_VANAF = 10  # things that a source had
ALARM_DEEL = 0.5  # of which so many gone at once is strange
BEZIG = "Deze bron wordt net ingelezen. Wacht tot dat klaar is."
TAAK_VAN = {
    Stand.LEZEN: "werkbronnen.lees",
    Stand.WEGEN: "werkbronnen.weeg",
    Stand.OVERNEMEN: "werkbronnen.neem_over",
}
VRAAG = " Probeer het opnieuw. Lukt het weer niet? Vraag het de beheerder van deze website."
MISLUKT = {
    Stand.LEZEN: f"We hebben het een paar keer geprobeerd.{VRAAG}",
    Stand.WEGEN: f"We konden niet uitzoeken wat er nieuw en anders is.{VRAAG}",
    Stand.OVERNEMEN: (
        "Het overnemen stopte halverwege. Wat al was overgenomen, staat op de kaart. Als je het "
        f"opnieuw probeert, komt niets er dubbel op.{VRAAG}"
    ),
}
INEENS_WEG = (
    "Meer dan de helft van het werk staat er ineens niet meer in. We hebben alles laten staan. "
    "Klopt het? Neem het dan zelf over."
)


@dataclass(frozen=True)
class BronGegevens:
    """What somebody fills in about a source.

    Attributes:
        naam: empty takes the name of the host or the file.
        adres: where it is fetched; empty is a file.
        kaartlaag: which layer, when a file has more.
    """

    organisatie_id: int
    naam: str
    adres: str
    ritme: Ritme
    kaartlaag: str = ""


@dataclass(frozen=True)
class Bestand:
    """A file that was sent: its name as its owner called it, and its content."""

    naam: str
    inhoud: bytes


def add_bron(
    session: Session, actor: Actor, gegevens: BronGegevens, bestand: Bestand | None
) -> Werkbron:
    """Add a source; nothing of it is in ours yet. A job reads it.

    Args:
        bestand: the file; None for an address.

    Raises:
        NotAllowed: if ``actor`` does not post for that organisation.
        Invalid: beside ``adres``, if it cannot be one, or there is one already.
    """
    if not may_post(actor, gegevens.organisatie_id):
        raise NotAllowed("Je leest alleen werk in van je eigen organisatie.")
    known = session.execute(
        select(Werkbron.naam, Werkbron.adres).where(
            Werkbron.organisatie_id == gegevens.organisatie_id
        )
    ).all()
    if len(known) >= BRONNEN_MAX:
        raise Invalid(f"Een organisatie heeft hoogstens {BRONNEN_MAX} bronnen.")
    adres = clean_adres(gegevens.adres, BESTAND) if bestand is None else None
    if twin := next((row.naam for row in known if adres and row.adres == adres), None):
        raise Invalid(f"Deze bron heb je al: {twin}.", veld="adres")
    bron = Werkbron(
        organisatie_id=gegevens.organisatie_id,
        adres=adres,
        ritme=gegevens.ritme if adres else Ritme.HAND,
        kaartlaag=gegevens.kaartlaag,
        stand=Stand.LEZEN,
    )
    bron.naam = (gegevens.naam or bron.host or (bestand.naam if bestand else "") or "Werk")[:200]
    session.add(bron)
    session.flush()
    _have_read(session, bron, bestand)
    return bron


def _have_read(session: Session, bron: Werkbron, bestand: Bestand | None) -> None:
    if bestand is not None:
        session.merge(WerkbronBestand(bron_id=bron.id, inhoud=bestand.inhoud))
        bron.bestandsnaam = bestand.naam[:200]
    bron.stand, bron.melding, bron.bijwerken = Stand.LEZEN, None, False
    bron.totaal = 0
    _have_done(session, bron)


def _have_done(session: Session, bron: Werkbron) -> None:
    """Have the worker do the step that the source is at, from its first row."""
    bron.gedaan = 0
    defer(session, TAAK_VAN[bron.stand], bron_id=bron.id)
    session.flush()


def read_again(
    session: Session, actor: Actor, bron_id: int, bestand: Bestand | None = None
) -> Werkbron:
    """Have a source read again, to be looked at.

    Args:
        bestand: a newer file, of a source without an address.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: while it is being taken over, or when there is nothing to read.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.stand is Stand.OVERNEMEN and not bron.gestopt:
        raise Conflict(BEZIG)
    stored = session.get(WerkbronBestand, bron.id) is not None
    if bron.adres is None and bestand is None and not stored:
        raise Conflict("Deze bron is een bestand. Kies een nieuw bestand.")
    _have_read(session, bron, bestand)
    return bron


def set_koppeling(session: Session, actor: Actor, bron_id: int, koppeling: Koppeling) -> Werkbron:
    """Keep which column is what, and have the rows weighed by it.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``; also for an organisation of others.
        Conflict: while it is being taken over.
        Invalid: as in ``Koppeling.check``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.stand is Stand.LEZEN or (bron.stand is Stand.OVERNEMEN and not bron.gestopt):
        raise Conflict(BEZIG)
    koppeling.check(kolom["naam"] for kolom in bron.kolommen)
    for organisatie_id in koppeling.vertaling.get(Veld.ORGANISATIE, {}).values():
        if not may_post(actor, organisatie_id):
            raise NotAllowed("Je plaatst alleen werk van je eigen organisatie.")
    bron.koppeling = koppeling.to_json()
    if bron.stand is not Stand.LOOPT:
        bron.stand, bron.melding, bron.bijwerken = Stand.WEGEN, None, False
        _have_done(session, bron)
    elif bron.adres is not None:  # its rows are gone, so it is read again; a file waits for a next
        _have_read(session, bron, None)
    session.flush()
    return bron


def keep_read(
    session: Session,
    bron: Werkbron,
    kolommen: Iterable[Kolom],
    *,
    opmerkingen: list[str],
    totaal: int,
    nu: datetime,
) -> None:
    """Keep what was seen of a file; a source that has no mapping yet gets a guess."""
    columns = list(kolommen)
    bron.kolommen = [asdict(kolom) for kolom in columns]
    bron.opmerkingen, bron.totaal = opmerkingen, totaal
    bron.melding, bron.fouten, bron.gelezen_op = None, 0, nu
    if bron.koppeling is None:
        soorten = {code: key for key, code, _ in find_soorten(session)}
        anders = soorten.get("anders") or next(iter(soorten.values()))
        bron.koppeling = guess(columns, soorten, anders=anders).to_json()
    bron.stand = Stand.WEGEN
    _have_done(session, bron)


def finish_weighing(session: Session, bron: Werkbron) -> None:
    """All rows are weighed: take over by itself when it runs, else wait for somebody to look."""
    bron.gedaan = 0
    bron.stand = Stand.BEKIJKEN
    if has_reden(session, bron.id, LATER):
        bron.etag = bron.gewijzigd = ""  # the next reading looks again, also if nothing changed
    if bron.bijwerken:
        weg, had = count_weg(session, bron.id)
        if had >= ALARM_VANAF and weg > had * ALARM_DEEL:
            bron.melding, bron.bijwerken = INEENS_WEG, False
        else:
            bron.stand = Stand.OVERNEMEN
            _have_done(session, bron)
    session.flush()


def begin_take_over(session: Session, actor: Actor, bron_id: int) -> Werkbron:
    """Have what was looked at taken over by the worker.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: if there is nothing to take over any more.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.stand is Stand.OVERNEMEN:  # asking twice is answered once
        return bron
    if bron.stand is not Stand.BEKIJKEN:
        raise Conflict("Deze bron is intussen al overgenomen.")
    bron.stand, bron.melding = Stand.OVERNEMEN, None
    _have_done(session, bron)
    return bron


def begin_bijwerken(session: Session, bron: Werkbron, nu: datetime) -> None:
    """Its time has come: have it read, weighed and taken over without somebody looking."""
    bron.volgende_op = nu + ELK[bron.ritme]
    bron.stand, bron.melding, bron.bijwerken = Stand.LEZEN, None, True
    _have_done(session, bron)


def note_gave_up(session: Session, bron: Werkbron, nu: datetime) -> None:
    """The step that the source is at has failed for the last time; say so.

    What runs by itself is read again at its next time; else somebody has it tried again.
    """
    melding = MISLUKT[bron.stand]
    if bron.bijwerken:
        note_failure(session, bron, melding, nu)
    else:
        bron.melding = melding
        session.flush()


def try_again(session: Session, actor: Actor, bron_id: int) -> Werkbron:
    """Have a step that had failed tried again, or what is looked at weighed once more.

    Asking twice is answered once.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: if it waits for nobody.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.stand is Stand.BEKIJKEN:
        bron.stand, bron.melding = Stand.WEGEN, None
        _have_done(session, bron)
    elif bron.stand not in TAAK_VAN:
        raise Conflict("Deze bron is intussen al klaar.")
    elif bron.gestopt:
        bron.melding = None
        _have_done(session, bron)
    return bron


def note_success(bron: Werkbron, nu: datetime) -> None:
    """It was read, and ours is in step."""
    bron.bijwerken = False
    bron.note_read(nu, ELK.get(bron.ritme))


def note_failure(session: Session, bron: Werkbron, melding: str, nu: datetime) -> None:
    """It could not be read: what was there stays; wait longer each time."""
    bron.bijwerken = False
    bron.note_unread(melding, nu, ELK.get(bron.ritme), ZELDEN)
    if bron.verslag is not None:
        bron.stand = Stand.LOOPT
    session.flush()


def set_ritme(session: Session, actor: Actor, bron_id: int, ritme: Ritme, nu: datetime) -> Werkbron:
    """Choose how often an address is read by itself."""
    bron = get_bron(session, actor, bron_id, lock=True)
    bron.ritme = ritme if bron.adres else Ritme.HAND
    bron.volgende_op = nu + ELK[bron.ritme] if bron.ritme in ELK else None
    session.flush()
    return bron


def follow_again(session: Session, actor: Actor, bron_id: int, werkzaamheid_id: int) -> None:
    """Let a work that was changed by hand follow its source again, from the next reading.

    Raises:
        NotFound: if it did not come from this source.
        NotAllowed: as in ``get_bron``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    row = session.scalar(
        select(Werkbronitem).where(
            Werkbronitem.bron_id == bron.id, Werkbronitem.werkzaamheid_id == werkzaamheid_id
        )
    )
    if row is None:
        raise NotFound("Dit werk komt niet uit deze bron.")
    row.werkzaamheid_versie = session.get_one(Werkzaamheid, werkzaamheid_id).versie
    row.afdruk, row.weg_op = "", None
    bron.etag = bron.gewijzigd = ""
    session.flush()


def remove_bron(session: Session, actor: Actor, bron_id: int) -> None:
    """Stop with a source; the works that came of it stay, and are kept by hand from now on.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    forget_rows(session, bron.id, alles=True)
    session.delete(bron)
    session.flush()
