"""What invented residents sent in for the calendar."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from kernenkaart.demo.bron import read
from kernenkaart.demo.dorp import Dorp
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.tijd import at, now, parse_tijd


def add_inzendingen(
    session: Session, dorpen: dict[str, Dorp], soorten: dict[str, int], vandaag: date
) -> None:
    """One that waits for a moderator, and one that waits for its sender."""
    for blok in read("wie")["inzendingen"]:
        if blok["kern"] not in dorpen:
            continue
        kern = dorpen[blok["kern"]].kern
        dag = vandaag + timedelta(days=blok["over_dagen"])
        verstuurd = now() - timedelta(days=blok["dagen_geleden"])
        session.add(
            Inzending(
                gemeente_id=kern.gemeente_id,
                kern_id=kern.id,
                geom=kern.hart,
                plek_naam=blok["plek"],
                soort_id=soorten[blok["soort"]],
                titel=blok["titel"],
                organisator=blok["organisator"],
                omschrijving=blok["omschrijving"],
                begint_op=at(dag, parse_tijd(blok["van"])),
                eindigt_op=at(dag, parse_tijd(blok["tot"])),
                email=f"inwoner@{DOMEIN}",
                status=Status.VRAAG if "vraag" in blok else Status.WACHT,
                vraag=blok.get("vraag"),
                created_at=verstuurd,
                bevestigd_op=verstuurd,
                gemeld_op=verstuurd,
                demo=True,
            )
        )
    session.flush()
