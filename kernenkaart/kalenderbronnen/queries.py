"""The calendars of a platform, what came of them, and what may be in ours already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Row, func, or_, select, text
from sqlalchemy.orm import Session, joinedload, undefer

from kernenkaart.activiteiten.herkomst import Herkomst
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.actor import Actor
from kernenkaart.errors import NotAllowed, NotFound
from kernenkaart.kalenderbronnen.items import Item
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Keuze, Stand
from kernenkaart.kalenderbronnen.policy import may_manage
from kernenkaart.tijd import AMSTERDAM, format_moment

LIJKT = 0.6  # trigrams two titles share, or a title with the words of another
DICHTBIJ_M = 2000.0
SAMEN = 10  # so many calendars at most are asked for in one round

_LIJKEND = text(
    """
    SELECT DISTINCT ON (n.nummer) n.nummer, a.id, a.titel, a.begint_op, a.eindigt_op, a.hele_dag
    FROM unnest(CAST(:nummers AS integer[]), CAST(:titels AS text[]), CAST(:van AS timestamptz[]),
                CAST(:tot AS timestamptz[])) AS n (nummer, titel, van, tot)
    JOIN activiteit a ON a.begint_op >= n.van AND a.begint_op < n.tot
    JOIN kern k ON k.id = :kern_id
    CROSS JOIN LATERAL (SELECT greatest(
        similarity(a.titel, n.titel),
        strict_word_similarity(a.titel, n.titel),
        strict_word_similarity(n.titel, a.titel)) AS mate) AS l
    WHERE l.mate >= :lijkt
      AND (a.platform_id = :platform_id AND a.status <> 'ingetrokken'
           OR a.status = ANY(:openbaar)
              AND (a.kern_id = k.id OR ST_DWithin(a.geom, k.hart, :dichtbij_m)))
      AND NOT EXISTS (SELECT FROM bronitem b WHERE b.activiteit_id = a.id AND b.bron_id = :bron_id)
    ORDER BY n.nummer, l.mate DESC, a.id
    """
)


@dataclass(frozen=True)
class Lijkt:
    """An activity that something new may be a double of; ``wanneer`` as a list writes it."""

    id: int
    titel: str
    wanneer: str


def find_bronnen(session: Session, platform_id: int) -> Sequence[Row[Kalenderbron, int]]:
    """The calendars of a platform by name, each with how many activities came of it."""
    aantal = (
        select(func.count())
        .where(
            Bronitem.bron_id == Kalenderbron.id,
            Bronitem.activiteit_id.is_not(None),
            Bronitem.weg_op.is_(None),
        )
        .correlate(Kalenderbron)
        .scalar_subquery()
    )
    return session.execute(
        select(Kalenderbron, aantal.label("aantal"))
        .where(Kalenderbron.platform_id == platform_id)
        .options(joinedload(Kalenderbron.kern))
        .order_by(Kalenderbron.naam, Kalenderbron.id)
    ).all()


def get_bron(session: Session, actor: Actor, bron_id: int, *, lock: bool = False) -> Kalenderbron:
    """One calendar with what was read of it.

    Args:
        lock: hold it until the transaction ends.

    Raises:
        NotFound: if it does not exist.
        NotAllowed: if it is of another platform.
    """
    statement = (
        select(Kalenderbron)
        .where(Kalenderbron.id == bron_id)
        .options(undefer(Kalenderbron.gelezen))
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Kalenderbron)
    else:
        statement = statement.options(
            joinedload(Kalenderbron.platform),
            joinedload(Kalenderbron.kern),
            joinedload(Kalenderbron.soort),
        )
    bron = session.scalar(statement)
    if bron is None:
        raise NotFound("Deze agenda bestaat niet (meer).")
    if not may_manage(actor, bron.platform_id):
        raise NotAllowed("Je ziet alleen agenda's van je eigen groep.")
    return bron


def find_rows(session: Session, bron_id: int) -> Sequence[Bronitem]:
    """All that is known of a calendar, each with its activity, by moment."""
    return session.scalars(
        select(Bronitem)
        .where(Bronitem.bron_id == bron_id)
        .options(joinedload(Bronitem.activiteit))
        .order_by(Bronitem.begint_op, Bronitem.id)
        .execution_options(populate_existing=True)
    ).all()


def find_lijkend(session: Session, bron: Kalenderbron, items: Sequence[Item]) -> dict[str, Lijkt]:
    """Of new things those that look like something in our calendar, by ``Item.sleutel``.

    Alike is: on the same day, of the same platform or in or near the kern of the calendar, and a
    title of much the same words. One statement.
    """
    if not items:
        return {}
    days = [
        datetime.combine(item.begint_op.astimezone(AMSTERDAM), time(), AMSTERDAM) for item in items
    ]
    rows = session.execute(
        _LIJKEND,
        {
            "nummers": list(range(len(items))),
            "titels": [item.titel for item in items],
            "van": days,
            "tot": [dag + timedelta(days=1) for dag in days],
            "kern_id": bron.kern_id,
            "platform_id": bron.platform_id,
            "bron_id": bron.id,
            "lijkt": LIJKT,
            "dichtbij_m": DICHTBIJ_M,
            "openbaar": [status.value for status in OPENBAAR],
        },
    )
    return {
        items[row.nummer].sleutel: Lijkt(
            row.id, row.titel, format_moment(row.begint_op, row.eindigt_op, hele_dag=row.hele_dag)
        )
        for row in rows
    }


def find_eigen(session: Session, bron_id: int) -> Sequence[Activiteit]:
    """What came of a calendar and was changed by hand since, by moment: it does not follow."""
    return session.scalars(
        select(Activiteit)
        .join(Bronitem, Bronitem.activiteit_id == Activiteit.id)
        .where(Bronitem.bron_id == bron_id, Activiteit.versie != Bronitem.activiteit_versie)
        .order_by(Activiteit.begint_op, Activiteit.id)
        .limit(200)
    ).all()


def find_vragen(session: Session, bron_id: int) -> Sequence[Bronitem]:
    """What may be a double and waits for a choice, by moment, with what it looks like."""
    return session.scalars(
        select(Bronitem)
        .where(Bronitem.bron_id == bron_id, Bronitem.keuze == Keuze.VRAAG)
        .options(joinedload(Bronitem.lijkt_op))
        .order_by(Bronitem.begint_op, Bronitem.id)
        .limit(200)
    ).all()


def count_taken(session: Session, bron_id: int, nu: datetime) -> int:
    """How many activities came of a calendar, are still in it and have not begun."""
    return int(
        session.scalar(
            select(func.count()).where(
                Bronitem.bron_id == bron_id,
                Bronitem.activiteit_id.is_not(None),
                Bronitem.weg_op.is_(None),
                Bronitem.begint_op > nu,
            )
        )
        or 0
    )


def find_due(session: Session, nu: datetime) -> Sequence[Kalenderbron]:
    """Calendars whose time has come, held; those that somebody else holds are left alone."""
    return session.scalars(
        select(Kalenderbron)
        .where(
            Kalenderbron.stand == Stand.LOOPT,
            Kalenderbron.adres.is_not(None),
            or_(Kalenderbron.volgende_op.is_(None), Kalenderbron.volgende_op <= nu),
        )
        .order_by(Kalenderbron.volgende_op.nulls_first(), Kalenderbron.id)
        .limit(SAMEN)
        .with_for_update(skip_locked=True)
    ).all()


def find_bron_of(session: Session, activiteit_id: int) -> Herkomst | None:
    """The calendar that an activity came from; None when it was typed here."""
    row = session.execute(
        select(
            Kalenderbron.naam,
            Kalenderbron.gelezen_op,
            (Activiteit.versie != Bronitem.activiteit_versie).label("eigen"),
        )
        .join(Bronitem, Bronitem.bron_id == Kalenderbron.id)
        .join(Activiteit, Activiteit.id == Bronitem.activiteit_id)
        .where(Bronitem.activiteit_id == activiteit_id)
    ).one_or_none()
    return Herkomst(row.naam, row.gelezen_op, row.eigen) if row else None
