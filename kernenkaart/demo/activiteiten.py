"""The year of every kern: activities that follow from the rules in ``activiteiten.toml``."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.demo.bron import Blok, dice, read
from kernenkaart.demo.dorp import PLEKKEN, Dorp
from kernenkaart.demo.kalender import days_of
from kernenkaart.demo.wie import Groepen
from kernenkaart.tijd import at

TERUG_DAGEN = 45
VOORUIT_DAGEN = 365
GROOT = {"geldermalsen": 1.5, "beesd": 1.25, "asperen": 1.25, "tricht": 1.25, "meteren": 1.2}
DRUK = 0.72  # how busy the year is: some 350 activities in all
LEEG = "heesselt"  # a kern where nothing happens yet: the page must have an answer to that


def make_activiteiten(
    dorpen: dict[str, Dorp], groepen: Groepen, soorten: dict[str, int], vandaag: date
) -> list[Activiteit]:
    """All activities, not yet in a session.

    Args:
        soorten: key of each kind by its code.
    """
    make = partial(_make, groepen=groepen, soorten=soorten)
    gemaakt = []
    for blok in read("activiteiten")["vast"]:
        if blok["kern"] in dorpen:
            dag = vandaag + timedelta(days=blok["over"])
            dag += timedelta(days=(blok.get("weekdag", dag.isoweekday()) - dag.isoweekday()) % 7)
            gemaakt.append(make(blok, dorpen[blok["kern"]], dag, dice("vast", blok["titel"])))
    for regel in read("activiteiten")["regels"]:
        for dorp in _takes_part(regel, dorpen, vandaag):
            worp = dice("activiteit", regel["titel"], dorp.kern.slug)
            for nummer, dag in enumerate(_days(regel, worp, vandaag)):
                ding = make(regel, dorp, dag, worp)
                if "onderwerpen" in regel:
                    ding.titel = f"Dorpstafel: {worp.choice(regel['onderwerpen'])}"
                if worp.random() < 0.06:  # planned, but nobody knows where yet
                    ding.geom = ding.plek_naam = None
                if dag > vandaag and worp.random() < 0.025 and nummer == 0:
                    ding.status = Status.AFGELAST
                    ding.reden = "Er zijn te weinig vrijwilligers."
                gemaakt.append(ding)
    return gemaakt


def _takes_part(regel: Blok, dorpen: dict[str, Dorp], vandaag: date) -> Iterator[Dorp]:
    if "kernen" in regel:
        yield from (dorpen[slug] for slug in regel["kernen"] if slug in dorpen)
        return
    levend = [dorp for slug, dorp in dorpen.items() if slug != LEEG]
    if "kernen_beurt" in regel:  # in turn: a few each year
        yield from dice("beurt", vandaag.year).sample(levend, min(len(levend), 4))
        return
    for dorp in levend:
        kans = DRUK * regel["kans"] * GROOT.get(dorp.kern.slug, 1.0)
        if dice("kans", regel["titel"], dorp.kern.slug).random() < kans:
            yield dorp


def _days(regel: Blok, worp: Random, vandaag: date) -> Iterator[date]:
    later = timedelta(weeks=worp.randint(0, regel.get("schuif", 0)))
    eerste = vandaag - timedelta(days=TERUG_DAGEN)
    laatste = vandaag + timedelta(days=VOORUIT_DAGEN)
    for dag in days_of(regel, eerste - later, laatste - later):
        if "kernen_beurt" not in regel or worp.random() < 1 / regel["kernen_beurt"]:
            yield dag + later


def _make(
    blok: Blok, dorp: Dorp, dag: date, worp: Random, *, groepen: Groepen, soorten: dict[str, int]
) -> Activiteit:
    kern = dorp.kern
    platform = groepen.get((blok["wie"], kern.slug)) or groepen["raad", kern.slug]
    begint_op, eindigt_op = _moments(blok, dag)
    plek = blok["plek"]
    return Activiteit(
        platform_id=platform.id,
        soort_id=soorten[blok["soort"]],
        gemeente_id=kern.gemeente_id,
        kern_id=kern.id,
        titel=blok["titel"].format(kern=kern.naam),
        omschrijving=blok["omschrijving"],
        begint_op=begint_op,
        eindigt_op=eindigt_op,
        hele_dag=blok.get("hele_dag", False),
        status=Status(blok.get("status", "gepubliceerd")),
        reden=blok.get("reden"),
        geom=dorp.near(worp, plek) if plek else None,
        plek_naam=PLEKKEN[plek] if plek else None,
        demo=True,
    )


def _moments(blok: Blok, dag: date) -> tuple[datetime, datetime]:
    laatste = dag + timedelta(days=blok.get("dagen", 1) - 1)
    if blok.get("hele_dag"):
        return at(dag, time()), at(laatste + timedelta(days=1), time())
    return at(dag, blok["van"]), at(laatste, blok["tot"])
