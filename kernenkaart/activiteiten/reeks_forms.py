"""The part of the form that says whether and how an activity comes back; text becomes a rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from wtforms import BooleanField, RadioField
from wtforms.validators import StopValidation

from kernenkaart.activiteiten.forms import ActiviteitForm, RedenForm, waarden_of
from kernenkaart.activiteiten.models import Reeks
from kernenkaart.activiteiten.pasen import days_after
from kernenkaart.activiteiten.reeks_tijden import make_times, status_of
from kernenkaart.activiteiten.reeksen import ReeksGegevens, rest_of
from kernenkaart.activiteiten.regel import (
    KEREN_MAX,
    TUSSEN_MAX,
    Frequentie,
    Regel,
    Weekdag,
)
from kernenkaart.errors import Invalid
from kernenkaart.tijd import MAANDEN, WEEKDAGEN_VOLUIT
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import (
    DagVeld,
    GetypteWaarde,
    KeuzeVeld,
    VersieVeld,
    VinkjesVeld,
    mag_leeg,
)

PER = {
    "dag": Frequentie.DAG,
    "week": Frequentie.WEEK,
    "maand": Frequentie.MAAND,
    "jaar": Frequentie.JAAR,
}
EEN_KEER = "Nee, het is één keer"
HERHAAL = (
    ("dag", "Elke dag"),
    ("week", "Elke week"),
    ("maand", "Elke maand"),
    ("jaar", "Elk jaar"),
)
ZELFDE_DAG = "Dezelfde dag van de week, zoals de 1e zaterdag"
OP = (
    ("laatste", "De laatste van de maand, zoals de laatste vrijdag"),
    ("dag", "Dezelfde datum, zoals de 12e"),
    ("einde", "De laatste dag van de maand"),
    ("pasen", "Met Pasen mee, zoals Hemelvaartsdag of 2e pinksterdag (alleen elk jaar)"),
)
ZELFDE = "zelfde"  # the rule as it is, when it says more than this form can
REEKS_VELDEN = (
    *("herhaal", "tussen", "dagen", "reeks_op", "niet_in", "reeks_tot", "keren", "bevestigen"),
)
_NA_DATUM = ActiviteitForm.op_de_pagina.index("laatste_dag") + 1


class AantalVeld(GetypteWaarde):
    """A whole number. Data is an ``int`` or None.

    Args:
        hoogstens: more is refused, and so is less than one.
    """

    def __init__(self, *args: Any, hoogstens: int, **kwargs: Any) -> None:
        self.hoogstens = hoogstens
        super().__init__(*args, **kwargs)

    def parse(self, text: str) -> int:
        """The number that was typed."""
        if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= self.hoogstens):
            raise ValueError(f"Vul een getal van 1 tot en met {self.hoogstens} in.")
        return int(text)


class ReeksForm(ActiviteitForm):
    """An activity that may come back. Which day it is follows from the date of the first time.

    Attributes:
        nu: the rule as it is, of a series that is changed.
    """

    op_de_pagina: ClassVar[tuple[str, ...]] = (
        *ActiviteitForm.op_de_pagina[:_NA_DATUM],
        *REEKS_VELDEN,
        *ActiviteitForm.op_de_pagina[_NA_DATUM:],
    )
    nu: Regel | None = None

    herhaal = KeuzeVeld(
        "Komt het terug?",
        soort=str,
        leeg=EEN_KEER,
    )
    tussen = AantalVeld(
        "Om de hoeveel?",
        [mag_leeg()],
        hoogstens=TUSSEN_MAX,
        description="Bijvoorbeeld 2: om de week of om de maand. Leeg is elke week of elke maand.",
    )
    dagen = VinkjesVeld(
        "Op welke dagen van de week?",
        description="Kruis je niets aan? Dan is het op de dag van de datum hierboven.",
    )
    reeks_op = KeuzeVeld(
        "Op welke dag van de maand?",
        soort=str,
        leeg=ZELFDE_DAG,
        description="We kijken naar de datum die je hierboven invult.",
    )
    niet_in = VinkjesVeld("In welke maanden niet?")
    reeks_tot = DagVeld(
        "Tot en met welke dag?",
        [mag_leeg()],
        description="Gaat het gewoon door? Laat dit leeg. Of vul in hoe vaak het is.",
    )
    keren = AantalVeld("Of: hoe vaak is het?", [mag_leeg()], hoogstens=KEREN_MAX)
    bevestigen = BooleanField(
        "Vraag ons elk jaar of het doorgaat. Tot die tijd staat het er als verwacht."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.herhaal.offer(HERHAAL)
        self.dagen.choices = list(enumerate(WEEKDAGEN_VOLUIT))
        self.reeks_op.offer(OP)
        self.niet_in.choices = list(enumerate(MAANDEN, start=1))

    def keep(self, regel: Regel, dag: date) -> None:
        """Let it stay a series; its rule is one of the choices when this form cannot say it.

        Args:
            dag: the day that stood in the form.
        """
        self.nu = regel
        self.herhaal.leeg = None
        zelfde = (ZELFDE, f"Zoals nu: {regel.woorden}")
        fits = to_waarden(regel, dag)["herhaal"] != ZELFDE
        self.herhaal.offer(HERHAAL if fits else (*HERHAAL, zelfde))

    @property
    def komt_terug(self) -> bool:
        """Whether it is a series."""
        return bool(self.herhaal.data)

    def checks(self) -> tuple[Any, ...]:
        """The rule after the times, as on the page."""
        first, *rest = super().checks()
        return (first, self.to_regel, *rest)

    def to_regel(self) -> Regel | None:
        """The rule; None for one time, or as long as a field is wrong in itself.

        Raises:
            Invalid: if it cannot be.
        """
        dag: date | None = self.datum.data
        if dag is None or any(self[naam].errors for naam in REEKS_VELDEN):
            return None
        if not self.herhaal.data or self.herhaal.data == ZELFDE:
            return self.nu if self.herhaal.data else None
        if self.keren.data and self.reeks_tot.data:
            raise Invalid("Kies een laatste dag of een aantal keer, niet allebei.", veld="keren")
        if self.reeks_tot.data and self.reeks_tot.data < dag:
            raise Invalid("De reeks eindigt vóór de eerste keer.", veld="reeks_tot")
        if len(self.niet_in.data or ()) == 12:
            raise Invalid("Er blijft geen maand over. Haal een vinkje weg.", veld="niet_in")
        try:
            return make_regel({naam: self[naam].data for naam in REEKS_VELDEN}, dag)
        except ValueError as error:
            raise Invalid(str(error), veld="herhaal") from error

    def to_reeks(self) -> ReeksGegevens:
        """The values of a form that validates and comes back."""
        regel = self.to_regel()
        assert regel is not None  # noqa: S101  # the form validates
        bevestigen = self.bevestigen.data and regel.per is Frequentie.JAAR
        return ReeksGegevens(self.to_gegevens(), regel, bevestigen)

    def same_as(self, waarden: Mapping[str, Any]) -> bool:
        """As in ``Invoer``; the day of the date itself need not be ticked."""
        if self.datum.data and self.dagen.data == [self.datum.data.weekday()]:
            self.dagen.data = []
        return super().same_as(waarden)


def make_regel(waarden: Mapping[str, Any], dag: date) -> Regel:
    """The rule of what was chosen, for a first time on ``dag``.

    Args:
        waarden: by name of ``REEKS_VELDEN``; ``herhaal`` is one of ``PER``.

    Raises:
        ValueError: with a Dutch sentence, if it cannot be.
    """
    per = PER[waarden["herhaal"]]
    weekdagen: tuple[Weekdag, ...] = ()
    maanddag = pasen = None
    if per is Frequentie.WEEK:
        weekdagen = tuple(Weekdag(d) for d in sorted(waarden["dagen"] or [dag.weekday()]))
    elif per is not Frequentie.DAG:
        match waarden["reeks_op"]:
            case None:
                weekdagen = (Weekdag(dag.weekday(), (dag.day + 6) // 7),)
            case "laatste":
                weekdagen = (Weekdag(dag.weekday(), -1),)
            case "einde":
                maanddag = -1
            case "pasen":
                pasen = days_after(dag)
            case _:
                maanddag = dag.day
    niet = set(waarden["niet_in"] or ())
    maanden: tuple[int, ...] = ()
    if per is Frequentie.JAAR:
        maanden = () if pasen is not None else (dag.month,)
    elif niet:
        maanden = tuple(maand for maand in range(1, 13) if maand not in niet)
    return Regel(
        per=per,
        tussen=waarden["tussen"] or 1,
        weekdagen=weekdagen,
        maanddag=maanddag,
        pasen=pasen,
        maanden=maanden,
        tot=waarden["reeks_tot"],
        keren=waarden["keren"],
    )


def to_waarden(regel: Regel, dag: date) -> dict[str, Any]:
    """The values of ``REEKS_VELDEN``, but for ``bevestigen``, that make this rule again.

    Args:
        dag: the day that will stand in the form.

    Returns:
        ``herhaal`` is ``ZELFDE`` when there are none that do.
    """
    dagen = sorted(weekdag.dag for weekdag in regel.weekdagen)
    eerste = regel.weekdagen[0] if regel.weekdagen else None
    waarden: dict[str, Any] = {
        "herhaal": next(naam for naam, per in PER.items() if per is regel.per),
        "tussen": regel.tussen if regel.tussen > 1 else None,
        "dagen": [] if dagen == [dag.weekday()] or regel.per is not Frequentie.WEEK else dagen,
        "reeks_op": None,
        "niet_in": [],
        "reeks_tot": regel.tot,
        "keren": regel.keren,
    }
    if regel.pasen is not None:
        waarden["reeks_op"] = "pasen"
    elif regel.maanddag:
        waarden["reeks_op"] = "einde" if regel.maanddag == -1 else "dag"
    elif eerste and eerste.nummer == -1:
        waarden["reeks_op"] = "laatste"
    if regel.maanden and regel.per is not Frequentie.JAAR:
        waarden["niet_in"] = [maand for maand in range(1, 13) if maand not in regel.maanden]
    if make_regel(waarden, dag) != regel:
        waarden["herhaal"] = ZELFDE
    return waarden


def reeks_waarden(reeks: Reeks, dag: date) -> dict[str, Any]:
    """The values of the form for a series, as it holds from ``dag`` on, one of its days."""
    [keer] = make_times(reeks, [dag], status_of(reeks))
    return (
        waarden_of(keer) | to_waarden(rest_of(reeks, dag), dag) | {"bevestigen": reeks.bevestigen}
    )


class WelkeVeld(RadioField):
    """One choice, each a round button; nothing chosen has its own sentence."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse no choice, and what is not in the list."""
        if self.data not in [keuze[0] for keuze in self.choices or ()]:
            raise StopValidation("Kies welke keren je bedoelt.")


class WelkeKerenForm(Formulier):
    """Which times of a series something is done with."""

    op_de_pagina: ClassVar[tuple[str, ...]] = ("welke",)

    versie = VersieVeld()
    welke = WelkeVeld("Welke keren?")


class WelkeKerenRedenForm(WelkeKerenForm, RedenForm):
    """Which times of a series do not go on, and why."""

    op_de_pagina: ClassVar[tuple[str, ...]] = ("welke", "reden")
