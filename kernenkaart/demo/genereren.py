"""Much made-up content at once: a municipality (S) or the whole country (L). The caller commits.

Rows come from dice (``strooien``), go in by COPY, and get their kernen in one statement per batch
instead of a trigger per row; the answers are those of the triggers, for both ask ``kern_aandelen``.
It needs the owning role, and leaves no trace in the journaal: nobody did these things.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.demo.bron import Blok, read
from kernenkaart.demo.eigenaren import add_eigenaren, add_kernen
from kernenkaart.demo.laden import LAGEN, drop_piles, load, prepare
from kernenkaart.demo.landelijk import inwoners, make_kernen
from kernenkaart.demo.merk import CODE, CONTACT, is_made
from kernenkaart.demo.strooien import (
    Bron,
    throw_activiteiten,
    throw_initiatieven,
    throw_werkzaamheden,
)
from kernenkaart.errors import Invalid
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform
from kernenkaart.tegels.services import rebuild

# what each row would set off; all of it is done here at once, or is about people
STILLE_TRIGGERS = (
    *("journaal", "kern_kiezen", "kern_koppelen", "grens_nieuw"),
    *("tegel_vuil_insert", "tegel_vuil_update", "tegel_vuil_delete", "tegel_kern"),
    "afstem_merk",
)
PARTIJEN = ("gemeente", "kern", "platform", "platform_kern", "organisatie")

Meld = Callable[[str, int], None]


@dataclass(frozen=True)
class Maat:
    """How much to make; ``kernen`` counts those that are there already."""

    kernen: int
    activiteiten: int
    werkzaamheden: int
    initiatieven: int

    @property
    def rijen(self) -> int:
        """All rows together, without the kernen."""
        return self.activiteiten + self.werkzaamheden + self.initiatieven


MATEN = {
    "S": Maat(kernen=0, activiteiten=5_000, werkzaamheden=2_000, initiatieven=2_000),
    "L": Maat(kernen=2_500, activiteiten=1_000_000, werkzaamheden=300_000, initiatieven=300_000),
}


def generate(session: Session, maat: Maat, *, zaad: int, vandaag: date, meld: Meld) -> None:
    """Make what ``maat`` says round the kernen in the database, in place of what was made before.

    The same ``zaad``, day and kernen give the same rows. Nothing else is touched: made-up kernen
    lie only where no kern, gemeente or thing of anyone lies.

    Args:
        meld: told after each batch: name of the layer, and how many rows it was.

    Raises:
        Invalid: if there is no kern to make things for, or something of somebody's own hangs on
            what was made before.
    """
    worp = np.random.default_rng(zaad)
    with _quiet(session):
        _remove(session)
        eigen = session.scalars(select(Kern).order_by(Kern.gemeente_id, Kern.code)).all()
        nieuw = make_kernen(maat.kernen - len(eigen), _taken(session), worp)
        kernen = [*eigen, *add_kernen(session, nieuw)]
        if not kernen:
            raise Invalid("Lees eerst de kernen in: flask kernen importeer geodata/kernen.geojson.")
        eigenaren = add_eigenaren(session, kernen)
        bron = _bron(kernen, worp)
        kern_ids = [kern.id for kern in kernen]
        prepare(session, kernen, eigenaren)
        for laag, teksten, throw in (
            ("activiteiten", _regels(), throw_activiteiten),
            ("werkzaamheden", read("werkzaamheden")["soorten"], throw_werkzaamheden),
            ("initiatieven", read("initiatieven")["ideeen"], throw_initiatieven),
        ):
            rijen = throw(bron, teksten, getattr(maat, laag), vandaag, worp)
            load(
                session, laag, rijen, teksten, eigenaren,
                kern_ids=kern_ids, vandaag=vandaag, meld=meld,
            )  # fmt: skip
        drop_piles(session)
    _count_tiles(session)
    session.execute(text(f"ANALYZE {', '.join(_tabellen())}"))


def remove_generated(session: Session) -> bool:
    """Remove what ``generate`` made; whether there was anything.

    Raises:
        Invalid: if something of somebody's own hangs on it.
    """
    with _quiet(session):
        was = _remove(session)
    if was:
        _count_tiles(session)
    return was


def _count_tiles(session: Session) -> None:
    """What tiles are made from, all at once: a note for each row would be counted again anyway."""
    for _laag in rebuild(session):
        pass


def tidy(owner: Engine) -> None:
    """Give the space of replaced rows back, after the commit; it cannot be part of it."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tegels = ("tegel_cel", "tegel_kern", "tegel_vuil")
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join((*_tabellen(), *tegels))}"))


def _tabellen() -> tuple[str, ...]:
    return (*PARTIJEN, *LAGEN.values(), *(f"{tabel}_kern" for tabel in LAGEN.values()))


@contextmanager
def _quiet(session: Session) -> Iterator[None]:
    """Without the triggers per row; nobody else writes to these tables until the commit."""
    found = session.execute(
        text(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgname = ANY(:namen) AND tgrelid::regclass::text = ANY(:tabellen)"
        ),
        {"namen": list(STILLE_TRIGGERS), "tabellen": list(_tabellen())},
    ).all()
    session.execute(text(f"LOCK TABLE {', '.join(_tabellen())} IN SHARE ROW EXCLUSIVE MODE"))
    for tabel, trigger in found:
        session.execute(text(f"ALTER TABLE {tabel} DISABLE TRIGGER {trigger}"))
    yield
    for tabel, trigger in found:
        session.execute(text(f"ALTER TABLE {tabel} ENABLE TRIGGER {trigger}"))


VAN_ONS = {
    "activiteit": "demo AND platform_id IN (SELECT id FROM platform WHERE contact_email = :merk)",
    "initiatief": "demo AND platform_id IN (SELECT id FROM platform WHERE contact_email = :merk)",
    "werkzaamheid": (
        "demo AND organisatie_id IN (SELECT id FROM organisatie WHERE contact_email = :merk)"
    ),
}


def _remove(session: Session) -> bool:
    wat = {"merk": CONTACT, "code": f"{CODE}%"}
    weg = "SELECT id FROM {} WHERE {}"
    was = session.scalar(select(Platform.id).where(is_made(Platform)).limit(1)) is not None
    try:
        for laag, tabel in LAGEN.items():
            ids = weg.format(tabel, VAN_ONS[tabel])
            for statement in (
                f"DELETE FROM wijzigingsverzoek WHERE laag = '{laag}' AND ding_id IN ({ids})",
                f"DELETE FROM {tabel}_kern WHERE {tabel}_id IN ({ids})",
                f"DELETE FROM {tabel} WHERE {VAN_ONS[tabel]}",
            ):
                session.execute(text(statement), wat)
        gemeenten = weg.format("gemeente", "code LIKE :code")
        for statement in (
            "DELETE FROM platform WHERE demo AND contact_email = :merk",
            "DELETE FROM organisatie WHERE demo AND contact_email = :merk",
            f"DELETE FROM kern WHERE gemeente_id IN ({gemeenten})",
            "DELETE FROM gemeente WHERE code LIKE :code",
        ):
            session.execute(text(statement), wat)
    except IntegrityError as error:
        tabel = getattr(getattr(error.orig, "diag", None), "table_name", "?")
        raise Invalid(
            "Er hangt iets van jezelf aan wat eerder gegenereerd is (tabel "
            f"{tabel}). Haal dat eerst weg of geef het een andere kern of eigenaar."
        ) from error
    session.expire_all()
    return was


def _taken(session: Session) -> BaseGeometry:
    """Where made-up kernen may not lie: kernen, gemeenten, and things outside them."""
    buiten = " UNION ALL ".join(
        f"SELECT geom FROM {tabel} t WHERE NOT EXISTS "
        "(SELECT 1 FROM kern k WHERE ST_Covers(k.grens, t.geom))"
        for tabel in ("activiteit", "werkzaamheid", "project", "initiatief")
    )
    wkb = session.scalar(
        text(
            "SELECT ST_AsBinary(ST_Buffer(ST_Union(g), 2)) FROM (SELECT grens AS g FROM kern "
            f"UNION ALL SELECT grens FROM gemeente UNION ALL {buiten}) alles"
        )
    )
    return shapely.from_wkb(wkb) if wkb else shapely.Polygon()


def _bron(kernen: Sequence[Kern], worp: np.random.Generator) -> Bron:
    return Bron(
        xy=np.array([(kern.hart.x, kern.hart.y) for kern in kernen]),
        oppervlak_m2=np.array([kern.grens.area for kern in kernen]),
        inwoners=inwoners(len(kernen), worp),
    )


def _regels() -> list[Blok]:
    """The rules of activities that any kern may follow, one for each subject."""
    return [
        regel | {"titel": f"Dorpstafel: {onderwerp}"} if onderwerp else regel
        for regel in read("activiteiten")["regels"]
        if "kernen" not in regel
        for onderwerp in regel.get("onderwerpen", [None])
    ]
