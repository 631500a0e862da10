"""One activity becomes the first time of a series. The caller commits."""

from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.reeks_tijden import (
    GAAT_DOOR,
    copy_inhoud,
    days_of,
    make_times,
    status_of,
)
from kernenkaart.activiteiten.reeksen import ReeksGegevens, fill_reeks
from kernenkaart.activiteiten.services import lock
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid


def can_repeat(activiteit: Activiteit) -> bool:
    """Whether it can become a series: it goes on, and is of none yet."""
    return activiteit.reeks_id is None and activiteit.status in GAAT_DOOR


def repeat(
    session: Session,
    actor: Actor,
    activiteit_id: int,
    gegevens: ReeksGegevens,
    *,
    versie: int | None,
    plaats: bool,
    marge_m: float,
) -> Reeks:
    """Let one activity be the first time of a new series.

    It keeps its page and its photo. The series takes over its uid, so that in everybody's phone
    the same entry begins to come back.

    Args:
        versie: the version of the activity that the editor started from.
        plaats: publish it if it is still a draft, or only expected; the other times follow it.
        marge_m: how far a place may lie outside every kern, metres.

    Raises:
        NotFound, NotAllowed: as in ``services.lock``.
        Conflict: if somebody else changed it meanwhile, or made a series of it.
        Invalid: as in ``reeksen.post_reeks``, and if it does not go on.
    """
    activiteit = lock(session, actor, activiteit_id)
    if activiteit.versie != versie or activiteit.reeks_id is not None:
        raise Conflict
    if not can_repeat(activiteit):
        raise Invalid("Deze activiteit gaat niet door. Laat hem eerst weer doorgaan.")
    reeks = Reeks(
        platform_id=activiteit.platform_id,
        uid=activiteit.uid,
        demo=activiteit.demo,
        # what is no longer in use may stay as it is
        soort_id=activiteit.soort_id,
        doelgroep_id=activiteit.doelgroep_id,
        zaal_id=activiteit.zaal_id,
    )
    with session.no_autoflush:
        fill_reeks(session, reeks, gegevens, marge_m)
    session.add(reeks)
    session.flush()
    if plaats and activiteit.status is not Status.GEPUBLICEERD:
        activiteit.status = status_of(reeks)
    activiteit.reeks_id, activiteit.reeks_dag = reeks.id, reeks.eerste_dag
    copy_inhoud(reeks, activiteit, reeks.eerste_dag)
    _, *later = days_of(reeks)
    status = Status.CONCEPT if activiteit.status is Status.CONCEPT else status_of(reeks)
    session.add_all(make_times(reeks, later, status, actor.gebruiker_id))
    session.flush()
    return reeks
