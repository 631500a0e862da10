"""A program with a key: what tests of writing share."""

import json
from typing import Any

from flask.testing import FlaskClient
from shapely.geometry import LineString, MultiPolygon, box, mapping
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernenkaart.actor import Rol
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.toegang.models import Gebruiker, Recht
from kernenkaart.toegang.queries import actor_of
from kernenkaart.toegang.sleutels import make_sleutel
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_organisatie

ITEMS = "/api/v1/collections/werkzaamheden/items"
MIJN = "/api/v1/mijn/werkzaamheden"
LIJN = LineString([(X + 10, Y + 10), (X + 90, Y + 10)])  # RD


def make_partner(session: Session, **values: Any) -> Gebruiker:
    """A ketenpartner of an organisation of its own."""
    organisatie_id = values.pop("organisatie_id", None) or make_organisatie(session).id
    return make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie_id, **values)


def make_gebied(session: Session) -> None:
    """The square kern in which ``LIJN`` lies."""
    make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]), naam="Proefdorp")


def feature(vorm: Any = LIJN, **properties: Any) -> dict[str, Any]:
    """A work as a program sends it, in degrees; a property of None is left out."""
    alles = {
        "titel": "Nieuw riool in de Nieuwsteeg",
        "soort": "riool",
        "eersteDag": "2027-06-07",
        "laatsteDag": "2027-07-02",
    } | properties
    return {
        "type": "Feature",
        "geometry": (
            json.loads(json.dumps(mapping(to_wgs84(vorm)))) if hasattr(vorm, "geom_type") else vorm
        ),
        "properties": {naam: waarde for naam, waarde in alles.items() if waarde is not None},
    }


class Programma:
    """Sends requests with a key, and never a cookie."""

    def __init__(self, browser: FlaskClient, token: str) -> None:
        self.browser = browser
        self.token = token

    def ask(self, method: str, path: str, document: Any = None, **koppen: str) -> TestResponse:
        """Send one request; ``koppen`` are headers with ``_`` for ``-``."""
        headers = {"Authorization": f"Bearer {self.token}"} | {
            naam.replace("_", "-"): waarde for naam, waarde in koppen.items()
        }
        soort = "application/merge-patch+json" if method == "PATCH" else "application/geo+json"
        if isinstance(document, bytes):
            headers.setdefault("Content-Type", soort)
            return self.browser.open(path, method=method, data=document, headers=headers)
        if document is None:
            return self.browser.open(path, method=method, headers=headers)
        headers.setdefault("Content-Type", soort)
        soort = headers.pop("Content-Type")
        return self.browser.open(
            path, method=method, json=document, headers=headers, content_type=soort
        )


def make_programma(
    client: ClientFactory, session: Session, gebruiker: Gebruiker | None = None, *rechten: Recht
) -> Programma:
    """A program with a key of this account, or of a new ketenpartner."""
    gebruiker = gebruiker or make_partner(session)
    actor = actor_of(session, gebruiker)
    _rij, token = make_sleutel(
        session, actor, naam="Planning", rechten=rechten or tuple(Recht), dagen=30
    )
    return Programma(client(), token)


def pointers(response: TestResponse) -> dict[str, str]:
    """What a 400 says is wrong, by where."""
    return {
        fout["location"].get("pointer", fout["location"].get("name")): fout["detail"]
        for fout in response.get_json()["errors"]
    }


def werken(session: Session) -> list[Werkzaamheid]:
    """All works as they are stored now, by key."""
    session.expire_all()
    return list(session.scalars(select(Werkzaamheid).order_by(Werkzaamheid.id)))
