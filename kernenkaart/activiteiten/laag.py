"""What of an activity is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, func, null

from kernenkaart.activiteiten.models import Activiteit, ActiviteitKern, ActiviteitSoort
from kernenkaart.activiteiten.policy import visible_to
from kernenkaart.geo.laag import Ding, Laag, momenten_tijdens, titel_en_plek
from kernenkaart.platforms.models import Platform

LAAG = Laag(
    naam="activiteiten",
    ding="activiteit",
    label="Activiteiten",
    bron=Activiteit.__table__.join(Platform.__table__).join(ActiviteitSoort.__table__),
    kolommen=Ding(
        id=Activiteit.id,
        titel=Activiteit.titel,
        begint_op=Activiteit.begint_op,
        eindigt_op=Activiteit.eindigt_op,
        hele_dag=Activiteit.hele_dag,
        soort=ActiviteitSoort.naam,
        status=cast(Activiteit.status, String),
        hinder=null(),
        kort=func.left(Activiteit.omschrijving, 160),
        plek=Activiteit.plek_naam,
        wie=Platform.naam,
        kern_id=Activiteit.kern_id,
        punt=Activiteit.punt,
        geom=Activiteit.geom,
    ),
    velden={
        "id": Activiteit.id,
        "titel": Activiteit.titel,
        "omschrijving": Activiteit.omschrijving,
        "soort": ActiviteitSoort.naam,
        "begint_op": Activiteit.begint_op,
        "eindigt_op": Activiteit.eindigt_op,
        "hele_dag": Activiteit.hele_dag,
        "status": Activiteit.status,
        "plek": Activiteit.plek_naam,
        "platform": Platform.naam,
        "updated_at": Activiteit.updated_at,
    },
    koppeling=ActiviteitKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Activiteit.titel, Activiteit.plek_naam),
    tijdens=momenten_tijdens(Activiteit.begint_op, Activiteit.eindigt_op),
)
