"""The form of an activity: text becomes values."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from flask import current_app
from shapely.geometry import Point
from wtforms import BooleanField

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.kernen.forms import PlekForm
from kernenkaart.kernen.plek import Plek
from kernenkaart.tijd import AMSTERDAM, at
from kernenkaart.web.forms import Formulier, plek_waarden
from kernenkaart.web.velden import (
    DagVeld,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    TijdVeld,
    Verplicht,
    hoogstens,
    mag_leeg,
)
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.queries import plek_in

NACHT = time(6)  # until then an end belongs to the evening before


def botsing_m() -> float:
    """How far away something for the same people is in the way, metres, by the settings."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.botsing_afstand_m


class ActiviteitForm(PlekForm):
    """What, when and where.

    Attributes:
        zalen: the halls to choose from, by key; see ``offer_zalen``.
    """

    op_de_pagina: ClassVar[tuple[str, ...]] = (
        *("titel", "soort", "doelgroep", "datum", "van", "tot", "hele_dag", "laatste_dag"),
        *("zaal", "plek", "lon", "lat", "kern", "plek_onbekend", "omschrijving", "organisator"),
    )
    zalen: Mapping[int, Zaal] = {}

    titel = TekstVeld(
        "Hoe heet de activiteit?",
        [Verplicht("Vul een naam in. Bijvoorbeeld: Boekenmarkt."), hoogstens(200)],
    )
    soort = KeuzeVeld(
        "Wat voor activiteit is het?", [Verplicht("Kies een soort uit de lijst.")], leeg="Kies"
    )
    doelgroep = KeuzeVeld("Voor wie is het?", leeg="Dat zeg ik er niet bij")
    datum = DagVeld("Datum", [Verplicht("Vul een datum in. Bijvoorbeeld: 12-06-2027.")])
    van = TijdVeld("Van", [mag_leeg()])
    tot = TijdVeld("Tot", [mag_leeg()])
    hele_dag = BooleanField("Het duurt de hele dag")
    laatste_dag = DagVeld(
        "Laatste dag",
        [mag_leeg()],
        description="Vul in tot en met welke dag. Bijvoorbeeld 13-06-2027",
    )
    zaal = KeuzeVeld(
        "In welke zaal?",
        leeg="Niet in een zaal uit deze lijst",
        description="Kies je een zaal, dan weten we meteen waar het is.",
    )
    omschrijving = TekstvakVeld(
        "Vertel er iets over",
        [hoogstens(5000)],
        description="Wat kun je er doen? Kost het iets?",
    )
    organisator = TekstVeld(
        "Wie organiseert het?",
        [hoogstens(200)],
        description="Alleen als het een ander is dan je eigen groep. Bijvoorbeeld een vereniging.",
    )

    def offer_zalen(self, zalen: Iterable[Zaal]) -> None:
        """Fill the list of halls; a script finds on each where it is."""
        self.zalen = {zaal.id: zaal for zaal in zalen}
        self.zaal.offer(
            (zaal.id, f"{zaal.naam}, {zaal.kern.naam}", _found_by_script(zaal))
            for zaal in self.zalen.values()
        )

    def checks(self) -> tuple[Any, ...]:
        """Times first, as on the page."""
        return (self.to_moments, *super().checks())

    def to_plek(self) -> Plek:
        """The place that was filled in; what is left open is that of the hall.

        Raises:
            Invalid: as in ``PlekForm``, unless a hall was chosen.
        """
        zaal = self.zalen.get(self.zaal.data)
        if zaal is None:
            return super().to_plek()
        naam = self.plek.data or ""
        return plek_in(
            zaal,
            Plek(
                punt=None if self.lon.errors or self.lat.errors else self.to_punt(),
                kern_id=self.kern.data,
                naam="" if self._stayed_behind() and naam == self.started_from()["plek"] else naam,
                onbekend=self.plek_onbekend.data,
            ),
        )

    def to_punt(self) -> Point | None:
        """As in ``PlekVelden``; without a script the point stays behind when a hall is chosen."""
        return None if self._stayed_behind() else super().to_punt()

    def _stayed_behind(self) -> bool:
        was, nu = self.started_from(), self.typed()
        return bool(
            nu["zaal"]
            and "plek" in was
            and nu["zaal"] != was.get("zaal")
            and (nu["lon"], nu["lat"]) == (was.get("lon"), was.get("lat"))
        )

    def to_moments(self) -> tuple[datetime, datetime] | None:
        """Begin and end; None as long as a field is wrong in itself.

        Raises:
            Invalid: if they do not fit together or do not exist.
        """
        dag: date | None = self.datum.data
        if dag is None or self.laatste_dag.errors or self.van.errors or self.tot.errors:
            return None
        laatste: date = self.laatste_dag.data or dag
        if laatste < dag:
            raise Invalid("De laatste dag ligt vóór de eerste dag.", veld="laatste_dag")
        if self.hele_dag.data:
            return at(dag, time()), at(laatste + timedelta(days=1), time())
        return make_moments(dag, laatste, self.van.data, self.tot.data)

    def to_gegevens(self) -> ActiviteitGegevens:
        """The values of a form that validates."""
        moments = self.to_moments()
        assert moments is not None  # noqa: S101  # the form validates
        return ActiviteitGegevens(
            titel=self.titel.data or "",
            soort_id=self.soort.data,
            omschrijving=self.omschrijving.data or "",
            begint_op=moments[0],
            eindigt_op=moments[1],
            hele_dag=self.hele_dag.data,
            plek=self.to_plek(),
            organisator=self.organisator.data or "",
            doelgroep_id=self.doelgroep.data,
            zaal_id=self.zaal.data,
        )


def _found_by_script(zaal: Zaal) -> dict[str, str]:
    lonlat = to_wgs84(zaal.geom)
    return {"data-naam": zaal.naam, "data-lon": f"{lonlat.x:.7f}", "data-lat": f"{lonlat.y:.7f}"}


def waarden_of(activiteit: Activiteit) -> dict[str, Any]:
    """The values of the form for an activity that exists."""
    begin = activiteit.begint_op.astimezone(AMSTERDAM)
    eind = activiteit.eindigt_op.astimezone(AMSTERDAM)
    laatste = (eind - timedelta(microseconds=1)).date()
    night = eind - begin < timedelta(hours=24) and eind.time() <= NACHT and begin.hour >= 12
    return {
        "titel": activiteit.titel,
        "soort": activiteit.soort_id,
        "doelgroep": activiteit.doelgroep_id,
        "zaal": activiteit.zaal_id,
        "organisator": activiteit.organisator or "",
        "datum": begin.date(),
        "van": None if activiteit.hele_dag else begin.time(),
        "tot": None if activiteit.hele_dag else eind.time(),
        "hele_dag": activiteit.hele_dag,
        "laatste_dag": None if laatste == begin.date() or night else laatste,
        "omschrijving": activiteit.omschrijving,
        **plek_waarden(activiteit.geom, activiteit.plek_naam, activiteit.kern_id),
    }


def make_moments(
    dag: date, laatste: date, van: time | None, tot: time | None
) -> tuple[datetime, datetime]:
    """Begin and end on the clock of Amsterdam. An end until six at night is the next morning.

    Raises:
        Invalid: if a time is missing or skipped that night, or the end is not after the begin.
    """
    if van is None:
        raise Invalid("Vul een begintijd in. Bijvoorbeeld: 10.00.", veld="van")
    if tot is None:
        raise Invalid("Vul een eindtijd in. Weet je het niet precies? Schat het.", veld="tot")
    if laatste == dag and tot <= NACHT and van.hour >= 12:
        laatste += timedelta(days=1)
    begin, eind = _at(dag, van, "van"), _at(laatste, tot, "tot")
    if eind <= begin:
        raise Invalid(
            "De eindtijd is vroeger dan de begintijd. Vul een latere tijd in.", veld="tot"
        )
    return begin, eind


def _at(dag: date, tijdstip: time, veld: str) -> datetime:
    try:
        return at(dag, tijdstip)
    except ValueError as error:
        raise Invalid(f"{error} Kies 3.00 of later.", veld=veld) from error


class RedenForm(Formulier):
    """Why an activity is called off."""

    reden = TekstVeld(
        "Waarom gaat het niet door?",
        [Verplicht("Vul in waarom het niet doorgaat. Bijvoorbeeld: te veel wind."), hoogstens(300)],
        description="Iedereen kan dit lezen.",
    )
