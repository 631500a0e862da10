"""The form with which one begins to follow something."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField
from wtforms.widgets import EmailInput

from kernenkaart.errors import Invalid
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.kernen.adres import find_adres
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import NAMEN, TEKST_MAX
from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.volgen.models import Ritme
from kernenkaart.volgen.onderwerp import NAAM_MAX, STRAAL_M, STRALEN_M, Bij, Onderwerp
from kernenkaart.volgen.services import Wens
from kernenkaart.web.adres import clean_email
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import KeuzeVeld, TekstVeld, Verplicht, VinkjesVeld, hoogstens

RITMES = (
    (Ritme.WEEK, "Eén keer per week, op donderdag"),
    (Ritme.DAG, "Elke dag, als er iets is"),
)


class VolgForm(Formulier):
    """What to follow, how often, and where to. ``website`` is a trap that people do not see.

    ``bij`` is a point that came along with ``plek`` (as ``lon,lat``) and ``plek_was`` how that
    place was called: whoever types another place means another point. ``kader`` and ``zonder`` are
    what else the question of the map had.
    """

    kern = KeuzeVeld("Welke kern?", soort=str, leeg="Alle kernen")
    plek = TekstVeld(
        "Alleen bij een straat of adres? (hoeft niet)",
        description="Bijvoorbeeld: Kerkstraat 1, Tricht.",
        validators=[hoogstens(NAAM_MAX)],
    )
    straal = KeuzeVeld("Hoe ver daar vandaan?", default=STRAAL_M)
    soort = KeuzeVeld(
        "Alleen één soort?",
        description="Kies je hier een soort, dan krijg je alleen daarover mail.",
        soort=str,
        leeg="Alle soorten",
    )
    lagen = VinkjesVeld("Wat wil je weten?", coerce=str)
    q = TekstVeld("Alleen met dit woord (hoeft niet)", validators=[hoogstens(TEKST_MAX)])
    ritme = KeuzeVeld("Hoe vaak wil je mail?", soort=str, default=Ritme.WEEK.value)
    email = TekstVeld(
        "Je e-mailadres",
        description="Je krijgt eerst een mail om het te bevestigen.",
        validators=[Verplicht("Vul je e-mailadres in."), hoogstens(254)],
        widget=EmailInput(),
        render_kw={"autocomplete": "email"},
    )
    bij = HiddenField()
    plek_was = HiddenField()
    kader = HiddenField()
    zonder = HiddenField()
    website = StringField("Laat dit leeg")

    @property
    def is_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.website.data)

    @property
    def is_precise(self) -> bool:
        """Whether more was chosen than a kern, or something in it is wrong."""
        velden = (self.plek, self.straal, self.soort, self.lagen, self.q)
        deel = set(self.lagen.data or ()) != set(NAMEN)
        chosen = (self.plek.data, self.soort.data, self.q.data, self.kader.data, self.zonder.data)
        return deel or any(chosen) or any(veld.errors for veld in velden)

    def offer(self, keuzes: Keuzes) -> None:
        """Set what can be chosen."""
        self.kern.offer((slug, naam) for slug, naam, _kader in keuzes.kernen)
        self.straal.offer(
            (m, f"{m} meter" if m < 1000 else f"{m // 1000} kilometer") for m in STRALEN_M
        )
        self.soort.offer(
            keuze
            for laag in LAGEN
            for keuze in (
                (laag.naam, f"{laag.label}: alle soorten"),
                *(
                    (f"{laag.naam}.{code}", f"{laag.label}: {naam}")
                    for code, naam in keuzes.soorten[laag.naam]
                ),
            )
        )
        self.lagen.choices = [(laag.naam, laag.label) for laag in LAGEN]
        self.ritme.offer((ritme.value, tekst) for ritme, tekst in RITMES)

    def start_from(self, onderwerp: Onderwerp) -> None:
        """Fill in what somebody was looking at."""
        vraag = onderwerp.vraag
        values: dict[str, Any] = {
            "kern": vraag.kern,
            "soort": vraag.soort,
            "lagen": list(vraag.lagen or NAMEN),
            "q": vraag.q,
            "kader": onderwerp.to_args().get("kader", ""),
            "zonder": "ja" if vraag.zonder_plek else "",
        }
        if onderwerp.bij:
            values |= {
                "plek": onderwerp.bij.naam or "Deze plek op de kaart",
                "plek_was": onderwerp.bij.naam or "Deze plek op de kaart",
                "bij": onderwerp.bij.graden,
                "straal": onderwerp.bij.straal_m,
            }
        for naam, waarde in values.items():
            self[naam].process(None, waarde)

    def to_wens(self) -> Wens:
        """What was asked.

        Raises:
            Invalid: beside its field, if an address is none, cannot be found, or nothing is left.
        """
        email = clean_email(self.email.data or "", "email")
        if email is None:
            raise Invalid("Vul je e-mailadres in.", veld="email")
        if not self.lagen.data and not self.soort.data:
            raise Invalid("Kies wat je wilt weten. Eén ding is genoeg.", veld="lagen")
        args: list[tuple[str, str]] = [
            ("kern", self.kern.data or ""),
            ("soort", self.soort.data or ""),
            ("q", self.q.data or ""),
            ("kader", self.kader.data or ""),
            ("plek", "zonder" if self.zonder.data else ""),
            *(("laag", naam) for naam in self.lagen.data or ()),
        ]
        if self.plek.data:
            args += self._place()
        return Wens(email, Onderwerp.from_args(MultiDict(args)), Ritme(self.ritme.data))

    def _place(self) -> list[tuple[str, str]]:
        naam, graden = self.plek.data or "", self.bij.data or ""
        if not graden or naam != self.plek_was.data:
            adres = find_adres(naam)
            punt = to_wgs84(adres.punt)
            naam, graden = adres.naam, Bij(punt.x, punt.y).graden
        return [("bij", graden), ("naam", naam), ("straal", str(self.straal.data))]
