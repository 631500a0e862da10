"""Weer dit jaar? What comes back each year is asked about in time. The caller commits.

Such a time of a series has the status ``verwacht`` until its platform says that it goes on, does
not, or never will again; without an answer it stays expected. What stands alone and is expected (so
a calendar that comes in may say) is not asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session, joinedload

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.activiteiten.reeksen import end_from, lock_reeks
from kernenkaart.activiteiten.services import call_off, confirm, lock, withdraw
from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict
from kernenkaart.platforms.models import Platform
from kernenkaart.post.services import send_mail
from kernenkaart.tijd import AMSTERDAM, format_moment
from kernenkaart.toegang.queries import find_leden


class Antwoord(StrEnum):
    """What a platform says about one time."""

    JA = "ja"
    NEE = "nee"
    NOOIT = "nooit"


@dataclass(frozen=True)
class Open:
    """What a platform has not said yet; ``titels`` by day."""

    platform_id: int
    platform: str
    titels: tuple[str, ...]


def find_vragen(
    session: Session, platform_id: int, *, moment: datetime, weken: int
) -> Sequence[Activiteit]:
    """What a platform is asked about now, with its kern, by day.

    Args:
        weken: so many weeks ahead of it one asks.
    """
    return session.scalars(
        select(Activiteit)
        .where(Activiteit.platform_id == platform_id, _expected(moment, weken))
        .options(joinedload(Activiteit.kern))
        .order_by(Activiteit.begint_op, Activiteit.id)
    ).all()


def find_vraag(session: Session, platform_id: int, activiteit_id: int) -> Sequence[Activiteit]:
    """One expected time of a platform, however far ahead; nothing when it is not expected."""
    return session.scalars(
        select(Activiteit)
        .where(
            Activiteit.id == activiteit_id,
            Activiteit.platform_id == platform_id,
            Activiteit.status == Status.VERWACHT,
        )
        .options(joinedload(Activiteit.kern))
    ).all()


def find_open(session: Session, actor: Actor, *, moment: datetime, weken: int) -> list[Open]:
    """What the groups of ``actor`` are asked about now, soonest first; one statement."""
    if not actor.platform_ids:
        return []
    rows = session.execute(
        select(Activiteit.platform_id, Platform.naam, Activiteit.titel)
        .join(Platform, Platform.id == Activiteit.platform_id)
        .where(
            Activiteit.platform_id.in_(sorted(actor.platform_ids)),
            Platform.actief,
            _expected(moment, weken),
        )
        .order_by(Activiteit.begint_op, Activiteit.id)
    )
    per_platform: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        per_platform.setdefault((row.platform_id, row.naam), []).append(row.titel)
    return [Open(*platform, tuple(titels)) for platform, titels in per_platform.items()]


def find_te_vragen(session: Session, *, moment: datetime, weken: int) -> Sequence[int]:
    """Keys of the platforms with something that was not asked about yet."""
    return session.scalars(
        select(Activiteit.platform_id)
        .join(Platform, Platform.id == Activiteit.platform_id)
        .where(Platform.actief, _expected(moment, weken), Activiteit.gevraagd_op.is_(None))
        .distinct()
        .order_by(Activiteit.platform_id)
    ).all()


def ask(session: Session, platform_id: int, *, moment: datetime, weken: int) -> int:
    """Mail everybody who speaks for a platform what it has not said yet, all in one mail.

    What was asked is marked in the same transaction, so nothing is asked twice and nothing is
    skipped. A platform that nobody speaks for is asked as soon as somebody does.

    Returns:
        How many mails are on their way.
    """
    leden = find_leden(session, platform_id, moment.astimezone(AMSTERDAM).date())
    if not leden:
        return 0
    gevraagd = session.execute(
        update(Activiteit)
        .where(
            Activiteit.platform_id == platform_id,
            _expected(moment, weken),
            Activiteit.gevraagd_op.is_(None),
        )
        # for whoever reads along nothing has changed
        .values(gevraagd_op=moment, updated_at=Activiteit.updated_at)
        .returning(
            Activiteit.begint_op, Activiteit.eindigt_op, Activiteit.hele_dag, Activiteit.titel
        )
        .execution_options(synchronize_session=False)
    ).all()
    if not gevraagd:  # somebody else asked just now
        return 0
    platform = session.get_one(Platform, platform_id)
    regels = [
        f"{format_moment(row.begint_op, row.eindigt_op, hele_dag=row.hele_dag)}: {row.titel}"
        for row in sorted(gevraagd, key=lambda row: row.begint_op)
    ]
    for lid in leden:
        send_mail(
            session,
            lid.email,
            f"Weer dit jaar? {platform.naam}",
            "weer_dit_jaar",
            naam=lid.naam,
            platform=platform.naam,
            platform_id=platform_id,
            regels=regels,
        )
    return len(leden)


def answer(
    session: Session, actor: Actor, activiteit_id: int, antwoord: Antwoord, reden: str = ""
) -> None:
    """Say whether an expected time goes on.

    Args:
        reden: why not; with it, it stays visible as called off, without it, it is taken away.

    Raises:
        NotFound: if it does not exist for ``actor``.
        NotAllowed: if it is of another platform.
        Conflict: if somebody has said so already.
        Invalid: if the reason is too long.
    """
    series = session.scalar(select(Activiteit.reeks_id).where(Activiteit.id == activiteit_id))
    if antwoord is Antwoord.NOOIT and series is not None:
        reeks, _dag = lock_reeks(session, actor, activiteit_id)
    activiteit = lock(session, actor, activiteit_id)
    if activiteit.status is not Status.VERWACHT:
        raise Conflict(f"Over {activiteit.titel} is al geantwoord. Kijk of het klopt.")
    if antwoord is Antwoord.JA:
        confirm(session, actor, activiteit_id)
    elif antwoord is Antwoord.NOOIT and series is not None:
        end_from(session, actor, activiteit_id, versie=reeks.versie, reden=reden)
    elif reden:
        call_off(session, actor, activiteit_id, reden)
    else:
        withdraw(session, actor, activiteit_id)


def _expected(moment: datetime, weken: int) -> ColumnElement[bool]:
    return and_(
        Activiteit.status == Status.VERWACHT,
        Activiteit.reeks_id.is_not(None),
        Activiteit.begint_op > moment,
        Activiteit.begint_op <= moment + timedelta(weeks=weken),
    )
