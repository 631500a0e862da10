"""The whole country at once: from the counted cells of the tiles, never from all things.

As long as the picture is so wide that markers mean nothing, the map shows counts, and the list what
begins soonest there. Closer by, map and list show each thing.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import shapely
from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.geo.columns import RDGeometry
from kernenkaart.geo.crs import to_rd
from kernenkaart.geo.geojson import Kader
from kernenkaart.geo.laag import Laag
from kernenkaart.kaart.queries import Groep, Overzicht, Raster, merge
from kernenkaart.kaart.stijl import KERN_ZOOM
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import Telling, find_dingen
from kernenkaart.tegels.banden import count_during
from kernenkaart.tegels.models import ALLE_SOORTEN, NIVEAUS, PER_TEGEL, TegelCel
from kernenkaart.tijd import now

CEL_PX = 8  # a counted cell on its own level
VAK_PX = 64  # so far apart stand the counts on the map
GROVER = 3  # levels: so much coarser cells are still small enough for a ``VAK_PX``


def is_wijd(keuze: DingFilter, zoom: int) -> bool:
    """Whether a question is about so much at once that only counts make sense."""
    nauw = keuze.kern or keuze.gemeente or keuze.tekst or keuze.plek or keuze.zonder_plek
    return not nauw and zoom < KERN_ZOOM


def find_wijd(
    session: Session,
    actor: Actor,
    keuze: DingFilter,
    *,
    kader: Kader,
    raster: Raster,
    aantal: int,
) -> Overzicht:
    """Counts for the map and, for the list, what begins soonest; three statements.

    Args:
        kader: what is looked at: west, south, east, north in degrees.
        aantal: so many rows at most.
    """
    vak = to_rd(shapely.box(*kader))
    rows = session.execute(_cellen(keuze, vak, raster)).mappings().all()
    groepen = [
        Groep(
            n=row["n"],
            x=row["x"],
            y=row["y"],
            kader=(row["west"], row["zuid"], row["oost"], row["noord"]),
            kern=None,
            ding={},
        )
        for row in rows
    ]
    return Overzicht(
        telling=Telling(sum(groep.n for groep in groepen), 0),
        rijen=_eerste(session, actor, keuze, vak, aantal),
        groepen=merge(groepen, raster),
        vormen=(),
        gekozen=None,
        wijd=True,
    )


def _cellen(keuze: DingFilter, vak: shapely.Geometry, raster: Raster) -> Any:
    niveau = min(max(raster.zoom - GROVER, NIVEAUS[0]), NIVEAUS[-1])
    cel = TegelCel
    n: Any = cel.n
    if keuze.periode.eerste or keuze.periode.laatste:
        n = count_during(cast(keuze.periode.eerste, Date), cast(keuze.periode.laatste, Date))
    x, y = func.ST_X(cel.punt), func.ST_Y(cel.punt)
    samen = max(VAK_PX >> (raster.zoom - niveau), CEL_PX) // CEL_PX
    binnen = bindparam(None, vak, type_=RDGeometry())
    total = cast(func.sum(n), BigInteger)
    counted: Any = (
        select(
            total.label("n"),
            (func.sum(n * x) / total).label("x"),
            (func.sum(n * y) / total).label("y"),
            func.min(x).label("west"),
            func.min(y).label("zuid"),
            func.max(x).label("oost"),
            func.max(y).label("noord"),
        )
        .where(
            cel.z == niveau,
            cel.laag.in_(keuze.lagen or [laag.naam for laag in LAGEN]),
            cel.soort == (keuze.soort or ALLE_SOORTEN),
            func.ST_Intersects(cel.punt, binnen),
        )
        .group_by(
            (cel.tx * PER_TEGEL + cel.cx) // literal_column(str(samen), Integer),
            (cel.ty * PER_TEGEL + cel.cy) // literal_column(str(samen), Integer),
        )
        .having(func.sum(n) > 0)
    )
    return counted


def _eerste(
    session: Session, actor: Actor, keuze: DingFilter, vak: shapely.Geometry, aantal: int
) -> list[dict[str, Any]]:
    """What begins soonest from now on, as rows of ``find_dingen`` with ``n`` and ``groep``."""
    lagen = [laag for laag in LAGEN if not keuze.lagen or laag.naam in keuze.lagen]
    arms = [arm for laag in lagen for arm in _first_of(laag, actor, keuze, vak, aantal)]
    if not arms:
        return []
    found = union_all(*arms).subquery()
    soonest = select(found.c.laag, found.c.id).order_by(found.c.dag, found.c.id).limit(aantal)
    sleutels = tuple((row.laag, row.id) for row in session.execute(soonest))
    dingen = {
        (row["laag"], row["id"]): row
        for row in find_dingen(session, actor, DingFilter(sleutels=sleutels))
    }
    shown = [dingen[sleutel] for sleutel in sleutels if sleutel in dingen]
    return [{**row, "n": n, "groep": "wijd"} for n, row in enumerate(shown, 1)]


def _first_of(
    laag: Laag, actor: Actor, keuze: DingFilter, vak: shapely.Geometry, aantal: int
) -> Iterable[Select[Any]]:
    """The first things of a layer by its own index on days; a layer without days has none."""
    veld = laag.velden.get("begintOp") or laag.velden.get("eersteDag")
    if veld is None:
        return
    nu = now()
    begint: Any = veld.kolom
    vanaf = max(keuze.periode.eerste or nu.date(), nu.date())
    grenzen = [begint >= (nu if laag.velden.get("begintOp") else vanaf)]
    if keuze.periode.laatste:
        grenzen.append(laag.tijdens(replace(keuze.periode, eerste=vanaf)))
    if keuze.soort:
        grenzen.append(laag.soort == keuze.soort)
    rows = (
        select(laag.id.label("id"), cast(begint, Date).label("dag"))
        .select_from(laag.bron)
        .where(
            laag.visible_to(actor),
            laag.geom.bool_op("&&")(bindparam(None, vak, type_=RDGeometry())),
            and_(*grenzen),
        )
        .order_by(begint)
        .limit(aantal)
        .subquery()
    )
    yield select(literal(laag.naam).label("laag"), rows.c.id, rows.c.dag)
