"""Load and remove the demo. The caller commits."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Reeks
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Actor
from kernenkaart.afstemming.startcheck_models import Startcheck
from kernenkaart.demo.activiteiten import make_activiteiten
from kernenkaart.demo.bron import read
from kernenkaart.demo.dorp import Dorp
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.demo.inzendingen import add_inzendingen
from kernenkaart.demo.kalenderbronnen import add_bronnen
from kernenkaart.demo.koppelen import add_besluiten, look_at_all, remove_kansen
from kernenkaart.demo.merk import is_made
from kernenkaart.demo.plannen import make_initiatieven, make_projecten
from kernenkaart.demo.reeksen import add_reeksen
from kernenkaart.demo.startchecks import add_startchecks
from kernenkaart.demo.werkbronnen import add_werkbronnen
from kernenkaart.demo.werkzaamheden import Maker
from kernenkaart.demo.wie import add_gebieden, add_groepen, add_organisaties, add_people
from kernenkaart.demo.zalen import add_zalen, complete
from kernenkaart.errors import Invalid
from kernenkaart.initiatieven.models import Initiatief, InitiatiefSoort
from kernenkaart.inzendingen.models import Inzending
from kernenkaart.journaal.services import sign
from kernenkaart.kalenderbronnen.models import Kalenderbron
from kernenkaart.kernen.models import Gebied, Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.projecten.models import Project, ProjectSoort
from kernenkaart.samenhang.models import Wijzigingsverzoek
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkbronnen.models import Werkbron
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidSoort
from kernenkaart.zalen.models import Zaal


@dataclass(frozen=True)
class Geladen:
    """How many rows of each layer the demo has."""

    activiteiten: int
    werkzaamheden: int
    projecten: int
    initiatieven: int


def has_demo(session: Session) -> bool:
    """Whether the demo is loaded."""
    found = select(Platform.id).where(Platform.demo, ~is_made(Platform)).limit(1)
    return session.scalar(found) is not None


def load_demo(session: Session, vandaag: date, wachtwoord: str) -> Geladen:
    """Fill every kern with invented content around ``vandaag``.

    Args:
        wachtwoord: hash of the password of the demo logins.

    Raises:
        Invalid: if there are no kernen yet.
    """
    kernen = {kern.slug: kern for kern in session.scalars(select(Kern).order_by(Kern.slug))}
    bekend = {slug: kernen[slug] for slug in read("wie")["omschrijving"] if slug in kernen}
    if not bekend:
        raise Invalid("Lees eerst de kernen in: flask kernen importeer geodata/kernen.geojson.")
    add_gebieden(bekend)
    organisaties = add_organisaties(session)
    groepen = add_groepen(session, bekend)
    logins = add_people(session, bekend, organisaties, wachtwoord, vandaag)
    dorpen = {slug: Dorp(kern) for slug, kern in bekend.items()}
    org_ids = {sleutel: organisatie.id for sleutel, organisatie in organisaties.items()}
    projecten = make_projecten(dorpen, org_ids, _kinds(session, ProjectSoort), vandaag)
    activiteiten = make_activiteiten(dorpen, groepen, _kinds(session, ActiviteitSoort), vandaag)
    zalen = add_zalen(session, dorpen)
    complete(session, activiteiten, zalen)
    werken = Maker(_kinds(session, WerkzaamheidSoort), org_ids, vandaag).make_all(dorpen)
    initiatieven = make_initiatieven(dorpen, groepen, _kinds(session, InitiatiefSoort))
    afgelast = {
        ding: ding.reden for ding in activiteiten if ding.status is ActiviteitStatus.AFGELAST
    }
    for ding in afgelast:
        ding.status, ding.reden = ActiviteitStatus.GEPUBLICEERD, None
    session.add_all([*projecten, *activiteiten, *werken, *initiatieven])
    session.flush()
    _link_projects(werken, projecten)
    session.flush()
    kinds = _kinds(session, ActiviteitSoort)
    keren = add_reeksen(session, dorpen, groepen, kinds, zalen=zalen, vandaag=vandaag)
    _change_a_little(session, logins, afgelast, werken, vandaag)
    add_startchecks(session, logins["medewerker"], werken, vandaag)
    _add_verzoeken(session, [*activiteiten, *werken, *projecten])
    add_inzendingen(session, dorpen, _kinds(session, ActiviteitSoort), vandaag)
    gekomen = add_bronnen(session, _kinds(session, ActiviteitSoort), vandaag)
    ingelezen = add_werkbronnen(session, bekend, vandaag)
    look_at_all(session)
    add_besluiten(session, logins["medewerker"])
    aantal = len(activiteiten) + len(keren) + gekomen
    return Geladen(aantal, len(werken) + ingelezen, len(projecten), len(initiatieven))


def remove_demo(session: Session) -> bool:
    """Remove the demo and all that was posted in the name of its groups and organisations.

    What ``flask demo genereer`` made stays.

    Returns:
        Whether there was anything to remove.
    """
    was = has_demo(session)
    van_demo = {
        partij: select(partij.id).where(partij.demo, ~is_made(partij))
        for partij in (Platform, Organisatie)
    }
    bronnen = Kalenderbron.platform_id.in_(van_demo[Platform])
    session.execute(delete(Kalenderbron).where(bronnen))
    session.execute(delete(Werkbron).where(Werkbron.organisatie_id.in_(van_demo[Organisatie])))
    remove_kansen(session, van_demo[Organisatie])
    session.execute(delete(Startcheck).where(Startcheck.organisatie_id.in_(van_demo[Organisatie])))
    for laag, model, eigenaar_id, partij in (
        ("activiteiten", Activiteit, Activiteit.platform_id, Platform),
        ("reeksen", Reeks, Reeks.platform_id, Platform),
        ("initiatieven", Initiatief, Initiatief.platform_id, Platform),
        ("werkzaamheden", Werkzaamheid, Werkzaamheid.organisatie_id, Organisatie),
        ("projecten", Project, Project.organisatie_id, Organisatie),
    ):
        gemaakt = select(partij.id).where(is_made(partij))
        weg = or_(eigenaar_id.in_(van_demo[partij]), and_(model.demo, eigenaar_id.not_in(gemaakt)))
        session.execute(
            delete(Wijzigingsverzoek).where(
                Wijzigingsverzoek.laag == laag,
                Wijzigingsverzoek.ding_id.in_(select(model.id).where(weg)),
            )
        )
        session.execute(delete(model).where(weg))
    session.execute(delete(Inzending).where(Inzending.demo))
    session.execute(delete(Zaal).where(Zaal.demo))
    session.execute(delete(Gebruiker).where(Gebruiker.demo))
    session.execute(delete(Platform).where(Platform.id.in_(van_demo[Platform])))
    session.execute(
        update(Gebruiker)
        .where(Gebruiker.organisatie_id.in_(van_demo[Organisatie]), Gebruiker.rol != "ketenpartner")
        .values(organisatie_id=None)
    )
    session.execute(delete(Organisatie).where(Organisatie.id.in_(van_demo[Organisatie])))
    if was:
        _forget_kernen(session)
    session.expire_all()
    return was


def _forget_kernen(session: Session) -> None:
    tekst = read("wie")
    gebieden = select(Gebied.id).where(Gebied.naam.in_(tekst["gebieden"]))
    session.execute(update(Kern).where(Kern.gebied_id.in_(gebieden)).values(gebied_id=None))
    session.execute(delete(Gebied).where(Gebied.id.in_(gebieden)))
    session.execute(
        update(Kern)
        .where(Kern.omschrijving.in_(set(tekst["omschrijving"].values())))
        .values(omschrijving=None)
    )


def _kinds(session: Session, model: Any) -> dict[str, int]:
    return {row.code: row.id for row in session.execute(select(model.code, model.id))}


def _link_projects(werken: list[Werkzaamheid], projecten: list[Project]) -> None:
    op_titel = {project.titel: project.id for project in projecten}
    titels = {blok["titel"]: blok.get("project") for blok in read("werkzaamheden")["vast"]}
    for werk in werken:
        project = titels.get(werk.titel)
        if project in op_titel:
            werk.project_id = op_titel[project]


def _add_verzoeken(session: Session, dingen: list[Activiteit | Werkzaamheid | Project]) -> None:
    op_titel: dict[str, int] = {}
    for ding in dingen:  # what the texts name comes first; others may have the same name
        op_titel.setdefault(ding.titel, ding.id)
    session.add_all(
        Wijzigingsverzoek(
            laag=blok["laag"],
            ding_id=op_titel[blok["titel"]],
            tekst=blok["tekst"],
            antwoord_email=f"lezer@{DOMEIN}" if blok.get("antwoord") else None,
            created_at=now() - timedelta(days=blok["dagen_geleden"]),
        )
        for blok in read("wie")["verzoeken"]
        if blok["titel"] in op_titel
    )
    session.flush()


def _change_a_little(
    session: Session,
    logins: dict[str, Gebruiker],
    afgelast: dict[Activiteit, str | None],
    werken: list[Werkzaamheid],
    vandaag: date,
) -> None:
    """Change some things after the fact, so that the journaal has something to tell.

    Args:
        afgelast: activities to call off, with the reason.
    """
    sign(session, Actor(gebruiker_id=logins["beheerder"].id))
    for ding, reden in afgelast.items():
        ding.status, ding.reden = ActiviteitStatus.AFGELAST, reden
    session.flush()
    sign(session, Actor(gebruiker_id=logins["medewerker"].id))
    bevestigd = [werk for werk in werken if werk.status is Status.BEVESTIGD]
    for werk in bevestigd[::8]:
        werk.eerste_dag += timedelta(days=14)
        werk.laatste_dag += timedelta(days=14)
        for fase in werk.fasen:
            fase.eerste_dag += timedelta(days=14)
            fase.laatste_dag += timedelta(days=14)
    for werk in bevestigd[4::8]:
        werk.bevestigd_op = vandaag
    session.flush()
    sign(session, Actor())
