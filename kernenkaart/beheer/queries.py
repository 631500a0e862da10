"""What a beheerder looks at."""

from collections.abc import Sequence

from sqlalchemy import Row, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session, selectinload

from kernenkaart.kernen.models import Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform, PlatformRelatie, RelatieSoort
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.zalen.models import Zaal


def count_all(session: Session) -> dict[str, int]:
    """How many kernen, accounts, groups, organisations and halls there are; one statement."""
    parts = [
        select(literal(naam).label("naam"), func.count().label("n")).select_from(model)
        for naam, model in (
            ("kernen", Kern),
            ("gebruikers", Gebruiker),
            ("platforms", Platform),
            ("organisaties", Organisatie),
            ("zalen", Zaal),
        )
    ]
    return {row.naam: row.n for row in session.execute(union_all(*parts))}


def find_groepen(
    session: Session, *, tekst: str = "", kern_id: int | None = None, limiet: int
) -> tuple[Sequence[Platform], int]:
    """The groups with ``tekst`` in their name, in one kern or all, by name; also those hidden.

    Returns:
        The first ``limiet`` with their kernen, and how many there are in all; three statements.
    """
    where = [Platform.naam.icontains(tekst, autoescape=True)] if tekst else []
    if kern_id is not None:
        where.append(Platform.kernen.any(Kern.id == kern_id))
    rows = session.scalars(
        select(Platform)
        .where(*where)
        .order_by(Platform.naam)
        .limit(limiet)
        .options(selectinload(Platform.kernen).load_only(Kern.naam))
    ).all()
    return rows, session.scalar(select(func.count()).select_from(Platform).where(*where)) or 0


def find_gebruikers(
    session: Session, *, tekst: str = "", limiet: int
) -> tuple[Sequence[Gebruiker], int]:
    """The accounts with ``tekst`` in name or e-mail, by name.

    Returns:
        The first ``limiet``, and how many there are in all; two statements.
    """
    where = (
        or_(
            Gebruiker.naam.icontains(tekst, autoescape=True),
            Gebruiker.email.icontains(tekst, autoescape=True),
        )
        if tekst
        else true()
    )
    rows = session.scalars(
        select(Gebruiker).where(where).order_by(Gebruiker.naam).limit(limiet)
    ).all()
    return rows, session.scalar(select(func.count()).select_from(Gebruiker).where(where)) or 0


def find_kernen(session: Session) -> list[tuple[int, str]]:
    """Key and name of every kern, by name."""
    rows = session.execute(select(Kern.id, Kern.naam).order_by(Kern.naam))
    return [(row.id, row.naam) for row in rows]


def find_groepen_per_kern(session: Session) -> list[tuple[str, int, str]]:
    """Every group under the name of its kern: heading, key and name, by heading.

    What is active in several kernen, or in none, stands under a heading of its own, at the end.
    """
    kern = case((func.count(Kern.id) == 1, func.min(Kern.naam)))
    rows = session.execute(
        select(Platform.id, Platform.naam, kern.label("kern"), func.count(Kern.id).label("n"))
        .outerjoin(Platform.kernen)
        .group_by(Platform.id)
        .order_by(kern.nulls_last(), func.count(Kern.id) == 0, Platform.naam)
    )
    return [
        (row.kern or ("Meer kernen" if row.n else "Zonder kern"), row.id, row.naam) for row in rows
    ]


def find_relaties(session: Session, platform: Platform) -> Sequence[Row[RelatieSoort, int, str]]:
    """The relations of a group to others: ``soort``, ``naar_id`` and ``naam`` of the other."""
    return session.execute(
        select(PlatformRelatie.soort, PlatformRelatie.naar_id, Platform.naam)
        .join(Platform, Platform.id == PlatformRelatie.naar_id)
        .where(PlatformRelatie.van_id == platform.id)
        .order_by(Platform.naam)
    ).all()
