"""What the groups of a platformlid posted: coming, still a concept, past."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor
from kernenkaart.initiatieven.models import Initiatief
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import dingen_of, vaak_of
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import Periode
from kernenkaart.web.dingen import Rij, to_rij

GEWEEST_DAGEN = 90
GROEPEN = ("concept", "komt", "initiatief", "geweest")


@dataclass(frozen=True)
class Eigen:
    """One own entry: its row, and whether it may still be changed."""

    rij: Rij
    status: str


def find_eigen(session: Session, actor: Actor, vandaag: date) -> Mapping[str, list[Eigen]]:
    """The own entries by group of ``GROEPEN``; one statement.

    Concepts first, what comes by day, what is past of the last 90 days (latest first).
    """
    found: dict[str, list[Eigen]] = {naam: [] for naam in GROEPEN}
    if not actor.platform_ids:
        return found
    mijn = sorted(actor.platform_ids)
    dingen = dingen_of(
        actor,
        DingFilter(
            lagen=("activiteiten", "initiatieven"),
            periode=Periode(vandaag - timedelta(days=GEWEEST_DAGEN)),
        ),
    )
    c = dingen.c
    begin = Periode(vandaag).begin
    groep = case(
        (c.status == "concept", "concept"),
        (c.ding == "initiatief", "initiatief"),
        (c.eindigt_op <= begin, "geweest"),
        else_="komt",
    )
    rows = session.execute(
        select(
            *(k for k in c if k.key not in {"punt", "geom", "hart"}),
            groep.label("groep"),
            vaak_of(dingen),
        )
        .where(
            or_(
                (c.ding == "activiteit")
                & c.id.in_(select(Activiteit.id).where(Activiteit.platform_id.in_(mijn))),
                (c.ding == "initiatief")
                & c.id.in_(select(Initiatief.id).where(Initiatief.platform_id.in_(mijn))),
            ),
            c.status != "ingetrokken",
        )
        .order_by(c.begint_op, c.titel, c.id)
    ).mappings()
    for row in rows:
        found[row["groep"]].append(Eigen(to_rij(dict(row), vandaag), row["status"]))
    found["geweest"].reverse()
    return found


def find_mijn_platforms(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The active groups one speaks for, as key and name, by name."""
    if not actor.platform_ids:
        return []
    rows = session.execute(
        select(Platform.id, Platform.naam)
        .where(Platform.id.in_(sorted(actor.platform_ids)), Platform.actief)
        .order_by(Platform.naam)
    )
    return [(row.id, row.naam) for row in rows]
