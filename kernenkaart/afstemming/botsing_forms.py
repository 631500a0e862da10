"""The forms with which both sides of a clash talk."""

from kernenkaart.afstemming.botsing_models import TEKST_MAX, Kant, Oplossing
from kernenkaart.afstemming.botsing_services import NieuwVoorstel
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import DagVeld, KeuzeVeld, TekstvakVeld, Verplicht, hoogstens

KANTEN = {
    Kant.WERKZAAMHEID: "Wie het werk laat doen",
    Kant.ACTIVITEIT: "De groep van de activiteit",
}
OPLOSSINGEN = {
    Oplossing.VERPLAATS_WERK: "Het werk gaat naar andere dagen",
    Oplossing.VERPLAATS_ACTIVITEIT: "De activiteit gaat naar andere dagen",
    Oplossing.KAN_SAMEN: "Beide gaan door zoals gepland",
}


class VoorstelForm(Formulier):
    """What one side proposes."""

    op_de_pagina = ("kant", "oplossing", "eerste_dag", "laatste_dag", "toelichting")

    kant = KeuzeVeld("Namens wie?", soort=str)
    oplossing = KeuzeVeld(
        "Wat stel je voor?",
        soort=str,
        validators=[Verplicht("Kies wat je voorstelt.")],
        leeg="Kies",
    )
    eerste_dag = DagVeld("Eerste dag")
    laatste_dag = DagVeld("Laatste dag")
    toelichting = TekstvakVeld(
        "Toelichting voor de ander (hoeft niet)",
        description="Inwoners zien dit niet.",
        validators=[hoogstens(TEKST_MAX)],
    )

    def offer(self, kanten: frozenset[Kant]) -> None:
        """Say for which sides somebody may speak."""
        self.kant.offer((kant.value, KANTEN[kant]) for kant in Kant if kant in kanten)
        self.oplossing.offer((een.value, tekst) for een, tekst in OPLOSSINGEN.items())
        if len(kanten) == 1 and not self.kant.raw_data:
            self.kant.data = next(iter(kanten)).value

    def to_nieuw(self) -> NieuwVoorstel:
        """What was filled in."""
        samen = self.oplossing.data == Oplossing.KAN_SAMEN
        return NieuwVoorstel(
            kant=Kant(self.kant.data),
            oplossing=Oplossing(self.oplossing.data),
            eerste_dag=None if samen else self.eerste_dag.data,
            laatste_dag=None if samen else self.laatste_dag.data,
            toelichting=self.toelichting.data or "",
        )


class AntwoordForm(Formulier):
    """What the other side says to that."""

    antwoord = TekstvakVeld("Antwoord (hoeft niet)", validators=[hoogstens(TEKST_MAX)])
