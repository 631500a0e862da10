"""What of the kernen is public on the map and in open data."""

from sqlalchemy import ColumnElement, null, true

from kernenkaart.actor import Actor
from kernenkaart.geo.laag import OpenLaag, Veld, altijd
from kernenkaart.kernen.models import Gemeente, Kern, KernSoort


def _everyone(_actor: Actor) -> ColumnElement[bool]:
    return true()


LAAG = OpenLaag(
    naam="kernen",
    label="Kernen",
    omschrijving="De dorpen en steden van de gemeente, met het buitengebied dat erbij hoort.",
    bron=Kern.__table__.join(Gemeente.__table__),
    id=Kern.id,
    geom=Kern.grens,
    geom_3857=Kern.geom_3857,
    punt=Kern.hart,
    begint_op=null(),
    eindigt_op=null(),
    soort=Kern.soort,
    velden={
        "naam": Veld(Kern.naam, "Hoe de kern heet."),
        "slug": Veld(Kern.slug, "Naam van de kern in webadressen."),
        "code": Veld(Kern.code, "Code van de kern binnen de gemeente."),
        "soort": Veld(Kern.soort, "Of het een dorp of een stad is.", KernSoort),
        "omschrijving": Veld(Kern.omschrijving, "Een paar zinnen over de kern."),
        "gemeente": Veld(Gemeente.naam, "De gemeente waar de kern in ligt."),
        "gemeenteCode": Veld(Gemeente.code, "Code van die gemeente bij het CBS."),
        "gewijzigdOp": Veld(Kern.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("naam", "slug", "soort", "gemeenteCode"),
    visible_to=_everyone,
    tijdens=altijd,
)
