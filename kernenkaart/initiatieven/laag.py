"""What of an initiative is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, false, func, null

from kernenkaart.geo.laag import Ding, Laag, Veld, altijd, titel_en_plek
from kernenkaart.initiatieven.models import Initiatief, InitiatiefKern, InitiatiefSoort, Status
from kernenkaart.initiatieven.policy import visible_to
from kernenkaart.kernen.plaatsing import naam_van_kern
from kernenkaart.platforms.models import Platform

LAAG = Laag(
    naam="initiatieven",
    ding="initiatief",
    label="Initiatieven",
    bron=Initiatief.__table__.join(Platform.__table__).join(InitiatiefSoort.__table__),
    omschrijving="Wat inwoners zelf beginnen in hun kern.",
    id=Initiatief.id,
    geom=Initiatief.geom,
    geom_3857=Initiatief.geom_3857,
    punt=Initiatief.punt,
    begint_op=null(),
    eindigt_op=null(),
    soort=InitiatiefSoort.code,
    kolommen=Ding(
        titel=Initiatief.titel,
        hele_dag=false(),
        soort=InitiatiefSoort.naam,
        status=cast(Initiatief.status, String),
        hinder=null(),
        kort=func.left(Initiatief.omschrijving, 160),
        plek=Initiatief.plek_naam,
        wie=func.coalesce(Initiatief.wie, Platform.naam),
        kern_id=Initiatief.kern_id,
    ),
    velden={
        "titel": Veld(Initiatief.titel, "Hoe het initiatief heet."),
        "omschrijving": Veld(Initiatief.omschrijving, "Wat de inwoners willen, in gewone tekst."),
        "soort": Veld(InitiatiefSoort.naam, "Wat voor initiatief het is."),
        "status": Veld(Initiatief.status, "Hoe ver het is.", Status),
        "plek": Veld(Initiatief.plek_naam, "Naam van de plek."),
        "kern": Veld(naam_van_kern(Initiatief.kern_id), "De kern waar het is."),
        "wie": Veld(Initiatief.wie, "Wie het doet."),
        "platform": Veld(Platform.naam, "Welke groep het heeft geplaatst."),
        "gewijzigdOp": Veld(Initiatief.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("titel", "soort", "status"),
    koppeling=InitiatiefKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Initiatief.titel, Initiatief.plek_naam),
    tijdens=altijd,
)
