"""Add, look at, take over and remove a calendar that comes in. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import services as activiteiten
from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotFound
from kernenkaart.kalenderbronnen.items import TITEL_MAX, Inhoud
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Keuze, Stand
from kernenkaart.kalenderbronnen.ophalen import clean_adres
from kernenkaart.kalenderbronnen.overnemen import take_over
from kernenkaart.kalenderbronnen.policy import actor_of, may_manage
from kernenkaart.kalenderbronnen.queries import get_bron
from kernenkaart.platforms.posten import get_own
from kernenkaart.post.services import send_mail
from kernenkaart.taken.services import defer
from kernenkaart.tijd import AMSTERDAM
from kernenkaart.toegang.queries import find_leden

ELK = timedelta(hours=1)
ZELDEN = timedelta(hours=24)  # the longest pause after failures
MELD_BIJ = 5  # so many failures in a row, and the platform is told
BLIJFT_BEKEKEN = timedelta(days=1)
BRONNEN_MAX = 20  # of one platform
MISLUKT = (
    "We hebben het een paar keer geprobeerd. Probeer het later nog eens. Lukt het weer niet? Vraag "
    "het de beheerder van deze website."
)
INEENS_LEEG = (
    "De agenda is ineens leeg. We hebben alles laten staan. Klopt het? "
    "Lees hem dan opnieuw en neem het over."
)


@dataclass(frozen=True)
class BronGegevens:
    """What somebody fills in about a calendar.

    Attributes:
        naam: empty takes what the calendar calls itself.
        adres: where it is fetched; empty is a file.
        soort_id: the kind of entries that name none of ours.
        kern_id: where entries lie whose place is not known.
    """

    naam: str
    adres: str
    soort_id: int
    kern_id: int


def add_bron(
    session: Session,
    actor: Actor,
    platform_id: int,
    gegevens: BronGegevens,
    *,
    inhoud: Inhoud | None,
    nu: datetime,
) -> Kalenderbron:
    """Add a calendar; nothing of it is in ours yet. One with an address is read by a job.

    Args:
        inhoud: what is in the file; None for an address.

    Raises:
        NotFound, NotAllowed: as in ``get_own``.
        Invalid: beside ``adres``, if it cannot be one, or there is one already.
    """
    get_own(session, platform_id, mag=may_manage(actor, platform_id))
    aantal = session.scalar(
        select(func.count())
        .select_from(Kalenderbron)
        .where(Kalenderbron.platform_id == platform_id)
    )
    if (aantal or 0) >= BRONNEN_MAX:
        raise Invalid(f"Een groep heeft hoogstens {BRONNEN_MAX} agenda's.")
    adres = clean_adres(gegevens.adres) if inhoud is None else None
    _check_twin(session, platform_id, adres)
    bron = Kalenderbron(
        platform_id=platform_id,
        adres=adres,
        soort_id=gegevens.soort_id,
        kern_id=gegevens.kern_id,
    )
    naam = gegevens.naam or (inhoud.naam if inhoud else "") or bron.host or "Agenda"
    bron.naam = naam[:TITEL_MAX]
    session.add(bron)
    session.flush()
    if inhoud is None:
        defer(session, "kalenderbronnen.lees", bron_id=bron.id)
    else:
        keep_read(session, bron, inhoud, nu)
    return bron


def change_bron(
    session: Session, actor: Actor, bron_id: int, gegevens: BronGegevens, *, versie: int | None
) -> Kalenderbron:
    """Change what holds for a calendar. What came of it stays what it was.

    Its kind and kern are for what comes or changes from now on. Another address is read by a job
    and looked at, as that of a new calendar; until it is taken over nothing follows it.

    Args:
        gegevens: without an address it stays one that is sent as a file.
        versie: the version that the editor started from.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: if it changed meanwhile, or is being taken over.
        Invalid: beside ``adres``, if it cannot be one, it is gone, or there is one already.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.versie != versie:
        raise Conflict
    if bron.stand is Stand.OVERNEMEN:
        raise Conflict("Deze agenda wordt net overgenomen. Wacht tot dat klaar is.")
    if bron.adres and not gegevens.adres:
        raise Invalid("Vul het adres van de agenda in.", veld="adres")
    adres = clean_adres(gegevens.adres) if gegevens.adres else None
    if adres != bron.adres:
        _check_twin(session, bron.platform_id, adres)
        bron.adres, bron.etag, bron.gewijzigd = adres, "", ""
        bron.stand, bron.gelezen, bron.verslag = Stand.LEZEN, None, None
        bron.melding, bron.fouten, bron.volgende_op = None, 0, None
        defer(session, "kalenderbronnen.lees", bron_id=bron.id)
    bron.naam = (gegevens.naam or bron.naam)[:TITEL_MAX]
    bron.kern_id, bron.soort_id = gegevens.kern_id, gegevens.soort_id
    session.flush()
    return bron


def _check_twin(session: Session, platform_id: int, adres: str | None) -> None:
    """Refuse an address that another calendar of the platform has."""
    twin = adres and session.scalar(
        select(Kalenderbron.naam).where(
            Kalenderbron.platform_id == platform_id, Kalenderbron.adres == adres
        )
    )
    if twin:
        raise Invalid(f"Deze agenda heb je al: {twin}.", veld="adres")


def keep_read(session: Session, bron: Kalenderbron, inhoud: Inhoud, nu: datetime) -> None:
    """Keep what was read, to be looked at before it is taken over."""
    if inhoud.naam and bron.naam == bron.host:
        bron.naam = inhoud.naam[:TITEL_MAX]
    bron.gelezen, bron.stand = inhoud.to_json(), Stand.BEKIJKEN
    bron.melding, bron.fouten, bron.gelezen_op = None, 0, nu
    session.flush()


def read_again(session: Session, actor: Actor, bron_id: int) -> Kalenderbron:
    """Have a calendar with an address read, to be looked at.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: while it is being taken over.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.adres is None or bron.stand is Stand.OVERNEMEN:
        raise Conflict("Deze agenda wordt net overgenomen. Wacht tot dat klaar is.")
    bron.stand, bron.melding, bron.gelezen = Stand.LEZEN, None, None
    defer(session, "kalenderbronnen.lees", bron_id=bron.id)
    session.flush()
    return bron


def begin_take_over(
    session: Session, actor: Actor, bron_id: int, keuzes: Mapping[str, Keuze]
) -> Kalenderbron:
    """Have what was looked at taken over by the worker.

    Args:
        keuzes: what to do with what is doubtful, by ``Item.sleutel``.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: if there is nothing to take over any more.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.stand is Stand.OVERNEMEN:  # asking twice is answered once
        return bron
    if bron.stand is not Stand.BEKIJKEN or bron.gelezen is None:
        raise Conflict("Deze agenda is intussen al overgenomen.")
    bron.gelezen = {**bron.gelezen, "keuzes": {key: keuze.value for key, keuze in keuzes.items()}}
    bron.stand = Stand.OVERNEMEN
    defer(session, "kalenderbronnen.neem_over", bron_id=bron.id)
    session.flush()
    return bron


def finish_take_over(session: Session, bron: Kalenderbron, nu: datetime, *, marge_m: float) -> None:
    """Take over what was looked at. The caller holds ``bron``.

    Raises:
        KernenkaartError: if something in it is refused; then nothing may be kept.
    """
    if bron.stand is not Stand.OVERNEMEN or bron.gelezen is None:
        return
    inhoud = Inhoud.from_json(bron.gelezen)
    keuzes = {key: Keuze(keuze) for key, keuze in bron.gelezen["keuzes"].items()}
    keep_in_step(session, bron, inhoud, nu, marge_m=marge_m, keuzes=keuzes)


def keep_in_step(
    session: Session,
    bron: Kalenderbron,
    inhoud: Inhoud,
    nu: datetime,
    *,
    marge_m: float,
    keuzes: Mapping[str, Keuze] | None = None,
) -> None:
    """Bring ours in step with what was read now, and note what came of it.

    Raises:
        KernenkaartError: if something in it is refused; then nothing may be kept.
    """
    verslag = take_over(session, bron, inhoud, nu, marge_m=marge_m, keuzes=keuzes)
    bron.verslag, bron.gelezen, bron.stand = verslag.to_json(), None, Stand.LOOPT
    bron.note_read(nu, ELK)
    session.flush()


def note_failure(session: Session, bron: Kalenderbron, melding: str, nu: datetime) -> None:
    """It could not be read: wait longer each time, and tell the platform once."""
    bron.note_unread(melding, nu, ELK, ZELDEN)
    if bron.fouten == MELD_BIJ and bron.stand is Stand.LOOPT:
        for row in find_leden(session, bron.platform_id, nu.astimezone(AMSTERDAM).date()):
            send_mail(
                session,
                row.email,
                f"Agenda niet meer te lezen: {bron.naam}",
                "agenda-kapot",
                naam=bron.naam,
                melding=melding,
                keren=MELD_BIJ,
                bron_id=bron.id,
            )
    session.flush()


def sudden_void(inhoud: Inhoud, aantal: int) -> bool:
    """Whether a calendar that had ``aantal`` things is empty: then its site is wrong, not ours."""
    return not inhoud.items and aantal > 0


def forget_looking(session: Session, nu: datetime) -> None:
    """Go on with calendars that somebody read again, and then left as they were."""
    session.execute(
        update(Kalenderbron)
        .where(
            Kalenderbron.stand == Stand.BEKIJKEN,
            Kalenderbron.verslag.is_not(None),
            Kalenderbron.gelezen_op < nu - BLIJFT_BEKEKEN,
        )
        .values(stand=Stand.LOOPT, gelezen=None, versie=Kalenderbron.versie + 1)
    )


def choose(
    session: Session, actor: Actor, bron_id: int, item_id: int, keuze: Keuze, *, nu: datetime
) -> None:
    """Say what to do with something doubtful of a calendar that runs.

    What is taken comes with the next reading, which is asked for at once.

    Raises:
        NotFound: if it is not asked (any more).
        NotAllowed: as in ``get_bron``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    row = session.get(Bronitem, item_id)
    if row is None or row.bron_id != bron.id or row.keuze is not Keuze.VRAAG:
        raise NotFound("Hierover is al gekozen.")
    if keuze is Keuze.NEEM:
        row.keuze = Keuze.NEEM
        _read_soon(session, bron, nu)
    else:
        row.keuze = Keuze.SLA_OVER
    session.flush()


def follow_again(
    session: Session, actor: Actor, bron_id: int, activiteit_id: int, *, nu: datetime
) -> None:
    """Let an activity that was changed by hand follow its calendar again, from the next reading.

    Raises:
        NotFound: if it did not come from this calendar.
        NotAllowed: as in ``get_bron``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    row = session.scalar(
        select(Bronitem).where(Bronitem.bron_id == bron.id, Bronitem.activiteit_id == activiteit_id)
    )
    if row is None:
        raise NotFound("Deze activiteit komt niet uit deze agenda.")
    activiteit = session.get_one(Activiteit, activiteit_id)
    row.activiteit_versie, row.afdruk, row.weg_op = activiteit.versie, "", None
    _read_soon(session, bron, nu)
    session.flush()


def _read_soon(session: Session, bron: Kalenderbron, nu: datetime) -> None:
    bron.etag = bron.gewijzigd = ""
    if bron.adres is not None and bron.stand is Stand.LOOPT:
        bron.volgende_op = nu + ELK
        defer(session, "kalenderbronnen.bij", bron_id=bron.id)


def remove_bron(
    session: Session, actor: Actor, bron_id: int, *, intrekken: bool, nu: datetime
) -> int:
    """Stop with a calendar.

    Args:
        intrekken: also withdraw what came of it, has not begun and was not changed by hand.

    Returns:
        How many activities were withdrawn.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    ids = session.scalars(
        select(Activiteit.id)
        .join(Bronitem, Bronitem.activiteit_id == Activiteit.id)
        .where(
            Bronitem.bron_id == bron.id,
            Activiteit.versie == Bronitem.activiteit_versie,
            Activiteit.begint_op > nu,
            Activiteit.status != Status.INGETROKKEN,
        )
        .order_by(Activiteit.id)
    ).all()
    withdrawn = ids if intrekken else ()
    for activiteit_id in withdrawn:
        activiteiten.withdraw(session, actor_of(bron), activiteit_id)
    session.delete(bron)
    session.flush()
    return len(withdrawn)


def file_again(
    session: Session, actor: Actor, bron_id: int, inhoud: Inhoud, nu: datetime
) -> Kalenderbron:
    """Take in a newer file of a calendar that is sent as one; it is looked at first.

    Raises:
        NotFound, NotAllowed: as in ``get_bron``.
        Conflict: while it is being taken over.
    """
    bron = get_bron(session, actor, bron_id, lock=True)
    if bron.adres is not None or bron.stand is Stand.OVERNEMEN:
        raise Conflict("Deze agenda wordt net overgenomen. Wacht tot dat klaar is.")
    keep_read(session, bron, inhoud, nu)
    return bron
