"""Calendars of invented clubs: one that runs, and one that waits to be looked at."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.demo.bron import read
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.kalenderbronnen.items import Inhoud, Item, Klacht
from kernenkaart.kalenderbronnen.models import Bronitem, Kalenderbron, Stand
from kernenkaart.kalenderbronnen.services import keep_in_step, keep_read
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import at, now, parse_tijd
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap

MARGE_M = 5000.0


def add_bronnen(session: Session, soorten: Mapping[str, int], vandaag: date) -> int:
    """The calendars of the first group of the demo's platformlid.

    Args:
        soorten: key of each kind by its code.

    Returns:
        How many activities came of them.
    """
    platform = session.scalars(
        select(Platform)
        .join(Lidmaatschap, Lidmaatschap.platform_id == Platform.id)
        .join(Gebruiker, Gebruiker.id == Lidmaatschap.gebruiker_id)
        .where(Gebruiker.email == f"platformlid@{DOMEIN}")
        .order_by(Platform.id)
    ).first()
    if platform is None or not platform.kernen:
        return 0
    for blok in read("wie")["agendas"]:
        bron = Kalenderbron(
            platform_id=platform.id,
            naam=blok["naam"],
            soort_id=soorten[blok["soort"]],
            kern_id=platform.kernen[0].id,
        )
        session.add(bron)
        session.flush()
        items = tuple(_item(item, vandaag) for item in blok["dingen"])
        inhoud = Inhoud(blok["naam"], items, tuple(Klacht(**k) for k in blok.get("klachten", ())))
        keep_read(session, bron, inhoud, now())
        if blok["overgenomen"]:
            keep_in_step(session, bron, inhoud, now(), marge_m=MARGE_M)
    return _mark(session, platform.id)


def _item(blok: Mapping[str, Any], vandaag: date) -> Item:
    dag = vandaag + timedelta(days=blok["over_dagen"])
    return Item(
        uid=f"{blok['titel']}@voorbeeld.example",
        keer="",
        titel=blok["titel"],
        omschrijving=blok["omschrijving"],
        plek=blok["plek"],
        begint_op=at(dag, parse_tijd(blok["van"])),
        eindigt_op=at(dag, parse_tijd(blok["tot"])),
        hele_dag=False,
    )


def _mark(session: Session, platform_id: int) -> int:
    """Mark what came of them as invented; the calendars know it so."""
    rows = session.execute(
        select(Bronitem, Activiteit)
        .join(Activiteit, Activiteit.id == Bronitem.activiteit_id)
        .join(Kalenderbron, Kalenderbron.id == Bronitem.bron_id)
        .where(Kalenderbron.platform_id == platform_id, Kalenderbron.stand == Stand.LOOPT)
    ).all()
    for row in rows:
        row.Activiteit.demo = True
    session.flush()
    for row in rows:
        row.Bronitem.activiteit_versie = row.Activiteit.versie
    session.flush()
    return len(rows)
