"""The form with which a reader says something."""

from dataclasses import replace

from wtforms import StringField
from wtforms.widgets import EmailInput

from kernenkaart.samenhang.models import Aard
from kernenkaart.samenhang.services import TEKST_MAX, Bericht
from kernenkaart.web.adres import clean_email
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import KeuzeVeld, TekstvakVeld, TekstVeld, Verplicht, hoogstens


class BerichtForm(Formulier):
    """A message. ``website`` is a trap: people do not see it, robots fill it in."""

    volgorde = ("tekst", "antwoord_email")

    tekst = TekstvakVeld(
        "Je bericht",
        validators=[Verplicht("Schrijf op wat je wilt zeggen."), hoogstens(TEKST_MAX)],
    )
    antwoord_email = TekstVeld(
        "Je e-mailadres (hoeft niet)",
        description="Alleen als je een antwoord wilt. We gebruiken het nergens anders voor.",
        validators=[hoogstens(254)],
        widget=EmailInput(),
        render_kw={"autocomplete": "email"},
    )
    website = StringField("Laat dit leeg")

    @property
    def is_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.website.data)

    def to_bericht(self) -> Bericht:
        """What was written.

        Raises:
            Invalid: if the address is none.
        """
        adres = clean_email(self.antwoord_email.data or "", "antwoord_email")
        return Bericht(tekst=self.tekst.data or "", antwoord_email=adres or "")


class DoorgeefForm(BerichtForm):
    """A remark about a thing: something is wrong with it, or it should not be there at all."""

    op_de_pagina = ("aard", "tekst", "antwoord_email")

    aard = KeuzeVeld("Wat is er aan de hand?", soort=str, default=Aard.WIJZIGING.value)

    def to_bericht(self) -> Bericht:
        """What was written, and of what kind it is."""
        return replace(super().to_bericht(), aard=Aard(self.aard.data))
