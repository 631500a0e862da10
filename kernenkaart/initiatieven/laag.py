"""What of an initiative is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, false, func, null

from kernenkaart.geo.laag import Ding, Laag, altijd, titel_en_plek
from kernenkaart.initiatieven.models import Initiatief, InitiatiefKern, InitiatiefSoort
from kernenkaart.initiatieven.policy import visible_to
from kernenkaart.platforms.models import Platform

LAAG = Laag(
    naam="initiatieven",
    ding="initiatief",
    label="Initiatieven",
    bron=Initiatief.__table__.join(Platform.__table__).join(InitiatiefSoort.__table__),
    kolommen=Ding(
        id=Initiatief.id,
        titel=Initiatief.titel,
        begint_op=null(),
        eindigt_op=null(),
        hele_dag=false(),
        soort=InitiatiefSoort.naam,
        status=cast(Initiatief.status, String),
        hinder=null(),
        kort=func.left(Initiatief.omschrijving, 160),
        plek=Initiatief.plek_naam,
        wie=func.coalesce(Initiatief.wie, Platform.naam),
        kern_id=Initiatief.kern_id,
        punt=Initiatief.punt,
        geom=Initiatief.geom,
    ),
    velden={
        "id": Initiatief.id,
        "titel": Initiatief.titel,
        "omschrijving": Initiatief.omschrijving,
        "soort": InitiatiefSoort.naam,
        "status": Initiatief.status,
        "plek": Initiatief.plek_naam,
        "wie": Initiatief.wie,
        "platform": Platform.naam,
        "updated_at": Initiatief.updated_at,
    },
    koppeling=InitiatiefKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Initiatief.titel, Initiatief.plek_naam),
    tijdens=altijd,
)
