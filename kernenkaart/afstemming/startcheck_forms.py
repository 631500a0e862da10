"""The forms of the startcheck: a question, who was told, why none is needed."""

import uuid
from datetime import date
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from kernenkaart.afstemming.startcheck_models import HOE_MAX, REDEN_MAX
from kernenkaart.afstemming.startcheck_queries import Vraag
from kernenkaart.errors import Invalid
from kernenkaart.geo.invoer import parse_vorm
from kernenkaart.kernen.models import Gemeente, Kern
from kernenkaart.kernen.queries import get_kern
from kernenkaart.labels.queries import find_labels
from kernenkaart.tijd import today
from kernenkaart.web.forms import Formulier, show_error
from kernenkaart.web.velden import (
    DagVeld,
    KeuzeVeld,
    SleutelVeld,
    TekstvakVeld,
    TekstVeld,
    Verplicht,
    VinkjesVeld,
    hoogstens,
)
from kernenkaart.werkzaamheden.dagen import DAGEN_MAX
from kernenkaart.werkzaamheden.models import Hinder, WerkzaamheidSoort

GEBIED_PUNTEN_MAX = 1_000  # an area that is drawn stands in an address


class VraagForm(Formulier):
    """Where, when and what work. A drawn area goes before a kern that was named."""

    class Meta(Formulier.Meta):
        """A question changes nothing, so it carries no token."""

        csrf = False

    op_de_pagina = ("kern", "vorm", "eerste_dag", "laatste_dag", "soort", "hinder", "titel")

    kern = KeuzeVeld("In welke kern?", soort=str, leeg="Kies een kern")
    vorm = TekstvakVeld("Of een eigen gebied", description="GeoJSON of WKT, in RD of in graden.")
    eerste_dag = DagVeld(
        "Eerste dag", [Verplicht("Vul de eerste dag in. Bijvoorbeeld: 07-06-2027.")]
    )
    laatste_dag = DagVeld(
        "Laatste dag", [Verplicht("Vul de laatste dag in. Bijvoorbeeld: 02-07-2027.")]
    )
    soort = KeuzeVeld(
        "Wat voor werk is het?", [Verplicht("Kies een soort uit de lijst.")], leeg="Kies"
    )
    hinder = KeuzeVeld(
        "Hoeveel hinder is er?",
        [Verplicht("Kies hoeveel hinder er is.")],
        soort=str,
        default=Hinder.BEPERKT.value,
    )
    titel = TekstVeld(
        "Hoe noem je het?", [hoogstens(200)], description="Hoeft niet. Zo vind je het terug."
    )

    def offer(self, session: Session, gemeente: str) -> None:
        """Set what can be chosen; three statements."""
        kernen = session.execute(
            select(Kern.slug, Kern.naam)
            .join(Gemeente)
            .where(Gemeente.code == gemeente)
            .order_by(Kern.naam)
        )
        self.kern.offer((row.slug, row.naam) for row in kernen)
        self.soorten = {
            row.id: row
            for row in session.execute(
                select(WerkzaamheidSoort.id, WerkzaamheidSoort.naam, WerkzaamheidSoort.code)
                .where(WerkzaamheidSoort.actief)
                .order_by(WerkzaamheidSoort.volgorde, WerkzaamheidSoort.naam)
            )
        }
        self.soort.offer((row.id, row.naam) for row in self.soorten.values())
        self.hinder.offer(find_labels(session, "werkzaamheid.hinder").items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then place and days; all errors at once."""
        super().validate(extra_validators)
        if not self.vorm.data and not self.kern.data:
            show_error(self, Invalid("Kies een kern, of teken een gebied.", veld="kern"))
        self.gebied: Any = None
        if self.vorm.data:
            try:
                self.gebied = _read_area(self.vorm.data)
            except Invalid as error:
                show_error(self, error)
        eerste: date | None = self.eerste_dag.data
        laatste: date | None = self.laatste_dag.data
        if eerste and laatste:
            if laatste < eerste:
                zin = "De laatste dag ligt vóór de eerste dag."
                show_error(self, Invalid(zin, veld="laatste_dag"))
            elif (laatste - eerste).days > DAGEN_MAX:
                zin = "Dit duurt langer dan tien jaar. Neem een kortere periode."
                show_error(self, Invalid(zin, veld="laatste_dag"))
        return not self.errors

    def to_vraag(self, session: Session) -> Vraag:
        """The question of a form that validates; one statement when a kern is named."""
        soort = self.soorten[self.soort.data]
        kern = None if self.gebied is not None else get_kern(session, self.kern.data)
        return Vraag(
            titel=self.titel.data or "",
            vormen=(self.gebied if kern is None else kern.grens,),
            soort_id=soort.id,
            soort=soort.code,
            soort_naam=soort.naam,
            hinder=Hinder(self.hinder.data),
            eerste_dag=self.eerste_dag.data,
            laatste_dag=self.laatste_dag.data,
            kern_id=kern.id if kern else None,
        )


def _read_area(tekst: str) -> Any:
    gebied = parse_vorm(tekst)
    if shapely.get_num_coordinates(gebied) > GEBIED_PUNTEN_MAX:
        raise Invalid(
            f"Dit gebied heeft meer dan {GEBIED_PUNTEN_MAX} punten. Teken het eenvoudiger.",
            veld="vorm",
        )
    return gebied


class VastlegForm(Formulier):
    """Keep the answer; the same page sent twice keeps one."""

    sleutel = SleutelVeld()

    def to_sleutel(self) -> uuid.UUID:
        """The key that came with the page."""
        return uuid.UUID(self.sleutel.data)


class InformeerForm(Formulier):
    """Who was told, on which day and how."""

    op_de_pagina = ("wie", "dag", "hoe")

    wie = VinkjesVeld("Wie heb je geïnformeerd?")
    dag = DagVeld("Op welke dag?", [Verplicht("Vul de dag in. Bijvoorbeeld: 12-06-2027.")])
    hoe = TekstVeld(
        "Hoe?",
        [Verplicht("Vul in hoe. Bijvoorbeeld: brief aan huis."), hoogstens(HOE_MAX)],
        description="Bijvoorbeeld: brief aan huis, of verteld in de vergadering.",
    )

    def validate_wie(self, field: VinkjesVeld) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError("Kruis aan wie je hebt geïnformeerd.")

    def validate_dag(self, field: DagVeld) -> None:
        """A day that has come."""
        if field.data and field.data > today():
            raise ValidationError("Deze dag moet nog komen. Vul in wanneer het is gebeurd.")


class KoppelForm(Formulier):
    """Of which work a check is."""

    werk = KeuzeVeld(
        "Bij welk werk hoort dit?", [Verplicht("Kies een werk uit de lijst.")], leeg="Kies een werk"
    )


class VrijstellingForm(Formulier):
    """Why a work needs no startcheck."""

    vrijstelling = TekstVeld(
        "Waarom is een startcheck hier niet nodig?",
        [
            Verplicht("Vul in waarom een startcheck hier niet nodig is."),
            hoogstens(REDEN_MAX),
        ],
        description="Bijvoorbeeld: spoedreparatie na een breuk.",
    )
