"""Send something in, confirm it, change it, answer and withdraw: what its sender does.

The caller commits. A sender has no account: the link is what shows that it is his.
"""

import re
import uuid
from dataclasses import dataclass, replace
from typing import cast

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Doelgroep
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.activiteiten.services import ActiviteitGegevens, call_off, fill
from kernenkaart.actor import BEZOEKER
from kernenkaart.beelden.models import Beeld
from kernenkaart.beelden.services import Foto, put_beeld, remove_beeld
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.inzendingen.models import DICHT, Inzending, Status
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.plek import Plek, find_kern_of
from kernenkaart.taken.services import defer
from kernenkaart.tijd import AMSTERDAM, now, today
from kernenkaart.zalen.models import Zaal

GAAT_DOOR = (ActiviteitStatus.GEPUBLICEERD, ActiviteitStatus.VERWACHT)
ANDERS = "Er is intussen iets veranderd. Kijk eerst hoe het er nu voor staat."
_WEBADRES = re.compile(r"://|\bwww\.|\.(?:com|net|org|nl|info|ru|xyz|top)\b", re.IGNORECASE)

# what an activity and what was sent in both have
INHOUD = (
    "gemeente_id", "geom", "plek_naam", "titel", "organisator", "soort_id", "omschrijving",
    "begint_op", "eindigt_op", "hele_dag", "doelgroep_id", "zaal_id",
)  # fmt: skip


@dataclass(frozen=True)
class NieuweFoto:
    """A photo as it was sent, made anew.

    Attributes:
        alt: what there is to see.
        bron: who made it; empty when that was not told.
    """

    foto: Foto
    alt: str
    bron: str


def send_in(
    session: Session,
    gegevens: ActiviteitGegevens,
    email: str,
    *,
    sleutel: uuid.UUID,
    marge_m: float,
    foto: NieuweFoto | None = None,
) -> Inzending:
    """Keep what was sent in and mail the sender a link; nobody else sees it until confirmed.

    Args:
        email: one address, checked.
        sleutel: made with the empty form; the same form sent twice is one.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        Invalid: beside its field, if something is missing, does not fit or is past.
    """
    earlier = _find_sent(session, sleutel)
    if earlier is not None:
        return earlier
    inzending = Inzending(sleutel=sleutel, email=email, status=Status.ONBEVESTIGD)
    put_inhoud(session, inzending, gegevens, marge_m)
    try:
        with session.begin_nested():
            if foto:
                inzending.beeld_id = _put_foto(session, foto).id
            session.add(inzending)
            session.flush()
    except IntegrityError:
        # the same form at the same moment: the unique key has the last word
        earlier = _find_sent(session, sleutel)
        if earlier is None:
            raise
        return earlier
    tell(session, inzending, "bevestig")
    return inzending


def confirm(session: Session, inzending_id: int) -> bool:
    """The sender shows that the address is his own; whether that was not known yet."""
    inzending = lock(session, inzending_id)
    if inzending.status is not Status.ONBEVESTIGD:
        return False
    inzending.status = Status.WACHT
    inzending.bevestigd_op = now()
    session.flush()
    return True


def change(
    session: Session,
    inzending_id: int,
    gegevens: ActiviteitGegevens,
    *,
    versie: int | None,
    marge_m: float,
    foto: NieuweFoto | None = None,
) -> Inzending:
    """Change what was sent in; it waits for a moderator again, what is public stays until then.

    Args:
        versie: the version the sender started from.

    Raises:
        Conflict: if it changed meanwhile, or is over.
        Invalid: as in ``send_in``.
    """
    inzending = lock(session, inzending_id, versie)
    if inzending.status in {*DICHT, Status.ONBEVESTIGD}:
        raise Conflict(ANDERS)
    put_inhoud(session, inzending, gegevens, marge_m)
    if foto:
        put_foto(session, inzending, foto)
    if inzending.status is not Status.WACHT:
        inzending.gemeld_op = None
    inzending.status = Status.WACHT
    session.flush()
    return inzending


def answer(session: Session, inzending_id: int, tekst: str, *, versie: int | None) -> Inzending:
    """Answer the moderator's question; it waits for a moderator again.

    Raises:
        Conflict: if there is no question any more.
        Invalid: if the answer is empty or too long.
    """
    if not tekst:
        raise Invalid("Schrijf je antwoord op.", veld="antwoord")
    if len(tekst) > 2000:
        raise Invalid("Maak je antwoord korter: hoogstens 2000 tekens.", veld="antwoord")
    inzending = lock(session, inzending_id, versie)
    if inzending.status is not Status.VRAAG:
        raise Conflict(ANDERS)
    inzending.antwoord = tekst
    inzending.status = Status.WACHT
    inzending.gemeld_op = None
    session.flush()
    return inzending


def withdraw(session: Session, inzending_id: int, *, versie: int | None) -> Inzending:
    """Withdraw it. What is in the calendar is called off there, so that people read it.

    Raises:
        Conflict: if it changed meanwhile, or is over.
    """
    inzending = lock(session, inzending_id, versie)
    if inzending.status in {*DICHT, Status.ONBEVESTIGD}:
        raise Conflict(ANDERS)
    activiteit = inzending.activiteit_id and session.get(Activiteit, inzending.activiteit_id)
    if activiteit and activiteit.status in {
        ActiviteitStatus.GEPUBLICEERD,
        ActiviteitStatus.VERWACHT,
    }:
        # the sender speaks for the group that posted it, for this one act
        namens = replace(BEZOEKER, platform_ids=frozenset({activiteit.platform_id}))
        call_off(session, namens, activiteit.id, "De organisator heeft het afgelast.")
    inzending.status = Status.INGETROKKEN
    session.flush()
    return inzending


def lock(session: Session, inzending_id: int, versie: int | None = None) -> Inzending:
    """What was sent in, held until the transaction ends.

    Args:
        versie: the version the page was made from; None does not ask.

    Raises:
        Conflict: if that is no longer the version.
    """
    inzending = session.scalars(
        select(Inzending)
        .where(Inzending.id == inzending_id)
        .with_for_update(of=Inzending)
        .execution_options(populate_existing=True)
    ).one()
    if versie is not None and inzending.versie != versie:
        raise Conflict(ANDERS)
    return inzending


def to_gegevens(inzending: Inzending) -> ActiviteitGegevens:
    """What was sent in, as what somebody fills in about an activity."""
    return ActiviteitGegevens(
        titel=inzending.titel,
        soort_id=inzending.soort_id,
        omschrijving=inzending.omschrijving,
        begint_op=inzending.begint_op,
        eindigt_op=inzending.eindigt_op,
        hele_dag=inzending.hele_dag,
        plek=Plek(
            punt=cast("Point | None", inzending.geom),
            kern_id=inzending.kern_id,
            naam=inzending.plek_naam or "",
            onbekend=inzending.geom is None,
        ),
        organisator=inzending.organisator,
        doelgroep_id=inzending.doelgroep_id,
        zaal_id=inzending.zaal_id,
    )


def put_inhoud(
    session: Session, inzending: Inzending, gegevens: ActiviteitGegevens, marge_m: float
) -> None:
    """Give ``inzending`` what was filled in, by the rules of an activity and some more.

    Raises:
        Invalid: beside its field, if something is missing, does not fit, is past, or if a name
            holds a web address: names go into mails, and links there are our own (T19).
    """
    if not gegevens.organisator:
        raise Invalid("Vul in wie het organiseert. Bijvoorbeeld: buurt Nieuwstraat.", "organisator")
    for veld in ("titel", "organisator"):
        if _WEBADRES.search(getattr(gegevens, veld)):
            raise Invalid("Zet hier geen webadres. Dat kan bij de uitleg.", veld=veld)
    if gegevens.eindigt_op.astimezone(AMSTERDAM).date() < today():
        raise Invalid("Deze dag is al voorbij. Kies een andere dag.", veld="datum")
    kern = find_kern_of(session, gegevens.plek, marge_m=marge_m)
    if kern is None:
        raise Invalid("Kies een kern. Dan komt het in de goede kalender.", veld="kern")
    proef = Activiteit(  # what is no longer in use may stay as it is
        soort_id=inzending.soort_id,
        doelgroep_id=inzending.doelgroep_id,
        zaal_id=inzending.zaal_id,
    )
    with session.no_autoflush:
        fill(session, proef, gegevens, marge_m)
    for veld in INHOUD:
        setattr(inzending, veld, getattr(proef, veld))
    inzending.kern_id = kern.id


def preview(
    session: Session, gegevens: ActiviteitGegevens, *, marge_m: float, was: Inzending | None = None
) -> Inzending:
    """How it will look, with all that a page shows of it; nothing is kept.

    Args:
        was: what is changed; its photo is in the preview.

    Raises:
        Invalid: as in ``send_in``.
    """
    proef = Inzending()
    if was:
        proef.soort_id, proef.doelgroep_id, proef.zaal_id = (
            was.soort_id, was.doelgroep_id, was.zaal_id
        )  # fmt: skip
        proef.beeld = was.beeld
    put_inhoud(session, proef, gegevens, marge_m)
    proef.kern = session.get_one(Kern, proef.kern_id)
    proef.soort = session.get_one(ActiviteitSoort, proef.soort_id)
    proef.doelgroep = session.get(Doelgroep, proef.doelgroep_id) if proef.doelgroep_id else None
    proef.zaal = session.get(Zaal, proef.zaal_id) if proef.zaal_id else None
    return proef


def put_foto(session: Session, inzending: Inzending, foto: NieuweFoto) -> None:
    """Give ``inzending`` another photo; the one before goes, unless everyone sees it already."""
    was = inzending.beeld_id and session.get(Beeld, inzending.beeld_id)
    inzending.beeld_id = _put_foto(session, foto).id
    session.flush()
    if was and not was.openbaar:
        remove_beeld(session, was)


def tell(session: Session, inzending: Inzending, soort: str) -> None:
    """Mail the sender what happened, once the caller commits.

    Args:
        soort: the template is ``post/inzending-<soort>.txt``.
    """
    defer(
        session,
        "inzendingen.mail",
        inzending_id=inzending.id,
        soort=soort,
        sleutel=str(uuid.uuid4()),
    )


def _put_foto(session: Session, nieuw: NieuweFoto) -> Beeld:
    return put_beeld(session, nieuw.foto, alt=nieuw.alt, bron=nieuw.bron)


def _find_sent(session: Session, sleutel: uuid.UUID) -> Inzending | None:
    return session.scalar(select(Inzending).where(Inzending.sleutel == sleutel))
