"""What of a work is public on the map, in lists and in open data."""

from sqlalchemy import String, cast, true

from kernenkaart.geo.laag import Ding, Laag, dagen_tijdens, start_of, titel_en_plek
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.werkzaamheden.models import Werkzaamheid, WerkzaamheidKern, WerkzaamheidSoort
from kernenkaart.werkzaamheden.policy import visible_to

LAAG = Laag(
    naam="werkzaamheden",
    ding="werkzaamheid",
    label="Werkzaamheden",
    bron=Werkzaamheid.__table__.join(Organisatie.__table__).join(WerkzaamheidSoort.__table__),
    kolommen=Ding(
        id=Werkzaamheid.id,
        titel=Werkzaamheid.titel,
        begint_op=start_of(Werkzaamheid.eerste_dag),
        eindigt_op=start_of(Werkzaamheid.laatste_dag, 1),
        hele_dag=true(),
        soort=WerkzaamheidSoort.naam,
        status=cast(Werkzaamheid.status, String),
        hinder=cast(Werkzaamheid.hinder, String),
        kort=Werkzaamheid.hinder_kort,
        plek=Werkzaamheid.plek_naam,
        wie=Organisatie.naam,
        kern_id=Werkzaamheid.kern_id,
        punt=Werkzaamheid.punt,
        geom=Werkzaamheid.geom,
    ),
    velden={
        "id": Werkzaamheid.id,
        "titel": Werkzaamheid.titel,
        "omschrijving": Werkzaamheid.omschrijving,
        "soort": WerkzaamheidSoort.naam,
        "eerste_dag": Werkzaamheid.eerste_dag,
        "laatste_dag": Werkzaamheid.laatste_dag,
        "status": Werkzaamheid.status,
        "hinder": Werkzaamheid.hinder,
        "hinder_kort": Werkzaamheid.hinder_kort,
        "plek": Werkzaamheid.plek_naam,
        "organisatie": Organisatie.naam,
        "bevestigd_op": Werkzaamheid.bevestigd_op,
        "updated_at": Werkzaamheid.updated_at,
    },
    koppeling=WerkzaamheidKern.__table__,
    visible_to=visible_to,
    zoektekst=titel_en_plek(Werkzaamheid.titel, Werkzaamheid.plek_naam),
    tijdens=dagen_tijdens(Werkzaamheid.eerste_dag, Werkzaamheid.laatste_dag),
)
