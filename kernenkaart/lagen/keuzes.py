"""What a filter offers to choose from: kernen and kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from sqlalchemy import Text, cast, func, literal_column, select, true, union_all
from sqlalchemy.orm import Session

from kernenkaart.db import Model
from kernenkaart.geo.geojson import Kader, to_kader, to_lonlat
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.lagen import LAGEN


@dataclass(frozen=True)
class Keuzes:
    """What one can choose from.

    Attributes:
        kernen: slug, name and frame (west, south, east, north, degrees), by name.
        harten: per slug ``[lon, lat]`` of its heart.
        soorten: per name of a layer: code and name of its kinds.
        kader: frame of the whole gemeente; None without kernen.
    """

    kernen: Sequence[tuple[str, str, Kader]]
    soorten: Mapping[str, Sequence[tuple[str, str]]]
    kader: Kader | None
    harten: Mapping[str, Sequence[float]] = field(default_factory=dict)


def find_keuzes(session: Session, gemeente: str | None) -> Keuzes:
    """The kernen of a gemeente (CBS code; None is all) and the kinds in use; two statements."""
    rows = session.execute(
        select(Kern.slug, Kern.naam, func.ST_AsBinary(func.ST_Envelope(Kern.grens)), Kern.hart)
        .join(Gemeente)
        .where(Gemeente.code == gemeente if gemeente else true())
        .order_by(Kern.naam)
    ).all()
    vakken = [shapely.from_wkb(bytes(row[2])) for row in rows]
    soorten: dict[str, list[tuple[str, str]]] = {laag.naam: [] for laag in LAGEN}
    tabellen = [
        select(
            literal_column(f"'{laag.naam}'").label("laag"),
            soort.c.code,
            cast(soort.c.naam, Text).label("naam"),
            soort.c.volgorde,
        ).where(soort.c.actief)
        for laag in LAGEN
        for soort in [Model.metadata.tables[f"{laag.ding}_soort"]]
    ]
    alle = union_all(*tabellen).subquery()
    for laag, code, naam in session.execute(
        select(alle.c.laag, alle.c.code, alle.c.naam).order_by(alle.c.volgorde, alle.c.naam)
    ):
        soorten[laag].append((code, naam))
    return Keuzes(
        kernen=[(row[0], row[1], to_kader(vak)) for row, vak in zip(rows, vakken, strict=True)],
        soorten=soorten,
        kader=to_kader(shapely.GeometryCollection(vakken)) if vakken else None,
        harten={row.slug: to_lonlat(row.hart) for row in rows},
    )
