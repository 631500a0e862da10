"""What of a project is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, func, null, true

from kernenkaart.geo.laag import Ding, Laag, dagen_tijdens, start_of, titel_en_plek
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.projecten.models import Project, ProjectKern, ProjectSoort
from kernenkaart.projecten.policy import visible_to

LAAG = Laag(
    naam="projecten",
    ding="project",
    label="Projecten",
    bron=Project.__table__.join(Organisatie.__table__).join(ProjectSoort.__table__),
    kolommen=Ding(
        id=Project.id,
        titel=Project.titel,
        begint_op=start_of(Project.eerste_dag),
        eindigt_op=start_of(Project.laatste_dag, 1),
        hele_dag=true(),
        soort=ProjectSoort.naam,
        status=cast(Project.status, String),
        hinder=null(),
        kort=func.left(Project.omschrijving, 160),
        plek=Project.plek_naam,
        wie=Organisatie.naam,
        kern_id=Project.kern_id,
        punt=Project.punt,
        geom=Project.geom,
    ),
    velden={
        "id": Project.id,
        "titel": Project.titel,
        "omschrijving": Project.omschrijving,
        "soort": ProjectSoort.naam,
        "eerste_dag": Project.eerste_dag,
        "laatste_dag": Project.laatste_dag,
        "status": Project.status,
        "participatie": Project.participatie,
        "participatie_uitleg": Project.participatie_uitleg,
        "plek": Project.plek_naam,
        "organisatie": Organisatie.naam,
        "website": Project.website,
        "updated_at": Project.updated_at,
    },
    koppeling=ProjectKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Project.titel, Project.plek_naam),
    tijdens=dagen_tijdens(Project.eerste_dag, Project.laatste_dag),
)
