"""The forms of works: text becomes values."""

from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid
from kernenkaart.geo.invoer import parse_vorm
from kernenkaart.labels.queries import find_labels
from kernenkaart.organisaties.posten import find_own
from kernenkaart.periode import (
    Nauwkeurigheid,
    Tijdvak,
    format_duur,
    format_periode,
    parse_duur,
    parse_periode,
)
from kernenkaart.tijd import parse_dag
from kernenkaart.web.forms import show_error
from kernenkaart.web.rijen import RijenVeld
from kernenkaart.web.velden import (
    DagVeld,
    GetypteWaarde,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    Verplicht,
    hoogstens,
    mag_leeg,
)
from kernenkaart.web.vorm import VormVelden, vorm_text
from kernenkaart.werkzaamheden import queries
from kernenkaart.werkzaamheden.dagen import check_dagen
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status, Werkzaamheid
from kernenkaart.werkzaamheden.services import (
    FaseZin,
    HinderVormen,
    HinderZin,
    WerkGegevens,
)
from kernenkaart.werkzaamheden.startcheck import REDEN_MAX


class DuurVeld(GetypteWaarde):
    """How long it takes: ``3 weken``, ``10 dagen``. Data is a number of days or None."""

    def parse(self, text: str) -> int:
        """The days that were typed."""
        return parse_duur(text)

    def notation(self, waarde: int) -> str:
        """As people say it."""
        return format_duur(waarde)


class WerkForm(VormVelden):
    """What, when, where, and who cannot pass."""

    ding = "werkzaamheid"
    op_de_pagina = (
        *("titel", "organisatie", "soort", "diepte", "eerste_dag", "laatste_dag", "periode"),
        *(
            "duur",
            "vroegst",
            "laatst",
            "status",
            "vrijstelling",
            "fasen",
            "plek",
            "vorm",
            "bestand",
        ),
        *("hinder_vorm", "omleiding_vorm", "hinder", "hinder_kort", "hinderregels", "omleiding"),
        *("omschrijving", "project", "contact_rol", "contact_telefoon", "openbaar"),
        "interne_notitie",
    )

    titel = TekstVeld(
        "Hoe heet het werk?",
        [Verplicht("Vul een naam in. Bijvoorbeeld: Nieuw riool in de Nieuwsteeg."), hoogstens(200)],
    )
    organisatie = KeuzeVeld(
        "Van wie is het werk?", [Verplicht("Kies een organisatie uit de lijst.")], leeg="Kies"
    )
    soort = KeuzeVeld(
        "Wat voor werk is het?", [Verplicht("Kies een soort uit de lijst.")], leeg="Kies"
    )
    diepte = KeuzeVeld("Wat gaat er open?", soort=str, leeg="Zoals altijd bij deze soort")
    eerste_dag = DagVeld("Eerste dag")
    laatste_dag = DagVeld("Laatste dag")
    periode = TekstVeld(
        "Of ongeveer wanneer",
        [hoogstens(80)],
        description="Weet je de dagen nog niet? Schrijf bijvoorbeeld: voorjaar 2028.",
    )
    duur = DuurVeld(
        "Hoe lang duurt het dan?",
        [mag_leeg()],
        description="Bijvoorbeeld: 3 weken.",
    )
    vroegst = DagVeld("Op zijn vroegst", [mag_leeg()])
    laatst = DagVeld("Op zijn laatst", [mag_leeg()])
    fasen = RijenVeld("Stappen", kolommen=("naam", "eerste_dag", "laatste_dag", "vorm"))
    status = KeuzeVeld("Hoe zeker is het?", [Verplicht("Kies hoe zeker het is.")], soort=str)
    vrijstelling = TekstVeld(
        "Bevestigen zonder startcheck? Waarom?",
        [hoogstens(REDEN_MAX)],
        description="Bijvoorbeeld: spoedreparatie na een breuk.",
    )
    plek = TekstVeld(
        "Straat of plek", [hoogstens(200)], description="Bijvoorbeeld: Nieuwsteeg tussen 2 en 40"
    )
    hinder = KeuzeVeld(
        "Hoeveel hinder is er?", [Verplicht("Kies hoeveel hinder er is.")], soort=str
    )
    hinder_kort = TekstVeld(
        "In het kort", [hoogstens(80)], description="Bijvoorbeeld: Afgesloten voor auto's"
    )
    hinderregels = RijenVeld(
        "Wie kan er langs, en wanneer?", kolommen=("wie", "niveau", "tekst"), leeg=("niveau",)
    )
    omleiding = TekstVeld("Omleiding", [hoogstens(300)])
    hinder_vorm = TekstvakVeld("Waar is er hinder?", description="Niets: op de plek zelf.")
    omleiding_vorm = TekstvakVeld("Hoe loopt de omleiding?", description="Een lijn.")
    omschrijving = TekstvakVeld(
        "Wat gaan jullie doen?", [hoogstens(5000)], description="In gewone woorden. Waarom ook?"
    )
    project = KeuzeVeld("Hoort het bij een project?", leeg="Nee")
    contact_rol = TekstVeld(
        "Wie beantwoordt vragen?", [hoogstens(60)], description="Een rol, geen naam."
    )
    contact_telefoon = TekstVeld("Telefoon", [hoogstens(30)])
    openbaar = BooleanField("Iedereen mag dit zien", default=True)
    interne_notitie = TekstvakVeld(
        "Interne notitie",
        [hoogstens(5000)],
        description="Alleen je eigen organisatie en de gemeente zien dit.",
    )

    def offer(self, session: Session, actor: Actor, werk: Werkzaamheid | None = None) -> None:
        """Set what can be chosen.

        Args:
            werk: the work that is changed; what it has can be chosen even when out of use.
        """
        soort_id, project_id = (werk.soort_id, werk.project_id) if werk else (None, None)
        self.soort.offer(queries.find_soorten(session, soort_id))
        self.organisatie.offer((o.id, o.naam) for o in find_own(session, actor))
        self.project.offer(queries.find_projecten(session, actor, project_id))
        status = find_labels(session, "werkzaamheid.status")
        self.status.offer((code, tekst) for code, tekst in status.items() if code != Status.CONCEPT)
        self.hinder.offer(find_labels(session, "werkzaamheid.hinder").items())
        self.diepte.offer(find_labels(session, "werkzaamheid.diepte").items())

    def validate_hinderregels(self, field: RijenVeld) -> None:
        """Each line says who and what."""
        for nummer, rij in enumerate(field.data or (), start=1):
            if not rij["wie"] or not rij["tekst"]:
                raise ValidationError(f"Regel {nummer}: vul in wie, en hoe die langs kan.")
            if len(rij["wie"]) > 100 or len(rij["tekst"]) > 300:
                raise ValidationError(f"Regel {nummer} is te lang. Maak hem korter.")
            if rij["niveau"] not in set(Hinder):
                raise ValidationError(f"Regel {nummer}: kies wel, soms of niet.")

    def validate_eerste_dag(self, field: Field) -> None:
        """Needed, unless a period is given."""
        if not self.periode.data:
            Verplicht("Vul de eerste dag in. Bijvoorbeeld: 07-06-2027.")(self, field)

    def validate_laatste_dag(self, field: Field) -> None:
        """Needed, unless a period is given."""
        if not self.periode.data:
            Verplicht("Vul de laatste dag in. Bijvoorbeeld: 02-07-2027.")(self, field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then geometries, days and steps; all errors at once."""
        super().validate(extra_validators)
        for veld, read in (
            ("geom", self.to_vorm),
            ("tijdvak", self._to_tijdvak),
            ("hinder_plek", self._to_hinder),
            ("omleiding_lijn", self._to_omleiding),
            ("stappen", self._to_fasen),
        ):
            try:
                setattr(self, veld, read())
            except Invalid as error:
                show_error(self, error)
        if self.hinder.data != Hinder.GEEN and not self.hinder_kort.data:
            zin = "Vul in wie er niet langs kan. Bijvoorbeeld: Afgesloten voor auto's."
            show_error(self, Invalid(zin, "hinder_kort"))
        return not self.errors

    def _to_tijdvak(self) -> Tijdvak | None:
        """When it is; None when the fields themselves say what is wrong."""
        eerste, laatste = self.eerste_dag.data, self.laatste_dag.data
        found = Tijdvak(eerste, laatste) if eerste and laatste else None
        if self.periode.data:
            try:
                found = parse_periode(self.periode.data)
            except ValueError as error:
                raise Invalid(str(error), "periode") from error
            bounds = eerste or found.eerste, laatste or found.laatste
            if bounds[0] < found.eerste or bounds[1] > found.laatste:
                raise Invalid(
                    "De dagen liggen niet in deze periode. Laat een van beide leeg.", "periode"
                )
            found = Tijdvak(*bounds, found.nauwkeurigheid)
        if found is None or self.eerste_dag.errors or self.laatste_dag.errors:
            return None
        check_dagen(
            found.eerste,
            found.laatste,
            duur_dagen=self.duur.data,
            vroegst=self.vroegst.data,
            laatst=self.laatst.data,
        )
        return found

    def read_deel(self, tekst: str) -> BaseGeometry | None:
        """The RD geometry of something besides the work itself; None when nothing was drawn.

        Raises:
            Invalid: as in ``parse_vorm``.
        """
        return parse_vorm(tekst) if tekst else None

    def _to_hinder(self) -> BaseGeometry | None:
        return self._read_vorm("hinder_vorm")

    def _to_omleiding(self) -> BaseGeometry | None:
        lijn = self._read_vorm("omleiding_vorm")
        if lijn is not None and "Line" not in lijn.geom_type:
            raise Invalid("Teken de omleiding als een lijn.", "omleiding_vorm")
        return lijn

    def _read_vorm(self, veld: str) -> BaseGeometry | None:
        try:
            return self.read_deel(self[veld].data)
        except Invalid as error:
            raise Invalid(error.melding, veld) from error

    def _to_fasen(self) -> tuple[FaseZin, ...]:
        found = []
        for nummer, rij in enumerate(self.fasen.data or (), start=1):
            if not 1 <= len(rij["naam"]) <= 100:
                raise Invalid(f"Stap {nummer}: vul in wat er gebeurt, in 100 tekens.", "fasen")
            try:
                eerste, laatste = parse_dag(rij["eerste_dag"]), parse_dag(rij["laatste_dag"])
                geom = self.read_deel(rij["vorm"])
            except (ValueError, Invalid) as error:
                raise Invalid(f"Stap {nummer}: {error}", "fasen") from error
            if laatste < eerste:
                raise Invalid(f"Stap {nummer}: de laatste dag ligt vóór de eerste.", "fasen")
            found.append(FaseZin(rij["naam"], eerste, laatste, geom))
        return tuple(found)

    def to_gegevens(
        self, stored: Werkzaamheid | None = None, *, concept: bool = False
    ) -> WerkGegevens:
        """The values of a form that validates.

        Args:
            stored: the work that is changed; a geometry that was not touched stays as it is.
            concept: keep it as a draft; it gets its status when it is placed.
        """
        same = stored is not None and self.vorm.data == vorm_text(stored.geom)
        status = Status(self.status.data)
        return WerkGegevens(
            organisatie_id=self.organisatie.data,
            titel=self.titel.data or "",
            soort_id=self.soort.data,
            omschrijving=self.omschrijving.data or "",
            eerste_dag=self.tijdvak.eerste,
            laatste_dag=self.tijdvak.laatste,
            nauwkeurigheid=self.tijdvak.nauwkeurigheid,
            duur_dagen=self.duur.data,
            vroegst=self.vroegst.data,
            laatst=self.laatst.data,
            diepte=Diepte(self.diepte.data) if self.diepte.data else None,
            fasen=self.stappen,
            hinder_vormen=HinderVormen(self.hinder_plek, self.omleiding_lijn),
            interne_notitie=self.interne_notitie.data or "",
            vrijstelling=self.vrijstelling.data or None,
            status=Status.CONCEPT if concept else status,
            status_straks=status if concept else None,
            openbaar=self.openbaar.data,
            hinder=Hinder(self.hinder.data),
            hinder_kort=self.hinder_kort.data or None,
            hinderregels=tuple(
                HinderZin(rij["wie"], Hinder(rij["niveau"]), rij["tekst"])
                for rij in self.hinderregels.data or ()
            ),
            omleiding=self.omleiding.data or None,
            plek_naam=self.plek.data or None,
            geom=None if same else self.geom,
            contact_rol=self.contact_rol.data or None,
            contact_telefoon=self.contact_telefoon.data or None,
            project_id=self.project.data,
        )


def waarden_of(werk: Werkzaamheid) -> dict[str, Any]:
    """The values of the form for a work that exists."""
    periode = period_text(werk)
    heel = bool(periode) and parse_periode(periode) == Tijdvak(
        werk.eerste_dag, werk.laatste_dag, werk.nauwkeurigheid
    )
    return {
        "titel": werk.titel,
        "organisatie": werk.organisatie_id,
        "soort": werk.soort_id,
        "diepte": werk.diepte.value if werk.diepte else None,
        "eerste_dag": None if heel else werk.eerste_dag,
        "laatste_dag": None if heel else werk.laatste_dag,
        "periode": periode,
        "duur": werk.duur_dagen,
        "vroegst": werk.vroegst,
        "laatst": werk.laatst,
        "fasen": [
            {
                "naam": fase.naam,
                "eerste_dag": f"{fase.eerste_dag:%d-%m-%Y}",
                "laatste_dag": f"{fase.laatste_dag:%d-%m-%Y}",
                "vorm": vorm_text(fase.geom),
            }
            for fase in werk.fasen
        ],
        "hinder_vorm": vorm_text(werk.hinder_geom),
        "omleiding_vorm": vorm_text(werk.omleiding_geom),
        "interne_notitie": werk.interne_notitie,
        "vrijstelling": "",  # a reason that was given before stays
        "status": (werk.status_straks or werk.status).value,
        "plek": werk.plek_naam or "",
        "vorm": vorm_text(werk.geom),
        "hinder": werk.hinder.value,
        "hinder_kort": werk.hinder_kort or "",
        "hinderregels": [
            {"wie": r.wie, "niveau": r.niveau.value, "tekst": r.tekst} for r in werk.hinderregels
        ],
        "omleiding": werk.omleiding or "",
        "omschrijving": werk.omschrijving,
        "project": werk.project_id,
        "contact_rol": werk.contact_rol or "",
        "contact_telefoon": werk.contact_telefoon or "",
        "openbaar": werk.openbaar,
    }


def period_text(werk: Werkzaamheid) -> str:
    """The period of a work in words that the form reads back; empty when its days are known."""
    if werk.nauwkeurigheid is Nauwkeurigheid.DAG:
        return ""
    return format_periode(werk.eerste_dag, werk.laatste_dag, werk.nauwkeurigheid)
