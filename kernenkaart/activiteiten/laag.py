"""What of an activity is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, func, null, select

from kernenkaart.activiteiten.models import (
    Activiteit,
    ActiviteitKern,
    ActiviteitSoort,
    Doelgroep,
    Reeks,
    Status,
)
from kernenkaart.activiteiten.policy import visible_to
from kernenkaart.geo.laag import Ding, Laag, Veld, momenten_tijdens, titel_en_plek
from kernenkaart.kernen.plaatsing import naam_van_kern
from kernenkaart.platforms.models import Platform

WIE = func.coalesce(Activiteit.organisator, Platform.naam)
VOOR_WIE = (
    select(Doelgroep.naam)
    .where(Doelgroep.id == Activiteit.doelgroep_id)
    .correlate_except(Doelgroep)
    .scalar_subquery()
)
REEKS = (
    select(cast(Reeks.uid, String))
    .where(Reeks.id == Activiteit.reeks_id)
    .correlate_except(Reeks)
    .scalar_subquery()
)

LAAG = Laag(
    naam="activiteiten",
    ding="activiteit",
    label="Activiteiten",
    bron=Activiteit.__table__.join(Platform.__table__).join(ActiviteitSoort.__table__),
    omschrijving="Wat er te doen is in de kernen, geplaatst door de groepen zelf.",
    id=Activiteit.id,
    geom=Activiteit.geom,
    geom_3857=Activiteit.geom_3857,
    punt=Activiteit.punt,
    begint_op=Activiteit.begint_op,
    eindigt_op=Activiteit.eindigt_op,
    soort=ActiviteitSoort.code,
    kolommen=Ding(
        titel=Activiteit.titel,
        hele_dag=Activiteit.hele_dag,
        soort=ActiviteitSoort.naam,
        status=cast(Activiteit.status, String),
        hinder=null(),
        kort=func.left(Activiteit.omschrijving, 160),
        plek=Activiteit.plek_naam,
        wie=WIE,
        kern_id=Activiteit.kern_id,
        reeks_id=Activiteit.reeks_id,
    ),
    velden={
        "titel": Veld(Activiteit.titel, "Hoe de activiteit heet."),
        "omschrijving": Veld(Activiteit.omschrijving, "Wat er te doen is, in gewone tekst."),
        "soort": Veld(ActiviteitSoort.naam, "Wat voor activiteit het is."),
        "begintOp": Veld(Activiteit.begint_op, "Wanneer het begint."),
        "eindigtOp": Veld(Activiteit.eindigt_op, "Wanneer het afgelopen is."),
        "heleDag": Veld(Activiteit.hele_dag, "Of het om hele dagen gaat; dan zegt de tijd niets."),
        "status": Veld(Activiteit.status, "Of het doorgaat.", Status),
        "plek": Veld(Activiteit.plek_naam, "Naam van de plek."),
        "kern": Veld(naam_van_kern(Activiteit.kern_id), "De kern waar het is."),
        "platform": Veld(Platform.naam, "De groep die het in de kalender zet."),
        "organisator": Veld(WIE, "Wie het organiseert."),
        "doelgroep": Veld(VOOR_WIE, "Voor wie het vooral is."),
        "reeks": Veld(REEKS, "Kenmerk van de reeks waar het bij hoort."),
        "gewijzigdOp": Veld(Activiteit.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("titel", "soort", "begintOp", "eindigtOp", "status"),
    koppeling=ActiviteitKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Activiteit.titel, Activiteit.plek_naam),
    tijdens=momenten_tijdens(Activiteit.begint_op, Activiteit.eindigt_op),
)
