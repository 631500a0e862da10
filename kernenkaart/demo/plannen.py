"""Projects with their phases, and the initiatives of residents."""

from datetime import date, timedelta

from shapely import union_all
from shapely.geometry.base import BaseGeometry

from kernenkaart.demo.activiteiten import LEEG
from kernenkaart.demo.bron import Blok, dice, read
from kernenkaart.demo.dorp import PLEKKEN, Dorp, dike
from kernenkaart.demo.wie import Groepen
from kernenkaart.initiatieven.models import Initiatief
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.projecten.models import Participatie, Project, ProjectFase, Status


def make_projecten(
    dorpen: dict[str, Dorp],
    organisaties: dict[str, int],
    soorten: dict[str, int],
    vandaag: date,
) -> list[Project]:
    """All projects, not yet in a session."""
    gemaakt = []
    for blok in read("projecten")["projecten"]:
        if dorp := dorpen.get(blok["kern"]):
            fasen = [_phase(nummer, fase, vandaag) for nummer, fase in enumerate(blok["fasen"], 1)]
            gemaakt.append(
                Project(
                    organisatie_id=organisaties[blok["wie"]],
                    soort_id=soorten[blok["soort"]],
                    gemeente_id=dorp.kern.gemeente_id,
                    titel=blok["titel"],
                    omschrijving=blok["omschrijving"],
                    eerste_dag=min((f.eerste_dag for f in fasen if f.eerste_dag), default=None),
                    laatste_dag=_end(fasen),
                    status=Status(blok["status"]),
                    openbaar=blok.get("openbaar", True),
                    participatie=Participatie(blok["participatie"]),
                    participatie_uitleg=blok["uitleg"],
                    contact_rol="projectleider",
                    contact_telefoon="0800 000 03 03",
                    geom=_where(blok, dorp, dorpen),
                    demo=True,
                    fasen=fasen,
                )
            )
    return gemaakt


def make_initiatieven(
    dorpen: dict[str, Dorp], groepen: Groepen, soorten: dict[str, int]
) -> list[Initiatief]:
    """All initiatives, not yet in a session."""
    gemaakt = []
    for blok in read("initiatieven")["ideeen"]:
        for dorp in _places(blok, dorpen, groepen):
            kern, plek = dorp.kern, blok["plek"]
            van = blok.get("namens", kern.slug)
            platform = groepen.get((blok["wie"], van)) or groepen["raad", van]
            worp = dice("initiatief", blok["titel"], kern.slug)
            gemaakt.append(
                Initiatief(
                    platform_id=platform.id,
                    soort_id=soorten[blok["soort"]],
                    gemeente_id=kern.gemeente_id,
                    kern_id=kern.id,
                    titel=blok["titel"],
                    omschrijving=blok["omschrijving"],
                    wie=blok.get("door"),
                    status=InitiatiefStatus(blok["status"]),
                    geom=dorp.near(worp, plek) if plek else None,
                    plek_naam=PLEKKEN[plek] if plek else None,
                    demo=True,
                )
            )
    return gemaakt


def _places(blok: Blok, dorpen: dict[str, Dorp], groepen: Groepen) -> list[Dorp]:
    if "kernen" in blok:
        return [
            dorpen[slug]
            for slug in blok["kernen"]
            if slug in dorpen and ("raad", blok.get("namens", slug)) in groepen
        ]
    kan = [dorp for slug, dorp in dorpen.items() if slug != LEEG and ("raad", slug) in groepen]
    return dice("initiatief", blok["titel"]).sample(kan, min(len(kan), blok["aantal"]))


def _phase(nummer: int, fase: list[object], vandaag: date) -> ProjectFase:
    naam, periode, *dagen = fase
    eerste, laatste = (
        vandaag + timedelta(days=dag) if isinstance(dag, int) else None
        for dag in (*dagen, None, None)[:2]
    )
    return ProjectFase(
        volgorde=nummer,
        naam=str(naam),
        periode=str(periode) or None,
        eerste_dag=eerste,
        laatste_dag=laatste,
    )


def _end(fasen: list[ProjectFase]) -> date | None:
    """The end of the last phase; None as long as one phase is not known."""
    dagen = [fase.laatste_dag for fase in fasen]
    return None if None in dagen else max(dag for dag in dagen if dag)


def _where(blok: Blok, dorp: Dorp, dorpen: dict[str, Dorp]) -> BaseGeometry:
    worp = dice("project", blok["titel"])
    match blok["vorm"]:
        case "vlak":
            return dorp.area(worp, blok["ha"])
        case "dijk":
            alle = union_all([ander.kern.grens for ander in dorpen.values()])
            kernen = [dorpen[slug].kern for slug in blok["kernen"] if slug in dorpen]
            return dike(kernen, alle)
        case "oever":
            return dorp.bank(worp)
        case _:
            return dorp.stretch(worp, "Dijkweg")
