"""What of the hinder of works is public: where they are in the way, the way around, their steps."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, literal

from kernenkaart.actor import Actor
from kernenkaart.geo.laag import OpenLaag, Veld, dagen_tijdens, start_of
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.werkzaamheden import policy
from kernenkaart.werkzaamheden.models import (
    Hinder,
    Hinderplek,
    HinderplekSoort,
    Status,
    Werkzaamheid,
    WerkzaamheidFase,
)

VOORBIJ = (Status.KLAAR, Status.VERVALLEN)
VANAF_ZOOM = 13  # further away a street is a hair, and the works themselves say enough

_werk = Hinderplek.__table__.join(Werkzaamheid.__table__).join(Organisatie.__table__)
_van_stap = and_(
    Hinderplek.soort == HinderplekSoort.STAP,
    WerkzaamheidFase.werkzaamheid_id == Hinderplek.werkzaamheid_id,
    WerkzaamheidFase.volgorde == Hinderplek.volgorde,
)
_precies = Werkzaamheid.nauwkeurigheid.type
# a step has days of its own
_eerste_dag: SQLColumnExpression[Any] = func.coalesce(
    WerkzaamheidFase.eerste_dag, Werkzaamheid.eerste_dag
)
_laatste_dag: SQLColumnExpression[Any] = func.coalesce(
    WerkzaamheidFase.laatste_dag, Werkzaamheid.laatste_dag
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The places ``actor`` may see: of works they may see, as long as those are not over."""
    return and_(policy.visible_to(actor), Werkzaamheid.status.not_in(VOORBIJ))


LAAG = OpenLaag(
    naam="hinder",
    label="Hinder en omleidingen",
    omschrijving="Waar werk in de weg zit, hoe de omleiding loopt en waar elke stap is. "
    "Van werk dat klaar is of niet doorgaat staat hier niets.",
    bron=_werk.outerjoin(WerkzaamheidFase.__table__, _van_stap),
    id=Hinderplek.id,
    geom=Hinderplek.geom,
    geom_3857=Hinderplek.geom_3857,
    punt=Hinderplek.punt,
    begint_op=start_of(_eerste_dag),
    eindigt_op=start_of(_laatste_dag, 1),
    soort=Hinderplek.soort,
    velden={
        "titel": Veld(Werkzaamheid.titel, "Hoe het werk heet."),
        "soort": Veld(
            Hinderplek.soort,
            "Wat het is: waar hinder is, een omleiding of de plek van een stap.",
            HinderplekSoort,
        ),
        "werkzaamheid": Veld(Werkzaamheid.id, "Het nummer van het werk in de laag werkzaamheden."),
        "stap": Veld(WerkzaamheidFase.naam, "Bij een stap: wat er dan gebeurt."),
        "eersteDag": Veld(_eerste_dag, "De eerste dag van het werk, of van de stap."),
        "laatsteDag": Veld(_laatste_dag, "De laatste dag; die hoort er nog bij."),
        "nauwkeurigheid": Veld(
            case(
                (WerkzaamheidFase.eerste_dag.is_not(None), literal(Nauwkeurigheid.DAG, _precies)),
                else_=Werkzaamheid.nauwkeurigheid,
            ),
            "Hoe precies de dagen bekend zijn.",
            Nauwkeurigheid,
        ),
        "status": Veld(Werkzaamheid.status, "Hoe zeker het werk is en hoe ver het is.", Status),
        "hinder": Veld(Werkzaamheid.hinder, "Hoeveel last je van het werk hebt.", Hinder),
        "hinderKort": Veld(Werkzaamheid.hinder_kort, "De hinder in een paar woorden."),
        "omleiding": Veld(Werkzaamheid.omleiding, "Hoe je er wel langs komt."),
        "organisatie": Veld(Organisatie.naam, "Wie het werk laat doen."),
        "gewijzigdOp": Veld(Werkzaamheid.updated_at, "Wanneer dit voor het laatst is veranderd."),
    },
    kort=("titel", "soort", "werkzaamheid", "eersteDag", "laatsteDag", "hinder"),
    visible_to=visible_to,
    tijdens=dagen_tijdens(_eerste_dag, _laatste_dag),
    vanaf_zoom=VANAF_ZOOM,
)
