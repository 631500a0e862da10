"""What somebody types to log in or to look after the own account."""

from typing import Any

from wtforms import BooleanField, EmailField, PasswordField

from kernenkaart.toegang.models import Recht
from kernenkaart.toegang.sleutels import DAGEN
from kernenkaart.toegang.wachtwoord import MIN_TEKENS
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import KeuzeVeld, TekstVeld, Verplicht, VinkjesVeld, hoogstens

KIES = f"{MIN_TEKENS} tekens of meer. Drie of vier woorden achter elkaar mag."


class MailVeld(EmailField):
    """An address as it was typed, in small letters; ``""`` when empty."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed."""
        self.data = valuelist[0].strip().lower() if valuelist else ""


class GeheimVeld(PasswordField):
    """A password exactly as it was typed, and never shown again; ``""`` when empty."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed."""
        self.data = valuelist[0] if valuelist else ""


class CodeVeld(TekstVeld):
    """A code, cleaned of what comes along when it is copied; ``""`` when empty."""

    data: Any


class LoginForm(Formulier):
    """Address and password."""

    email = MailVeld(
        "E-mailadres",
        [Verplicht("Vul je e-mailadres in."), hoogstens(254)],
        render_kw={"autocomplete": "username"},
    )
    wachtwoord = GeheimVeld(
        "Wachtwoord",
        [Verplicht("Vul je wachtwoord in."), hoogstens(500)],
        render_kw={"autocomplete": "current-password"},
    )
    onthoud = BooleanField("Onthoud mij op dit apparaat, 30 dagen lang")


class CodeForm(Formulier):
    """The second step."""

    code = CodeVeld(
        "Code",
        [Verplicht("Vul de code in."), hoogstens(40)],
        description="De 6 cijfers uit je app, of een van je herstelcodes.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "text"},
    )


class VergetenForm(Formulier):
    """Where the link to set a new password goes."""

    email = MailVeld(
        "E-mailadres",
        [Verplicht("Vul je e-mailadres in."), hoogstens(254)],
        render_kw={"autocomplete": "username"},
    )


class NieuwWachtwoordForm(Formulier):
    """A new password. Once is enough: one can look at it, and it can be set again."""

    wachtwoord = GeheimVeld(
        "Nieuw wachtwoord",
        [Verplicht("Vul een wachtwoord in."), hoogstens(500)],
        description=KIES,
        render_kw={"autocomplete": "new-password"},
    )


class WijzigWachtwoordForm(NieuwWachtwoordForm):
    """A new password, by somebody who knows the old one."""

    wachtwoord_nu = GeheimVeld(
        "Wachtwoord van nu",
        [Verplicht("Vul je wachtwoord van nu in."), hoogstens(500)],
        render_kw={"autocomplete": "current-password"},
    )


class BewijsForm(Formulier):
    """It is still the owner who sits there."""

    wachtwoord = GeheimVeld(
        "Je wachtwoord",
        [Verplicht("Vul je wachtwoord in."), hoogstens(500)],
        render_kw={"autocomplete": "current-password"},
    )


class InstelForm(Formulier):
    """The first code of a new second step."""

    code = CodeVeld(
        "Code uit de app",
        [Verplicht("Vul de 6 cijfers in die de app laat zien."), hoogstens(20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class InstelMetBewijsForm(InstelForm, BewijsForm):
    """The first code, and proof that it is the owner who sets it up."""


RECHTEN = {
    Recht.WERK_LEZEN: "Werk van je organisatie lezen, ook concepten",
    Recht.WERK_SCHRIJVEN: "Werk plaatsen, wijzigen en laten vervallen",
}


class SleutelForm(BewijsForm):
    """What a program may do, and for how long."""

    naam = TekstVeld(
        "Waar gebruik je de sleutel voor?",
        [Verplicht("Vul in waar je de sleutel voor gebruikt."), hoogstens(100)],
        description="Bijvoorbeeld: Planning van het waterschap",
        render_kw={"autocomplete": "off"},
    )
    rechten = VinkjesVeld(
        "Wat mag het programma?",
        coerce=Recht,
        default=list(RECHTEN),
    )
    dagen = KeuzeVeld(
        "Hoe lang werkt de sleutel?",
        default=DAGEN[1],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rechten.choices = list(RECHTEN.items())
        self.dagen.offer(zip(DAGEN, ("30 dagen", "90 dagen", "een jaar"), strict=True))
