"""What of a project is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, func, null, true

from kernenkaart.geo.laag import Ding, Laag, Veld, dagen_tijdens, start_of, titel_en_plek
from kernenkaart.kernen.plaatsing import naam_van_kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.projecten.models import Participatie, Project, ProjectKern, ProjectSoort, Status
from kernenkaart.projecten.policy import visible_to

LAAG = Laag(
    naam="projecten",
    ding="project",
    label="Projecten",
    bron=Project.__table__.join(Organisatie.__table__).join(ProjectSoort.__table__),
    omschrijving="Wat jaren duurt: dijkverzwaring, woningbouw, een nieuwe weg.",
    id=Project.id,
    geom=Project.geom,
    geom_3857=Project.geom_3857,
    punt=Project.punt,
    begint_op=start_of(Project.eerste_dag),
    eindigt_op=start_of(Project.laatste_dag, 1),
    soort=ProjectSoort.code,
    kolommen=Ding(
        titel=Project.titel,
        hele_dag=true(),
        soort=ProjectSoort.naam,
        status=cast(Project.status, String),
        hinder=null(),
        kort=func.left(Project.omschrijving, 160),
        plek=Project.plek_naam,
        wie=Organisatie.naam,
        kern_id=Project.kern_id,
    ),
    velden={
        "titel": Veld(Project.titel, "Hoe het project heet."),
        "omschrijving": Veld(Project.omschrijving, "Uitleg, in gewone tekst."),
        "soort": Veld(ProjectSoort.naam, "Wat voor project het is."),
        "eersteDag": Veld(Project.eerste_dag, "De eerste dag, als die bekend is."),
        "laatsteDag": Veld(Project.laatste_dag, "De laatste dag, als die bekend is."),
        "status": Veld(Project.status, "Hoe ver het project is.", Status),
        "participatie": Veld(Project.participatie, "Hoeveel inwoners meebeslissen.", Participatie),
        "participatieUitleg": Veld(Project.participatie_uitleg, "Hoe inwoners kunnen meedoen."),
        "plek": Veld(Project.plek_naam, "Naam van de plek."),
        "kern": Veld(naam_van_kern(Project.kern_id), "De kern waar het meeste ervan ligt."),
        "organisatie": Veld(Organisatie.naam, "Van wie het project is."),
        "website": Veld(Project.website, "Waar meer over het project staat."),
        "gewijzigdOp": Veld(Project.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("titel", "soort", "eersteDag", "laatsteDag", "status"),
    koppeling=ProjectKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Project.titel, Project.plek_naam),
    tijdens=dagen_tijdens(Project.eerste_dag, Project.laatste_dag),
)
