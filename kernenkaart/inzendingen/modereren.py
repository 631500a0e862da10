"""What a moderator does with what was sent in: publish, ask, refuse, join. The caller commits.

Each act takes the version that the moderator saw: of two at once the second is told.
"""

from dataclasses import replace

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.services import change_activiteit, post_activiteit
from kernenkaart.actor import Actor
from kernenkaart.beelden.models import Beeld
from kernenkaart.beelden.services import remove_beeld
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.inzendingen.models import OPEN, Inzending, Status
from kernenkaart.inzendingen.queries import find_dubbelen, find_spreekgroepen, get_inzending
from kernenkaart.inzendingen.services import INHOUD, lock, tell, to_gegevens
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform, PlatformKern, PlatformSoort, Zichtbaarheid

TEKST_MAX = 1000
AL_GEDAAN = "Iemand anders heeft hier net iets mee gedaan. Kijk eerst hoe het er nu voor staat."


def publish(
    session: Session,
    actor: Actor,
    inzending_id: int,
    *,
    versie: int | None,
    platform_id: int | None = None,
    marge_m: float,
) -> Activiteit:
    """Put it in the calendar, or change there what it became before; the sender gets a mail.

    Args:
        platform_id: the own group in whose name; None takes the first one of the kern. Who has
            none there publishes in the name of the residents, see ``residents_of``.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound: if it does not exist for ``actor``.
        Conflict: if somebody else dealt with it meanwhile.
        NotAllowed: if the group is not an own one in that kern.
        Invalid: as in ``post_activiteit``.
    """
    inzending = _take(session, actor, inzending_id, versie)
    gegevens = to_gegevens(inzending)
    if inzending.activiteit_id is None:
        platform_id = _speak_for(session, actor, inzending, platform_id)
        activiteit = post_activiteit(
            session,
            _speaking(actor, platform_id),
            platform_id,
            gegevens,
            sleutel=inzending.publiek_id,
            plaats=True,
            marge_m=marge_m,
        )
    else:
        nu = session.get_one(Activiteit, inzending.activiteit_id)
        activiteit = change_activiteit(
            session,
            _speaking(actor, nu.platform_id),
            nu.id,
            gegevens,
            versie=nu.versie,
            plaats=True,
            marge_m=marge_m,
        )
    _show_foto(session, inzending, activiteit)
    inzending.activiteit_id = activiteit.id
    _settle(session, inzending, Status.GEPLAATST, "geplaatst")
    return activiteit


def ask(
    session: Session, actor: Actor, inzending_id: int, vraag: str, *, versie: int | None
) -> Inzending:
    """Ask the sender something; it waits for the answer.

    Raises:
        NotFound, Conflict: as in ``publish``.
        Invalid: if the question is empty or too long.
    """
    _check_text(vraag, "Schrijf je vraag op.", "vraag")
    inzending = _take(session, actor, inzending_id, versie)
    inzending.vraag, inzending.antwoord = vraag, None
    _settle(session, inzending, Status.VRAAG, "vraag")
    return inzending


def refuse(
    session: Session, actor: Actor, inzending_id: int, reden: str, *, versie: int | None
) -> Inzending:
    """Do not publish it; of a change, leave the calendar as it is.

    Raises:
        NotFound, Conflict: as in ``publish``.
        Invalid: if the reason is empty or too long.
    """
    _check_text(reden, "Schrijf op waarom niet. De inzender leest dit.", "reden")
    inzending = _take(session, actor, inzending_id, versie)
    inzending.reden = reden
    if inzending.activiteit_id is None:
        _settle(session, inzending, Status.GEWEIGERD, "geweigerd")
        return inzending
    nu = session.get_one(Activiteit, inzending.activiteit_id)
    for veld in set(INHOUD) - {"organisator"}:
        setattr(inzending, veld, getattr(nu, veld))
    inzending.organisator = nu.organisator or inzending.organisator
    inzending.beeld_id = nu.beeld_id
    _settle(session, inzending, Status.GEPLAATST, "geweigerd")
    return inzending


def merge(
    session: Session, actor: Actor, inzending_id: int, activiteit_id: int, *, versie: int | None
) -> Inzending:
    """It is in the calendar already: point the sender there.

    Args:
        activiteit_id: one of ``find_dubbelen``.

    Raises:
        NotFound, Conflict: as in ``publish``.
        Invalid: if it is not one of those, or if this is a change of something else.
    """
    inzending = _take(session, actor, inzending_id, versie)
    known = {dubbel.id for dubbel in find_dubbelen(session, inzending)}
    if inzending.activiteit_id is not None or activiteit_id not in known:
        raise Invalid("Kies een activiteit uit de lijst.")
    inzending.activiteit_id = activiteit_id
    _settle(session, inzending, Status.SAMENGEVOEGD, "samengevoegd")
    return inzending


def residents_of(session: Session, kern: Kern) -> Platform:
    """The group under which entries of residents stand that no group of the kern published.

    It is made when first needed, has no members and is not shown as a group.
    """
    # one at a time for each kern, so that two moderators do not both make it
    session.execute(text("SELECT pg_advisory_xact_lock(7141, :kern)"), {"kern": kern.id})
    namen = (f"Inwoners van {kern.naam}", f"Inwoners van {kern.naam} ({kern.gemeente.naam})")
    found = session.scalar(
        select(Platform)
        .join(PlatformKern, PlatformKern.platform_id == Platform.id)
        .where(
            PlatformKern.kern_id == kern.id,
            Platform.naam.in_(namen),
            Platform.zichtbaarheid == Zichtbaarheid.VERBORGEN,
            Platform.actief,
        )
    )
    if found is not None:
        return found
    taken = set(session.scalars(select(Platform.naam).where(Platform.naam.in_(namen))))
    soort = session.scalars(
        select(PlatformSoort).order_by(
            (PlatformSoort.code != "inwonersplatform"), func.coalesce(PlatformSoort.volgorde, 0)
        )
    ).first()
    if soort is None:
        raise Invalid("Er zijn geen soorten groepen. Een beheerder maakt er eerst een.")
    platform = Platform(
        naam=next(naam for naam in (*namen, f"{namen[1]} {kern.id}") if naam not in taken),
        soort_id=soort.id,
        zichtbaarheid=Zichtbaarheid.VERBORGEN,
    )
    platform.kernen = [kern]
    session.add(platform)
    session.flush()
    return platform


def _take(session: Session, actor: Actor, inzending_id: int, versie: int | None) -> Inzending:
    get_inzending(session, actor, inzending_id)
    inzending = lock(session, inzending_id)
    if inzending.versie != versie or inzending.status not in OPEN:
        raise Conflict(AL_GEDAAN)
    return inzending


def _speak_for(
    session: Session, actor: Actor, inzending: Inzending, platform_id: int | None
) -> int:
    eigen = [key for key, _naam in find_spreekgroepen(session, actor, inzending.kern_id)]
    if platform_id is not None and platform_id not in eigen:
        raise NotAllowed("Je plaatst alleen namens je eigen groep.")
    if eigen:
        return platform_id or eigen[0]
    return residents_of(session, session.get_one(Kern, inzending.kern_id)).id


def _speaking(actor: Actor, platform_id: int) -> Actor:
    """``actor`` for this one act: that he may moderate here was asked before."""
    return replace(actor, platform_ids=actor.platform_ids | {platform_id})


def _show_foto(session: Session, inzending: Inzending, activiteit: Activiteit) -> None:
    if inzending.beeld_id in {None, activiteit.beeld_id}:
        return
    was = activiteit.beeld_id and session.get(Beeld, activiteit.beeld_id)
    session.get_one(Beeld, inzending.beeld_id).openbaar = True
    activiteit.beeld_id = inzending.beeld_id
    session.flush()
    if was:
        remove_beeld(session, was)


def _settle(session: Session, inzending: Inzending, status: Status, mail: str) -> None:
    inzending.status = status
    session.flush()
    tell(session, inzending, mail)


def _check_text(tekst: str, leeg: str, veld: str) -> None:
    if not tekst:
        raise Invalid(leeg, veld=veld)
    if len(tekst) > TEKST_MAX:
        raise Invalid(f"Maak dit korter: hoogstens {TEKST_MAX} tekens.", veld=veld)
