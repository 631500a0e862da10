"""What of a work is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, func, true

from kernenkaart.geo.laag import Ding, Laag, Veld, dagen_tijdens, start_of, titel_en_plek
from kernenkaart.kernen.plaatsing import naam_van_kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.werkzaamheden.models import (
    Diepte,
    Hinder,
    Status,
    Werkzaamheid,
    WerkzaamheidKern,
    WerkzaamheidSoort,
)
from kernenkaart.werkzaamheden.policy import visible_to

LAAG = Laag(
    naam="werkzaamheden",
    ding="werkzaamheid",
    label="Werkzaamheden",
    bron=Werkzaamheid.__table__.join(Organisatie.__table__).join(WerkzaamheidSoort.__table__),
    omschrijving="Werk aan straten, leidingen, dijken en groen: gepland, bezig en klaar.",
    id=Werkzaamheid.id,
    geom=Werkzaamheid.geom,
    geom_3857=Werkzaamheid.geom_3857,
    punt=Werkzaamheid.punt,
    begint_op=start_of(Werkzaamheid.eerste_dag),
    eindigt_op=start_of(Werkzaamheid.laatste_dag, 1),
    soort=WerkzaamheidSoort.code,
    kolommen=Ding(
        titel=Werkzaamheid.titel,
        hele_dag=true(),
        soort=WerkzaamheidSoort.naam,
        status=cast(Werkzaamheid.status, String),
        hinder=cast(Werkzaamheid.hinder, String),
        kort=Werkzaamheid.hinder_kort,
        plek=Werkzaamheid.plek_naam,
        wie=Organisatie.naam,
        kern_id=Werkzaamheid.kern_id,
        nauwkeurigheid=cast(Werkzaamheid.nauwkeurigheid, String),
    ),
    velden={
        "titel": Veld(Werkzaamheid.titel, "Wat er gebeurt."),
        "omschrijving": Veld(Werkzaamheid.omschrijving, "Uitleg, in gewone tekst."),
        "soort": Veld(WerkzaamheidSoort.naam, "Wat voor werk het is."),
        "eersteDag": Veld(Werkzaamheid.eerste_dag, "De eerste dag van het werk."),
        "laatsteDag": Veld(Werkzaamheid.laatste_dag, "De laatste dag; die hoort er nog bij."),
        "nauwkeurigheid": Veld(
            Werkzaamheid.nauwkeurigheid,
            "Hoe precies de dagen bekend zijn. Bij een seizoen zijn ze het begin en het einde.",
            Nauwkeurigheid,
        ),
        "duurDagen": Veld(
            Werkzaamheid.duur_dagen,
            "Hoeveel dagen het werk duurt, als dat korter is dan van de eerste tot de laatste dag.",
        ),
        "vroegst": Veld(Werkzaamheid.vroegst, "Zo vroeg kan het werk beginnen."),
        "laatst": Veld(Werkzaamheid.laatst, "Dan moet het uiterlijk klaar zijn."),
        "diepte": Veld(
            func.coalesce(Werkzaamheid.diepte, WerkzaamheidSoort.diepte),
            "Welke laag van de straat opengaat.",
            Diepte,
        ),
        "status": Veld(Werkzaamheid.status, "Hoe zeker het is en hoe ver het is.", Status),
        "hinder": Veld(Werkzaamheid.hinder, "Hoeveel last je ervan hebt.", Hinder),
        "hinderKort": Veld(Werkzaamheid.hinder_kort, "De hinder in een paar woorden."),
        "omleiding": Veld(Werkzaamheid.omleiding, "Hoe je er wel langs komt."),
        "plek": Veld(Werkzaamheid.plek_naam, "Naam van de plek of de straat."),
        "kern": Veld(naam_van_kern(Werkzaamheid.kern_id), "De kern waar het meeste ervan ligt."),
        "organisatie": Veld(Organisatie.naam, "Wie het werk laat doen."),
        "bevestigdOp": Veld(
            Werkzaamheid.bevestigd_op,
            "Wanneer dit voor het laatst is bevestigd.",
        ),
        "gewijzigdOp": Veld(Werkzaamheid.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("titel", "soort", "eersteDag", "laatsteDag", "status", "hinder"),
    koppeling=WerkzaamheidKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Werkzaamheid.titel, Werkzaamheid.plek_naam),
    tijdens=dagen_tijdens(Werkzaamheid.eerste_dag, Werkzaamheid.laatste_dag),
)
