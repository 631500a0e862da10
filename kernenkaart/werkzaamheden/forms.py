"""The forms of works: text becomes values."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField
from wtforms.validators import ValidationError

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid
from kernenkaart.labels.queries import find_labels
from kernenkaart.organisaties.posten import find_own
from kernenkaart.tijd import Periode, kwartaal_of, today
from kernenkaart.web.forms import Formulier, show_error
from kernenkaart.web.rijen import RijenVeld
from kernenkaart.web.velden import (
    DagVeld,
    GetalVeld,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    Verplicht,
    hoogstens,
)
from kernenkaart.web.vorm import VormVelden, vorm_text
from kernenkaart.werkzaamheden import queries
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid
from kernenkaart.werkzaamheden.services import HinderZin, WerkGegevens

AFSTAND_M = 500.0
AFSTAND_MAX_M = 50_000.0


class WerkForm(VormVelden):
    """What, when, where, and who cannot pass."""

    ding = "werkzaamheid"
    op_de_pagina = (
        *("titel", "organisatie", "soort", "eerste_dag", "laatste_dag", "status", "plek"),
        *("vorm", "bestand", "hinder", "hinder_kort", "hinderregels", "omleiding"),
        *("omschrijving", "project", "contact_rol", "contact_telefoon", "openbaar"),
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
    eerste_dag = DagVeld(
        "Eerste dag", [Verplicht("Vul de eerste dag in. Bijvoorbeeld: 07-06-2027.")]
    )
    laatste_dag = DagVeld(
        "Laatste dag", [Verplicht("Vul de laatste dag in. Bijvoorbeeld: 02-07-2027.")]
    )
    status = KeuzeVeld("Hoe zeker is het?", [Verplicht("Kies hoe zeker het is.")], soort=str)
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
    omschrijving = TekstvakVeld(
        "Wat gaan jullie doen?", [hoogstens(5000)], description="In gewone woorden. Waarom ook?"
    )
    project = KeuzeVeld("Hoort het bij een project?", leeg="Nee")
    contact_rol = TekstVeld(
        "Wie beantwoordt vragen?", [hoogstens(60)], description="Een rol, geen naam."
    )
    contact_telefoon = TekstVeld("Telefoon", [hoogstens(30)])
    openbaar = BooleanField("Iedereen mag dit zien", default=True)

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

    def validate_hinderregels(self, field: RijenVeld) -> None:
        """Each line says who and what."""
        for nummer, rij in enumerate(field.data or (), start=1):
            if not rij["wie"] or not rij["tekst"]:
                raise ValidationError(
                    f"Regel {nummer}: vul in wie, en of en wanneer die langs kan."
                )
            if len(rij["wie"]) > 100 or len(rij["tekst"]) > 300:
                raise ValidationError(f"Regel {nummer} is te lang. Maak hem korter.")
            if rij["niveau"] not in set(Hinder):
                raise ValidationError(f"Regel {nummer}: kies wel, soms of niet.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then the geometry; all errors at once."""
        super().validate(extra_validators)
        try:
            self.geom = self.to_vorm()
        except Invalid as error:
            show_error(self, error)
        eerste, laatste = self.eerste_dag.data, self.laatste_dag.data
        if eerste and laatste and laatste < eerste:
            show_error(self, Invalid("De laatste dag ligt vóór de eerste dag.", "laatste_dag"))
        if self.hinder.data != Hinder.GEEN and not self.hinder_kort.data:
            zin = "Vul in wie er niet langs kan. Bijvoorbeeld: Afgesloten voor auto's."
            show_error(self, Invalid(zin, "hinder_kort"))
        return not self.errors

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
            eerste_dag=self.eerste_dag.data,
            laatste_dag=self.laatste_dag.data,
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
    return {
        "titel": werk.titel,
        "organisatie": werk.organisatie_id,
        "soort": werk.soort_id,
        "eerste_dag": werk.eerste_dag,
        "laatste_dag": werk.laatste_dag,
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


class NabijForm(Formulier):
    """Which works lie near something, in which days."""

    class Meta(Formulier.Meta):
        """A question changes nothing, so it carries no token."""

        csrf = False

    afstand = GetalVeld("Binnen", default=AFSTAND_M)
    kwartaal = TekstVeld("in")
    van = DagVeld("van")
    tot = DagVeld("tot en met")
    organisatie = KeuzeVeld("van", leeg="alle organisaties")
    vorm = TekstvakVeld("Gebied", description="GeoJSON of WKT, in RD of in graden.")

    def to_afstand_m(self) -> float:
        """Metres.

        Raises:
            Invalid: if it is no distance from 0 to 50 km.
        """
        if not self.afstand.raw_data:
            self.afstand.data = AFSTAND_M
        afstand: float | None = self.afstand.data
        if self.afstand.errors or afstand is None or not 0 <= afstand <= AFSTAND_MAX_M:
            raise Invalid("Vul een afstand in van 0 tot 50000 meter.", veld="afstand")
        return afstand

    def to_periode(self) -> Periode:
        """The days asked about: ``van`` and ``tot``, else the quarter, else this quarter.

        Raises:
            Invalid: if they cannot be read or do not fit together.
        """
        van: date | None = self.van.data
        tot: date | None = self.tot.data
        try:
            if van or tot:
                return Periode(van, tot)
            return Periode.from_kwartaal(self.kwartaal.data or kwartaal_of(today()))
        except ValueError as error:
            raise Invalid(str(error), veld="tot" if van or tot else "kwartaal") from error
