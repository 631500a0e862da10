"""What is followed now, and who follows what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.laag import LAAG as ACTIVITEITEN
from kernenkaart.activiteiten.models import Activiteit, Reeks
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.errors import NotFound
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import dingen_of
from kernenkaart.volgen.models import Abonnement, Gemeld, Ritme, Volger
from kernenkaart.volgen.nieuws import VAN_DE_BAAN, Ding, Sleutel, Stand
from kernenkaart.volgen.onderwerp import NAAM_MAX, Bij

OP_DING = {laag.ding: laag for laag in LAGEN}


def find_now(session: Session, keuze: DingFilter) -> list[Ding]:
    """What everybody sees of these things now, soonest first; one statement."""
    dingen = dingen_of(BEZOEKER, keuze)
    c = dingen.c
    activiteit = and_(c.laag == ACTIVITEITEN.naam, Activiteit.id == c.id)
    rows = session.execute(
        select(
            *(c[naam] for naam in ("laag", "id", "titel", "begint_op", "eindigt_op", "hele_dag")),
            *(c[naam] for naam in ("status", "plek", "kern_naam", "wie", "hinder", "kort")),
            c.nauwkeurigheid,
            func.ST_X(c.punt).label("x"),
            func.ST_Y(c.punt).label("y"),
            Activiteit.reeks_id,
            Activiteit.reeks_dag,
            Reeks.regel,
        )
        .select_from(dingen)
        .outerjoin(Activiteit, activiteit)
        .outerjoin(Reeks, Reeks.id == Activiteit.reeks_id)
        .order_by(c.begint_op.asc().nulls_last(), c.laag, c.id)
    ).mappings()
    return [_to_ding(row) for row in rows]


def _to_ding(row: RowMapping) -> Ding:
    stand = Stand(
        laag=row["laag"],
        id=row["id"],
        titel=row["titel"],
        begint_op=row["begint_op"],
        eindigt_op=row["eindigt_op"],
        hele_dag=row["hele_dag"],
        status=row["status"],
        plek=row["plek"] or "",
        kern=row["kern_naam"] or "",
        xy=None if row["x"] is None else (round(row["x"]), round(row["y"])),
        reeks=row["reeks_id"],
        nauwkeurigheid=row["nauwkeurigheid"],
    )
    return Ding(
        stand=stand,
        wie=row["wie"] or "",
        kort=(row["kort"] or "") if row["hinder"] not in (None, "geen") else "",
        herhaling=Regel.parse(row["regel"]).woorden if row["regel"] else "",
        reeks_dag=row["reeks_dag"],
    )


def find_bekend(
    session: Session, abonnement_ids: Iterable[int]
) -> Mapping[int, dict[Sleutel, Stand]]:
    """What each subscription knows, by its key; one statement."""
    found: dict[int, dict[Sleutel, Stand]] = {key: {} for key in abonnement_ids}
    for gemeld in session.execute(
        select(Gemeld.abonnement_id, Gemeld.laag, Gemeld.ding_id, Gemeld.stand).where(
            Gemeld.abonnement_id.in_(found)
        )
    ):
        stand = Stand.from_json(gemeld.laag, gemeld.ding_id, gemeld.stand)
        found[gemeld.abonnement_id][stand.sleutel] = stand
    return found


def is_due(rondes: Mapping[Ritme, date]) -> ColumnElement[bool]:
    """Which subscriptions have not had their round.

    Args:
        rondes: per rhythm the day of its last round.
    """
    return or_(
        *(
            and_(Abonnement.ritme == ritme, Abonnement.gebundeld_tot < dag)
            for ritme, dag in rondes.items()
        )
    )


def take_due_volgers(session: Session, rondes: Mapping[Ritme, date], most: int) -> Sequence[int]:
    """Keys of followers who have a round to come, held until the transaction ends.

    Those that another worker holds are passed over.
    """
    due = exists().where(Abonnement.volger_id == Volger.id, is_due(rondes))
    return session.scalars(
        select(Volger.id)
        .where(due)
        .order_by(Volger.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def find_abonnementen(session: Session, volger_id: int) -> Sequence[Abonnement]:
    """What a follower follows, confirmed, oldest first."""
    return session.scalars(
        select(Abonnement)
        .where(Abonnement.volger_id == volger_id, Abonnement.bevestigd_op.is_not(None))
        .order_by(Abonnement.id)
    ).all()


def get_bij(session: Session, actor: Actor, sleutel: str) -> Bij:
    """The place of a thing (``werkzaamheid-12``), called as the thing is.

    Raises:
        NotFound: if there is no such thing for ``actor``, or it has no place.
    """
    ding, _, key = sleutel.partition("-")
    laag = OP_DING.get(ding)
    if laag is None or not key.isdecimal() or not key.isascii() or len(key) > 9:
        raise NotFound
    columns: tuple[Any, ...] = (laag.punt, laag.kolommen.titel.label("titel"))
    row = session.execute(
        select(*columns).select_from(laag.bron).where(laag.visible_to(actor), laag.id == int(key))
    ).one_or_none()
    if row is None or row[0] is None:
        raise NotFound("Dit staat niet op de kaart. Volg de kern.")
    punt = to_wgs84(row[0])
    return Bij(punt.x, punt.y, naam=row.titel[:NAAM_MAX])


def count_hearers(
    session: Session, activiteit: Activiteit, *, hele: bool, rondes: Mapping[Ritme, datetime]
) -> int:
    """How many followers hear in time that an activity does not happen; one statement.

    That are those who know it, or another time of its series, as going on: see
    ``nieuws.compare``.

    Args:
        hele: in time for the last of its series; else for this one.
        rondes: per rhythm when its next round is.
    """
    times = Activiteit.id == activiteit.id
    if activiteit.reeks_id is not None:
        times = Activiteit.reeks_id == activiteit.reeks_id
    einde: Any = literal(activiteit.eindigt_op)
    if hele:
        einde = select(func.max(Activiteit.eindigt_op)).where(times).scalar_subquery()
    in_time = (and_(Abonnement.ritme == ritme, einde > op) for ritme, op in rondes.items())
    aantal = session.scalar(
        select(func.count(Abonnement.volger_id.distinct()))
        .join(Gemeld, Gemeld.abonnement_id == Abonnement.id)
        .where(
            Gemeld.laag == ACTIVITEITEN.naam,
            Gemeld.ding_id.in_(select(Activiteit.id).where(times)),
            Gemeld.stand["status"].astext.not_in(VAN_DE_BAAN),
            or_(*in_time),
        )
    )
    return aantal or 0
