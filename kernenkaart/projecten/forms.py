"""The form of a project: text becomes values."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from kernenkaart.errors import Invalid
from kernenkaart.projecten.models import Participatie, Project, Status
from kernenkaart.projecten.services import Fase, ProjectGegevens
from kernenkaart.web.adres import clean_website
from kernenkaart.web.forms import show_error
from kernenkaart.web.rijen import RijenVeld
from kernenkaart.web.velden import (
    DagVeld,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    Verplicht,
    hoogstens,
    mag_leeg,
)
from kernenkaart.web.vorm import VormVelden, vorm_text


class ProjectForm(VormVelden):
    """What takes years: what, where, in which steps, and what residents can say about it."""

    ding = "project"
    op_de_pagina = (
        *("titel", "organisatie", "soort", "status", "eerste_dag", "laatste_dag", "fasen"),
        *("plek", "vorm", "bestand", "omschrijving", "participatie", "participatie_uitleg"),
        *("contact_rol", "contact_telefoon", "website", "openbaar"),
    )

    titel = TekstVeld(
        "Hoe heet het project?",
        [Verplicht("Vul een naam in. Bijvoorbeeld: 24 woningen aan de laan."), hoogstens(200)],
    )
    organisatie = KeuzeVeld(
        "Van wie is het project?", [Verplicht("Kies een organisatie uit de lijst.")], leeg="Kies"
    )
    soort = KeuzeVeld(
        "Wat voor project is het?", [Verplicht("Kies een soort uit de lijst.")], leeg="Kies"
    )
    status = KeuzeVeld("Hoe ver is het?", [Verplicht("Kies hoe ver het is.")], soort=str)
    eerste_dag = DagVeld("Begint op", [mag_leeg()])
    laatste_dag = DagVeld("Klaar op", [mag_leeg()])
    fasen = RijenVeld("Stappen", kolommen=("naam", "periode"))
    plek = TekstVeld("Straat of plek", [hoogstens(200)], description="Bijvoorbeeld: Lingedijk")
    omschrijving = TekstvakVeld(
        "Waar gaat het over?", [hoogstens(5000)], description="In gewone woorden. Waarom ook?"
    )
    participatie = KeuzeVeld("Wat kunnen inwoners doen?", soort=str)
    participatie_uitleg = TekstvakVeld(
        "Leg dat uit",
        [hoogstens(1000)],
        description="Waarover kunnen mensen meepraten, en waarover niet?",
    )
    contact_rol = TekstVeld(
        "Wie beantwoordt vragen?", [hoogstens(60)], description="Een rol, geen naam."
    )
    contact_telefoon = TekstVeld("Telefoon", [hoogstens(30)])
    website = TekstVeld("Website", [hoogstens(300)])
    openbaar = BooleanField("Iedereen mag dit zien", default=True)

    def validate_fasen(self, field: RijenVeld) -> None:
        """Each step has a name."""
        for nummer, rij in enumerate(field.data or (), start=1):
            if not rij["naam"]:
                raise ValidationError(f"Stap {nummer}: vul in wat er gebeurt.")
            if len(rij["naam"]) > 100 or len(rij["periode"]) > 100:
                raise ValidationError(f"Stap {nummer} is te lang. Maak hem korter.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then geometry, days and website; all errors at once."""
        super().validate(extra_validators)
        try:
            self.geom = self.to_vorm()
        except Invalid as error:
            show_error(self, error)
        try:
            clean_website(self.website.data or "", "website")
        except Invalid as error:
            show_error(self, error)
        eerste, laatste = self.eerste_dag.data, self.laatste_dag.data
        if eerste and laatste and laatste < eerste:
            show_error(self, Invalid("De laatste dag ligt vóór de eerste dag.", "laatste_dag"))
        return not self.errors

    def to_gegevens(
        self, stored: Project | None = None, *, concept: bool = False
    ) -> ProjectGegevens:
        """The values of a form that validates.

        Args:
            stored: the project that is changed; a geometry that was not touched stays as it is.
            concept: keep it as a draft; it gets its status when it is placed.
        """
        same = stored is not None and self.vorm.data == vorm_text(stored.geom)
        status = Status(self.status.data)
        return ProjectGegevens(
            organisatie_id=self.organisatie.data,
            titel=self.titel.data or "",
            soort_id=self.soort.data,
            omschrijving=self.omschrijving.data or "",
            eerste_dag=self.eerste_dag.data,
            laatste_dag=self.laatste_dag.data,
            status=Status.CONCEPT if concept else status,
            status_straks=status if concept else None,
            openbaar=self.openbaar.data,
            participatie=Participatie(self.participatie.data),
            participatie_uitleg=self.participatie_uitleg.data or "",
            fasen=tuple(Fase(rij["naam"], rij["periode"] or None) for rij in self.fasen.data or ()),
            plek_naam=self.plek.data or None,
            geom=None if same else self.geom,
            contact_rol=self.contact_rol.data or None,
            contact_telefoon=self.contact_telefoon.data or None,
            website=clean_website(self.website.data or "", "website"),
        )


def waarden_of(project: Project) -> dict[str, Any]:
    """The values of the form for a project that exists."""
    return {
        "titel": project.titel,
        "organisatie": project.organisatie_id,
        "soort": project.soort_id,
        "status": (project.status_straks or project.status).value,
        "eerste_dag": project.eerste_dag,
        "laatste_dag": project.laatste_dag,
        "fasen": [{"naam": f.naam, "periode": f.periode or ""} for f in project.fasen],
        "plek": project.plek_naam or "",
        "vorm": vorm_text(project.geom),
        "omschrijving": project.omschrijving,
        "participatie": project.participatie.value,
        "participatie_uitleg": project.participatie_uitleg,
        "contact_rol": project.contact_rol or "",
        "contact_telefoon": project.contact_telefoon or "",
        "website": project.website or "",
        "openbaar": project.openbaar,
    }
