"""What is filled in about a calendar: an address or a file, and what holds for its entries."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField

from kernenkaart.errors import Invalid
from kernenkaart.kalenderbronnen.items import Inhoud
from kernenkaart.kalenderbronnen.kind import BESTAND_MB, TE_GROOT
from kernenkaart.kalenderbronnen.models import Kalenderbron
from kernenkaart.kalenderbronnen.ophalen import LENGTE_MAX, clean_adres
from kernenkaart.kalenderbronnen.services import BronGegevens
from kernenkaart.kalenderbronnen.tabel import SOORTEN_BESTAND, read_file
from kernenkaart.tijd import today
from kernenkaart.web.forms import Formulier, Invoer, show_error
from kernenkaart.web.velden import KeuzeVeld, TekstVeld, Verplicht, hoogstens


class BestandForm(Formulier):
    """A file with activities."""

    bestand = FileField(
        "Kies een bestand", description="Een agenda (.ics), een Excel-bestand (.xlsx) of .csv."
    )

    def has_file(self) -> bool:
        """Whether a file was sent."""
        return isinstance(self.bestand.data, FileStorage) and bool(self.bestand.data.filename)

    def to_inhoud(self) -> Inhoud:
        """What is in the file.

        Raises:
            Invalid: beside ``bestand``, if there is none, or it cannot be read.
        """
        if not self.has_file():
            raise Invalid(SOORTEN_BESTAND, veld="bestand")
        data = self.bestand.data.stream.read(BESTAND_MB * 1_000_000 + 1)
        if len(data) > BESTAND_MB * 1_000_000:
            raise Invalid(TE_GROOT, veld="bestand")
        return read_file(data, today())


class BronVelden(Formulier):
    """What holds for a calendar, whether it is new or changed."""

    adres = TekstVeld(
        "Adres van de agenda",
        [hoogstens(LENGTE_MAX)],
        description="De link om je te abonneren. Die begint met webcal of eindigt vaak op .ics.",
    )
    naam = TekstVeld(
        "Hoe noemen we deze agenda?",
        [hoogstens(200)],
        description="Bijvoorbeeld: voetbalvereniging. Leeg is de naam die in de agenda staat.",
    )
    kern = KeuzeVeld("In welke kern?", [Verplicht("Kies een kern.")], leeg="Kies een kern")
    soort = KeuzeVeld(
        "Wat voor activiteiten zijn het?",
        [Verplicht("Kies een soort uit de lijst.")],
        leeg="Kies",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then whether the address can be one."""
        super().validate(extra_validators)
        try:
            self.check()
        except Invalid as error:
            show_error(self, error)
        return not self.errors

    def check(self) -> None:
        """What fields cannot say by themselves.

        Raises:
            Invalid: beside its field.
        """
        if self.adres.data and not self.adres.errors:
            clean_adres(self.adres.data)

    def to_gegevens(self) -> BronGegevens:
        """The values of a form that validates."""
        return BronGegevens(
            naam=self.naam.data or "",
            adres=self.adres.data or "",
            soort_id=self.soort.data,
            kern_id=self.kern.data,
        )


class BronForm(BronVelden, BestandForm):
    """A new calendar."""

    op_de_pagina = ("adres", "bestand", "naam", "kern", "soort")

    def check(self) -> None:
        """There is an address or a file, and not both."""
        if self.has_file() and self.adres.data:
            raise Invalid("Vul een adres in of kies een bestand, niet allebei.", veld="adres")
        if not self.has_file() and not self.adres.data:
            raise Invalid("Vul het adres van de agenda in, of kies een bestand.", veld="adres")
        super().check()


class WijzigBronForm(BronVelden, Invoer):
    """A calendar that is there."""

    op_de_pagina = ("naam", "adres", "kern", "soort")


def bron_waarden(bron: Kalenderbron) -> dict[str, Any]:
    """The values of the form for a calendar that is there."""
    return {
        "adres": bron.adres or "",
        "naam": bron.naam,
        "kern": bron.kern_id,
        "soort": bron.soort_id,
    }
