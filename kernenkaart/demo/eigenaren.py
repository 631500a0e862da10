"""Made-up kernen as rows, and in whose name the generated things are posted."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon, union_all
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.demo.bron import read
from kernenkaart.demo.landelijk import NieuweKern
from kernenkaart.demo.merk import ACHTER, CODE, CONTACT
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.kernen.namen import Slugs
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort
from kernenkaart.platforms.models import Platform, PlatformSoort


@dataclass(frozen=True)
class Eigenaren:
    """Keys of who posts.

    Attributes:
        platform: of each kern.
        gemeente: the organisation of each gemeente.
        overig: the organisations that work everywhere, by their key in ``wie.toml``.
    """

    platform: dict[int, int]
    gemeente: dict[int, int]
    overig: dict[str, int]


def add_kernen(session: Session, nieuw: Sequence[NieuweKern]) -> list[Kern]:
    """Put made-up kernen in the database, in gemeenten whose code begins with ``DEMO``."""
    leden: dict[int, list[NieuweKern]] = {}
    for kern in nieuw:
        leden.setdefault(kern.gemeente, []).append(kern)
    slugs = Slugs(session.scalars(select(Kern.slug)))
    gemaakt = []
    for nummer, groep in enumerate(leden.values(), start=1):
        naam, code = groep[0].naam, f"{CODE}{nummer:04d}"
        gemeente = Gemeente(code=code, naam=naam, grens=_whole(groep))
        gemaakt += [
            Kern(
                gemeente=gemeente,
                code=f"{code}-{volgnummer:03d}",
                naam=kern.naam,
                slug=slugs.take(kern.naam, naam, code),
                grens=kern.grens,
                hart=kern.hart,
            )
            for volgnummer, kern in enumerate(groep, start=1)
        ]
    session.add_all(gemaakt)
    session.flush()
    return gemaakt


def add_eigenaren(session: Session, kernen: Sequence[Kern]) -> Eigenaren:
    """A platform for each kern, an organisation for each gemeente, and some for everywhere."""
    dorpsraad = session.scalars(
        select(PlatformSoort.id).order_by(PlatformSoort.volgorde).limit(1)
    ).one()
    soorten = {soort.code: soort.id for soort in session.scalars(select(OrganisatieSoort))}
    soort_anders = soorten.get("anders", next(iter(soorten.values())))
    platforms = {
        kern.id: Platform(
            soort_id=dorpsraad,
            naam=f"Inwoners van {kern.naam}, {kern.gemeente.naam} {ACHTER}",
            contact_email=CONTACT,
            demo=True,
            kernen=[kern],
        )
        for kern in kernen
    }

    def organisatie(naam: str, soort: str) -> Organisatie:
        return Organisatie(
            soort_id=soorten.get(soort, soort_anders),
            naam=f"{naam} {ACHTER}",
            contact_email=CONTACT,
            demo=True,
        )

    gemeenten = {kern.gemeente_id: kern.gemeente for kern in kernen}
    van_gemeente = {
        gemeente.id: organisatie(f"Gemeente {gemeente.naam}", "gemeente")
        for gemeente in gemeenten.values()
    }
    overig = {
        blok["sleutel"]: organisatie(blok["naam"], blok["soort"])
        for blok in read("wie")["organisaties"]
        if blok["sleutel"] != "gemeente"
    }
    session.add_all([*platforms.values(), *van_gemeente.values(), *overig.values()])
    session.flush()
    return Eigenaren(
        platform={kern_id: platform.id for kern_id, platform in platforms.items()},
        gemeente={gemeente_id: org.id for gemeente_id, org in van_gemeente.items()},
        overig={sleutel: org.id for sleutel, org in overig.items()},
    )


def _whole(groep: Sequence[NieuweKern]) -> MultiPolygon:
    return MultiPolygon(shapely.get_parts(union_all([kern.grens for kern in groep])).tolist())
