"""The form of an initiative: text becomes values."""

from typing import Any

from kernenkaart.initiatieven.models import Initiatief, Status
from kernenkaart.initiatieven.policy import VERBORGEN
from kernenkaart.initiatieven.services import InitiatiefGegevens
from kernenkaart.kernen.forms import PlekForm
from kernenkaart.web.forms import plek_waarden
from kernenkaart.web.velden import KeuzeVeld, TekstvakVeld, TekstVeld, Verplicht, hoogstens

OPENBAAR = tuple(status for status in Status if status not in VERBORGEN)


class InitiatiefForm(PlekForm):
    """What, how far, by whom and where."""

    op_de_pagina = (
        *("titel", "soort", "status", "wie"),
        *("plek", "lon", "lat", "kern", "plek_onbekend", "omschrijving"),
    )

    titel = TekstVeld(
        "Hoe heet het initiatief?",
        [Verplicht("Vul een naam in. Bijvoorbeeld: Voedselbos."), hoogstens(200)],
    )
    soort = KeuzeVeld(
        "Wat voor initiatief is het?", [Verplicht("Kies een soort uit de lijst.")], leeg="Kies"
    )
    status = KeuzeVeld(
        "Hoe ver is het?", [Verplicht("Kies hoe ver het is.")], soort=str, leeg="Kies"
    )
    wie = TekstVeld(
        "Wie doen het?",
        [hoogstens(200)],
        description="Bijvoorbeeld: bewoners van de Waalbandijk. Geen namen van personen.",
    )
    omschrijving = TekstvakVeld(
        "Vertel er iets over",
        [hoogstens(5000)],
        description="Wat gaan jullie doen? Wie kan meedoen, en hoe?",
    )

    def to_gegevens(self) -> InitiatiefGegevens:
        """The values of a form that validates."""
        return InitiatiefGegevens(
            titel=self.titel.data or "",
            soort_id=self.soort.data,
            status=Status(self.status.data),
            wie=self.wie.data or "",
            omschrijving=self.omschrijving.data or "",
            plek=self.to_plek(),
        )


def waarden_of(initiatief: Initiatief) -> dict[str, Any]:
    """The values of the form for an initiative that exists."""
    status = initiatief.status_straks or initiatief.status
    return {
        "titel": initiatief.titel,
        "soort": initiatief.soort_id,
        "status": None if status in VERBORGEN else status.value,
        "wie": initiatief.wie or "",
        "omschrijving": initiatief.omschrijving,
        **plek_waarden(initiatief.geom, initiatief.plek_naam, initiatief.kern_id),
    }
