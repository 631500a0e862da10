"""Which websites may show us in a frame, and what they show."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER
from kernenkaart.kernen.models import Kern
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lagen.queries import find_dingen
from kernenkaart.platforms.models import Platform
from kernenkaart.platforms.policy import visible_to
from kernenkaart.tijd import Periode

GROF_M = 25.0  # a small picture needs no more


def find_websites(session: Session, kern: Kern | None = None) -> list[str]:
    """The origins (``https://dorp.example``) of the websites of groups that everybody may see.

    Args:
        kern: only of groups that are active there; None is all.
    """
    public = select(Platform.website).where(
        Platform.website.is_not(None), Platform.actief, visible_to(BEZOEKER)
    )
    found = session.scalars(public.where(Platform.kernen.contains(kern)) if kern else public)
    return sorted({origin for website in found if (origin := origin_of(website or ""))})


def origin_of(website: str) -> str:
    """Scheme and host of an address, as a policy names them; empty when it has none to name."""
    try:
        parts = urlsplit(website)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return ""
    plain = host.replace(".", "").replace("-", "")
    if parts.scheme not in ("http", "https") or not plain.isalnum():
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def find_eerste(
    session: Session, kern: Kern, lagen: Sequence[str], periode: Periode, aantal: int
) -> Sequence[RowMapping]:
    """What begins soonest in a kern, as everybody may see it; rows of ``find_dingen``."""
    keuze = DingFilter(kern=kern.slug, lagen=tuple(lagen), periode=periode)
    return find_dingen(session, BEZOEKER, keuze, limiet=aantal)


def get_omtrek(session: Session, kern: Kern) -> dict[str, Any]:
    """The outline of a kern as an SVG path in RD, north up, with its frame in metres.

    Returns:
        ``pad``, and ``west``, ``noord``, ``breed`` and ``hoog`` of the frame.
    """
    grof = func.ST_SimplifyPreserveTopology(Kern.grens, GROF_M)
    row = session.execute(
        select(
            func.ST_AsSVG(grof, 0, 0).label("pad"),
            func.ST_XMin(Kern.grens).label("west"),
            func.ST_YMax(Kern.grens).label("noord"),
            (func.ST_XMax(Kern.grens) - func.ST_XMin(Kern.grens)).label("breed"),
            (func.ST_YMax(Kern.grens) - func.ST_YMin(Kern.grens)).label("hoog"),
        ).where(Kern.id == kern.id)
    ).one()
    return dict(row._mapping)
