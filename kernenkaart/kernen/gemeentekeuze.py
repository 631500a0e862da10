"""In which gemeente a kern from a file belongs: as told, as the file says, or by where it lies."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.kernen.grenzen import Kandidaat, group, kept
from kernenkaart.kernen.models import Gemeente


def place_in_one(
    session: Session, kandidaten: Sequence[Kandidaat], gemeente: str, naam: str
) -> list[str]:
    """Put all features in ``gemeente``; refuse those of others when the file itself names it.

    Args:
        naam: its name, by which a file may call it; the stored name counts too.

    Returns:
        What one should know, as sentences.
    """
    stored = session.scalar(select(Gemeente.naam).where(Gemeente.code == gemeente))
    names = {text.casefold() for text in (naam, stored) if text}
    for one in kandidaten:
        if one.gemeente is None and one.gemeente_naam.casefold() in names:
            one.gemeente = gemeente
    named = {label for one in kandidaten if (label := _label(one))}
    remarks = []
    if named and gemeente not in named:
        remarks.append(
            f"Het bestand noemt andere gemeenten; alles is gelezen als {gemeente}. "
            f"Volgens het bestand: {_odd_ones_first(kandidaten)}."
        )
    for one in kandidaten:
        if gemeente in named and one.gemeente != gemeente:
            one.refuse(f"hoort volgens het bestand bij {_label(one) or 'geen gemeente'}")
        if gemeente not in named:
            one.gemeente_naam = ""
        one.gemeente = gemeente
    return remarks


def place_in_gemeenten(session: Session, kandidaten: Sequence[Kandidaat]) -> None:
    """Give features without a code the stored gemeente of that name, else the one they lie in.

    A feature lies where the largest part of it is; what lies in none is refused.

    Raises:
        Invalid: if the file names no gemeente and no boundary of one is stored.
    """
    rows = session.execute(select(Gemeente.code, Gemeente.naam, Gemeente.grens)).all()
    bounded = [(code, grens) for code, _, grens in rows if grens is not None]
    if not bounded and not any(_label(one) for one in kandidaten):
        raise Invalid(
            "Geen kolom met de CBS-code van de gemeente herkend (zoals gm_code). Geef --gemeente, "
            "of lees eerst de gemeentegrenzen in met flask gemeenten importeer."
        )
    codes = {naam.casefold(): code for code, naam, _ in rows}
    shapes = np.array([grens for _, grens in bounded], dtype=object)
    tree = shapely.STRtree(shapes)
    for one in kept(kandidaten):
        one.gemeente = one.gemeente or codes.get(one.gemeente_naam.casefold())
        if one.gemeente is None and len(found := tree.query(one.grens, "intersects")):
            shares = shapely.area(shapely.intersection(shapes[found], one.grens))
            one.gemeente = bounded[found[shares.argmax()]][0]
            one.opmerkingen.append(f"naar ligging bij {one.gemeente} gezet")
        if one.gemeente is None:
            one.refuse(f"noemt een onbekende gemeente: {one.gemeente_naam or 'geen'}")


def _label(one: Kandidaat) -> str:
    """What the file calls the gemeente of a feature; empty when it says nothing."""
    return one.gemeente or one.gemeente_naam


def _odd_ones_first(kandidaten: Iterable[Kandidaat]) -> str:
    """Which gemeente the file names for which kernen, fewest first."""
    groups = group(kandidaten, _label)
    parts = [
        f"{label or 'geen gemeente'} bij {rows[0].naam if len(rows) == 1 else len(rows)}"
        for label, rows in sorted(groups.items(), key=lambda item: len(item[1]))
    ]
    return ", ".join(parts[:5]) + (" …" if len(parts) > 5 else "")
