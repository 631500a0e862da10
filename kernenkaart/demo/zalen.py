"""One dorpshuis in each kern, and for whom the activities of the demo are."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Doelgroep
from kernenkaart.demo.bron import dice, read
from kernenkaart.demo.dorp import PLEKKEN, Dorp
from kernenkaart.zalen.models import Zaal

NAMEN = (
    "De Linde", "De Griend", "De Schakel", "Het Anker", "De Waard", "De Korenbloem", "De Brink",
    "Het Hof", "De Kersentuin", "De Poort", "De Meent", "De Wiel", "De Bongerd", "De Veldschuur",
    "De Kade", "De Populier", "De Ooievaar", "De Smidse", "De Wilg", "De Klok", "De Sluis",
    "De Hoek", "De Uiterwaard", "De Notenboom", "De Stroom", "De Horst",
)  # fmt: skip


def add_zalen(session: Session, dorpen: dict[str, Dorp]) -> dict[int, Zaal]:
    """A dorpshuis for each kern, by key of the kern; not yet flushed."""
    namen = dice("zalen").sample(NAMEN, len(NAMEN))
    zalen = {
        dorp.kern.id: Zaal(
            kern_id=dorp.kern.id,
            naam=f"Dorpshuis {namen[nummer % len(namen)]}",
            adres=f"Dorpsstraat {dice('zaal', slug).randint(2, 90)}",
            geom=dorp.plekken["dorpshuis"],
            demo=True,
        )
        for nummer, (slug, dorp) in enumerate(sorted(dorpen.items()))
    }
    session.add_all(zalen.values())
    return zalen


def complete(session: Session, dingen: Iterable[Activiteit], zalen: dict[int, Zaal]) -> None:
    """Say of what is near a dorpshuis that it is in that hall, and for whom things are."""
    groepen = {row.code: row.id for row in session.execute(select(Doelgroep.code, Doelgroep.id))}
    voor = {
        titel: groepen[code]
        for code, titels in read("activiteiten")["voor"].items()
        for titel in titels
    }
    for ding in dingen:
        begin = (groep for titel, groep in voor.items() if ding.titel.startswith(titel))
        ding.doelgroep_id = next(begin, None)
        zaal = zalen.get(ding.kern_id or 0)
        if zaal is not None and ding.plek_naam == PLEKKEN["dorpshuis"]:
            ding.zaal, ding.plek_naam = zaal, zaal.naam
