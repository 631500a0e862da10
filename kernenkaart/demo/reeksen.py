"""What comes back in the demo: series by the rules in ``reeksen.toml``, and their times."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks
from kernenkaart.activiteiten.reeks_tijden import days_of, horizon, make_times, status_of
from kernenkaart.activiteiten.regel import Regel
from kernenkaart.demo.bron import Blok, dice, read
from kernenkaart.demo.dorp import PLEKKEN, Dorp
from kernenkaart.demo.wie import Groepen
from kernenkaart.zalen.models import Zaal


def add_reeksen(
    session: Session,
    dorpen: dict[str, Dorp],
    groepen: Groepen,
    soorten: dict[str, int],
    *,
    zalen: dict[int, Zaal],
    vandaag: date,
) -> list[Activiteit]:
    """Put the series of the demo and all their times in the session.

    Args:
        soorten: key of each kind by its code.
        zalen: the dorpshuis of each kern, by key of the kern.

    Returns:
        The times.
    """
    reeksen = [
        _make(blok, dorpen[slug], groepen, soorten, vandaag)
        for blok in read("reeksen")["reeksen"]
        for slug in blok["kernen"]
        if slug in dorpen
    ]
    for reeks in reeksen:
        zaal = zalen.get(reeks.kern_id or 0)
        if zaal is not None and reeks.plek_naam == PLEKKEN["dorpshuis"]:
            reeks.zaal_id, reeks.plek_naam, reeks.geom = zaal.id, zaal.naam, zaal.geom
    session.add_all(reeksen)
    session.flush()
    keren = [
        keer for reeks in reeksen for keer in make_times(reeks, days_of(reeks), status_of(reeks))
    ]
    session.add_all(keren)
    session.flush()
    return keren


def _make(
    blok: Blok, dorp: Dorp, groepen: Groepen, soorten: dict[str, int], vandaag: date
) -> Reeks:
    kern = dorp.kern
    platform = groepen.get((blok["wie"], kern.slug)) or groepen["raad", kern.slug]
    vanaf = vandaag + timedelta(days=blok["over"])
    regel = blok["regel"].format(maand=vanaf.month, dag=vanaf.day)
    eerste_dag = Regel.parse(regel).first_day(vanaf)
    return Reeks(
        platform_id=platform.id,
        soort_id=soorten[blok["soort"]],
        gemeente_id=kern.gemeente_id,
        kern_id=kern.id,
        titel=blok["titel"].format(kern=kern.naam),
        omschrijving=blok["omschrijving"],
        regel=regel,
        eerste_dag=eerste_dag or vanaf,
        van=blok.get("van"),
        tot=blok.get("tot"),
        nachten=blok.get("dagen", 1) - 1,
        bevestigen=blok.get("bevestigen", False),
        uitgewerkt_tot=horizon(vandaag),
        geom=dorp.near(dice("reeks", blok["titel"], kern.slug), blok["plek"]),
        plek_naam=PLEKKEN[blok["plek"]],
        demo=True,
    )
