"""The form with which somebody decides about two works."""

from typing import Any

from wtforms import HiddenField

from kernenkaart.afstemming.koppel_models import Keuze, Vorm
from kernenkaart.afstemming.koppel_services import REDEN_MAX, Beslissing
from kernenkaart.afstemming.koppel_woorden import KEUZES, VORMEN
from kernenkaart.errors import Invalid
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import DagVeld, KeuzeVeld, TekstvakVeld, Verplicht, hoogstens


class BesluitForm(Formulier):
    """What is decided, how and why. ``gezien`` tells what was on the page: see ``seen_of``."""

    op_de_pagina = ("keuze", "vorm", "venster_van", "venster_tot", "reden")

    gezien = HiddenField()
    keuze = KeuzeVeld("Wat spreken jullie af?", soort=str, leeg="Kies")
    vorm = KeuzeVeld("Hoe combineren jullie?", soort=str, leeg="Kies, als jullie combineren")
    venster_van = DagVeld("Van (hoeft niet)")
    venster_tot = DagVeld("Tot en met (hoeft niet)")
    reden = TekstvakVeld(
        "Waarom?",
        description="Alleen wie plant leest dit.",
        validators=[
            Verplicht("Schrijf op waarom. Dan weet een ander het later ook nog."),
            hoogstens(REDEN_MAX),
        ],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keuze.offer((keuze.value, naam) for keuze, naam in KEUZES.items())
        self.vorm.offer((vorm.value, naam) for vorm, naam in VORMEN.items())

    def to_beslissing(self) -> Beslissing:
        """What was decided.

        Raises:
            Invalid: if nothing was chosen, or only one of both days was filled in.
        """
        if self.keuze.data is None:
            raise Invalid("Kies wat jullie afspreken.", veld="keuze")
        van, tot = self.venster_van.data, self.venster_tot.data
        if (van is None) != (tot is None):
            leeg = "venster_van" if van is None else "venster_tot"
            raise Invalid("Vul allebei de dagen in, of geen van beide.", veld=leeg)
        keuze = Keuze(self.keuze.data)
        afgesproken = keuze is not Keuze.NIET  # the days that were proposed are for the others
        return Beslissing(
            keuze=keuze,
            vorm=Vorm(self.vorm.data) if self.vorm.data else None,
            reden=self.reden.data or "",
            venster=(van, tot) if van and tot and afgesproken else None,
        )
