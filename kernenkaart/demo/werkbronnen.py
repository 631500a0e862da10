"""Plannings of an invented netbeheerder: one that was taken over, and one to look at."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shapely import affinity
from shapely.geometry import LineString
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from kernenkaart.demo.bron import read
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.waarden import Feature
from kernenkaart.kernen.adres import Adres
from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkbronnen.koppeling import Koppeling
from kernenkaart.werkbronnen.lezen import Verzameld
from kernenkaart.werkbronnen.models import Ritme, Stand, Werkbron, Werkbronitem, WerkbronRij
from kernenkaart.werkbronnen.omzetten import Omzetter
from kernenkaart.werkbronnen.oordelen import convert, find_rows, store
from kernenkaart.werkbronnen.overnemen import forget_rows, take_over
from kernenkaart.werkbronnen.queries import count_oordelen, find_opgevallen, find_soorten
from kernenkaart.werkbronnen.services import keep_read, note_success
from kernenkaart.werkzaamheden.models import Werkzaamheid

MARGE_M = 5000.0


def add_werkbronnen(session: Session, kernen: Mapping[str, Kern], vandaag: date) -> int:
    """The sources of the organisation of the demo's ketenpartner.

    Args:
        kernen: by slug.

    Returns:
        How many works came of them.
    """
    organisatie_id = session.scalar(
        select(Gebruiker.organisatie_id).where(Gebruiker.email == f"ketenpartner@{DOMEIN}")
    )
    if organisatie_id is None:
        return 0
    aantal = 0
    for blok in read("werkbronnen")["bronnen"]:
        bron = Werkbron(
            organisatie_id=organisatie_id,
            naam=blok["naam"],
            bestandsnaam=blok["bestand"],
            ritme=Ritme.HAND,
        )
        session.add(bron)
        session.flush()
        _look(session, bron, blok, kernen, vandaag)
        if blok["overgenomen"]:
            aantal += _take(session, bron, vandaag)
    return aantal


def _look(
    session: Session,
    bron: Werkbron,
    blok: Mapping[str, Any],
    kernen: Mapping[str, Kern],
    vandaag: date,
) -> None:
    verzameld = Verzameld()
    rows = [
        verzameld.to_rij(_feature(ding, nummer, kernen, vandaag))
        for nummer, ding in enumerate(blok["dingen"], start=1)
    ]
    session.execute(insert(WerkbronRij), [row | {"bron_id": bron.id} for row in rows])
    keep_read(
        session, bron, verzameld.kolommen(), opmerkingen=[], totaal=verzameld.aantal, nu=now()
    )
    soorten = find_soorten(session)
    omzetter = Omzetter(
        Koppeling.from_json(bron.koppeling or {}),
        bron.organisatie_id,
        {code: key for key, code, _ in soorten},
        {key: naam for key, _, naam in soorten},
        _nowhere,
    )
    found = find_rows(session, bron.id, van=1, tot=bron.totaal)
    converted = [convert(row, omzetter) for row in found]
    store(session, bron.id, converted, marge_m=MARGE_M, sla_over=False)
    bron.stand = Stand.BEKIJKEN
    session.flush()


def _feature(
    ding: Mapping[str, Any], nummer: int, kernen: Mapping[str, Kern], vandaag: date
) -> Feature:
    eerste = vandaag + timedelta(days=ding["over_dagen"])
    laatste = eerste + timedelta(days=ding["duur_dagen"] - 1)
    velden = {key: ding[key] for key in ("id", "titel", "omschrijving", "soort")}
    kern = kernen.get(ding.get("kern", ""))
    geom = None
    if kern is not None:
        geom = affinity.translate(LineString(ding["lijn"]), kern.hart.x, kern.hart.y)
    dagen = {"begin": f"{eerste:%d-%m-%Y}", "eind": f"{laatste:%d-%m-%Y}"}
    return Feature("demo", nummer, velden | dagen, geom)


def _nowhere(tekst: str) -> Adres:
    raise Invalid(f"Een adres als {tekst} zoeken we hier niet op.")


def _take(session: Session, bron: Werkbron, vandaag: date) -> int:
    """Take it over, and mark what came of it as invented; the source knows it so."""
    take_over(session, bron, van=1, tot=bron.totaal, vandaag=vandaag)
    ids = select(Werkbronitem.werkzaamheid_id).where(Werkbronitem.bron_id == bron.id)
    session.execute(
        update(Werkzaamheid).where(Werkzaamheid.id.in_(ids)).values(demo=True),
        execution_options={"synchronize_session": False},
    )
    opgevallen = find_opgevallen(session, bron.id)
    bron.verslag = {**count_oordelen(session, bron.id), "weg": 0} | vars(opgevallen)
    forget_rows(session, bron.id)
    bron.stand = Stand.LOOPT
    note_success(bron, now())
    session.flush()
    return bron.totaal
