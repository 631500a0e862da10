"""What a beheerder looks at."""

from collections.abc import Sequence

from sqlalchemy import Row, func, literal, select, union_all
from sqlalchemy.orm import Session

from kernenkaart.kernen.models import Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform, PlatformRelatie, RelatieSoort
from kernenkaart.toegang.models import Gebruiker


def count_all(session: Session) -> dict[str, int]:
    """How many kernen, accounts, groups and organisations there are; one statement."""
    parts = [
        select(literal(naam).label("naam"), func.count().label("n")).select_from(model)
        for naam, model in (
            ("kernen", Kern),
            ("gebruikers", Gebruiker),
            ("platforms", Platform),
            ("organisaties", Organisatie),
        )
    ]
    return {row.naam: row.n for row in session.execute(union_all(*parts))}


def find_relaties(session: Session, platform: Platform) -> Sequence[Row[RelatieSoort, int, str]]:
    """The relations of a group to others: ``soort``, ``naar_id`` and ``naam`` of the other."""
    return session.execute(
        select(PlatformRelatie.soort, PlatformRelatie.naar_id, Platform.naam)
        .join(Platform, Platform.id == PlatformRelatie.naar_id)
        .where(PlatformRelatie.van_id == platform.id)
        .order_by(Platform.naam)
    ).all()
