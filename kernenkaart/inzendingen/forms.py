"""What a resident fills in, and what a moderator writes."""

from dataclasses import replace
from typing import Any

from flask import current_app
from wtforms import HiddenField, StringField
from wtforms.widgets import EmailInput

from kernenkaart.activiteiten.forms import ActiviteitForm, waarden_of
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.services import ActiviteitGegevens
from kernenkaart.beelden.forms import FotoVelden
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.inzendingen.models import Inzending
from kernenkaart.inzendingen.services import INHOUD, NieuweFoto
from kernenkaart.inzendingen.spam import is_human_pace, stamp
from kernenkaart.web.adres import clean_email
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import KeuzeVeld, TekstvakVeld, TekstVeld, Verplicht, hoogstens

FOTO = ("foto", "alt", "bron")  # asked beside the preview
NIET_MEE = {*FOTO, "website"}
WIE_MIST = "Vul in wie het organiseert. Bijvoorbeeld: buurt Nieuwstraat."


class InzendForm(FotoVelden, ActiviteitForm):
    """What is on, when, where, who organises it, and maybe a photo."""

    op_de_pagina = (
        *("titel", "soort", "doelgroep", "datum", "van", "tot", "hele_dag", "laatste_dag", "zaal"),
        *("plek", "lon", "lat", "kern", "plek_onbekend", "organisator", "omschrijving"),
        *("email", "foto", "alt", "bron"),
    )

    organisator = TekstVeld(
        "Wie organiseert het?",
        [Verplicht(WIE_MIST), hoogstens(200)],
        description="Iedereen kan dit lezen. Bijvoorbeeld: buurt Nieuwstraat",
    )

    def to_gegevens(self) -> ActiviteitGegevens:
        """The values of a form that validates."""
        return replace(super().to_gegevens(), organisator=self.organisator.data or "")

    def to_foto(self) -> NieuweFoto | None:
        """The photo that was sent, made anew; None when none was.

        Raises:
            Invalid: beside its field, if it cannot be used.
        """
        foto = self.read_foto()
        return NieuweFoto(foto, self.alt.data or "", self.bron.data or "") if foto else None

    def to_hidden(self) -> list[tuple[str, str]]:
        """As in ``Invoer``, but for the photo and the trap: a preview asks for the photo itself."""
        return [(naam, text) for naam, text in super().to_hidden() if naam not in NIET_MEE]

    @property
    def foto_kwijt(self) -> bool:
        """Whether a photo has to be chosen again: a browser does not send it twice by itself."""
        chosen = self.has_foto or self.alt.data or self.bron.data
        return bool(chosen and not self.foto.errors)

    @property
    def only_foto_wrong(self) -> bool:
        """Whether nothing is wrong but the photo, or the form as a whole."""
        return all(naam is None or naam in FOTO for naam in self.errors)


class InstuurForm(InzendForm):
    """The first time: also an address. ``website`` is a trap that people do not see."""

    email = TekstVeld(
        "Je e-mailadres",
        [
            Verplicht("Vul je e-mailadres in. Daar sturen we een link naartoe."),
            hoogstens(254),
        ],
        description="Je krijgt een link om het te bevestigen. Niemand anders ziet je adres.",
        widget=EmailInput(),
        render_kw={"autocomplete": "email"},
    )
    website = StringField("Laat dit leeg")
    geopend = HiddenField()
    altcha = HiddenField()

    def checks(self) -> tuple[Any, ...]:
        """The address last, as on the page."""
        return (*super().checks(), self.to_email)

    def to_email(self) -> str:
        """The address that was filled in.

        Raises:
            Invalid: if it is none.
        """
        if self.email.errors:
            return ""
        return clean_email(self.email.data or "", "email") or ""

    @property
    def is_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.website.data)

    def check_pace(self) -> None:
        """Let nobody through who sends the form the moment it opens; it starts counting anew.

        Raises:
            Invalid: if it came too fast, or was open for more than a day.
        """
        settings: Settings = current_app.extensions["kernenkaart.settings"]
        if not is_human_pace(self.geopend.data or "", settings.secret_key):
            self.geopend.data = stamp(settings.secret_key)
            raise Invalid("Dat ging erg snel. Kijk het nog eens na en verstuur het opnieuw.")


def waarden_of_inzending(inzending: Inzending) -> dict[str, Any]:
    """The values of the form for what was sent in."""
    als = Activiteit(**{veld: getattr(inzending, veld) for veld in (*INHOUD, "kern_id")})
    return {**waarden_of(als), "organisator": inzending.organisator}


class AntwoordForm(Formulier):
    """The answer to a moderator."""

    antwoord = TekstvakVeld("Je antwoord", [Verplicht("Schrijf je antwoord op."), hoogstens(2000)])


class ModereerForm(Formulier):
    """What a moderator says about it; each button sends the part that it needs."""

    platform = KeuzeVeld("Namens welke groep?")
    vraag = TekstvakVeld(
        "Wat wil je weten?", [hoogstens(1000)], description="De inzender krijgt dit per mail."
    )
    reden = TekstvakVeld(
        "Waarom plaats je het niet?",
        [hoogstens(1000)],
        description="De inzender krijgt dit per mail.",
    )
