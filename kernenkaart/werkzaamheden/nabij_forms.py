"""The question which works lie near something: text becomes values."""

from datetime import date

from kernenkaart.errors import Invalid
from kernenkaart.tijd import Periode, kwartaal_of, today
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import DagVeld, GetalVeld, KeuzeVeld, TekstvakVeld, TekstVeld

AFSTAND_M = 500.0
AFSTAND_MAX_M = 50_000.0


class NabijForm(Formulier):
    """Which works lie near something, in which days."""

    class Meta(Formulier.Meta):
        """A question changes nothing, so it carries no token."""

        csrf = False

    afstand = GetalVeld("Binnen", default=AFSTAND_M)
    kwartaal = TekstVeld("in")
    van = DagVeld("van")
    tot = DagVeld("tot en met")
    organisatie = KeuzeVeld("van", leeg="alle organisaties")
    vorm = TekstvakVeld("Gebied", description="GeoJSON of WKT, in RD of in graden.")

    def to_afstand_m(self) -> float:
        """Metres.

        Raises:
            Invalid: if it is no distance from 0 to 50 km.
        """
        if not self.afstand.raw_data:
            self.afstand.data = AFSTAND_M
        afstand: float | None = self.afstand.data
        if self.afstand.errors or afstand is None or not 0 <= afstand <= AFSTAND_MAX_M:
            raise Invalid("Vul een afstand in van 0 tot 50000 meter.", veld="afstand")
        return afstand

    def to_periode(self) -> Periode:
        """The days asked about: ``van`` and ``tot``, else the quarter, else this quarter.

        Raises:
            Invalid: if they cannot be read or do not fit together.
        """
        van: date | None = self.van.data
        tot: date | None = self.tot.data
        try:
            if van or tot:
                return Periode(van, tot)
            return Periode.from_kwartaal(self.kwartaal.data or kwartaal_of(today()))
        except ValueError as error:
            raise Invalid(str(error), veld="tot" if van or tot else "kwartaal") from error
