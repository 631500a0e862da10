"""The form of a weekly hour."""

from collections.abc import Iterable

from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.spreekuren import NieuwSpreekuur
from kernenkaart.tijd import WEEKDAGEN_VOLUIT
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import KeuzeVeld, TekstVeld, TijdVeld, Verplicht, hoogstens


class SpreekuurForm(Formulier):
    """On which day, from when until when, and where."""

    volgorde = ("weekdag", "van", "tot", "plek", "kern_id")

    weekdag = KeuzeVeld(
        "Dag",
        validators=[Verplicht("Kies een dag.")],
    )
    van = TijdVeld("Van", validators=[Verplicht("Vul een begintijd in. Bijvoorbeeld: 9.00.")])
    tot = TijdVeld("Tot", validators=[Verplicht("Vul een eindtijd in. Bijvoorbeeld: 11.00.")])
    plek = TekstVeld(
        "Plek",
        description="Bijvoorbeeld: Dorpshuis",
        validators=[Verplicht("Vul een plek in. Bijvoorbeeld: Dorpshuis."), hoogstens(200)],
    )
    kern_id = KeuzeVeld("Kern", leeg="Niet in een kern")

    def offer(self, kernen: Iterable[Kern]) -> None:
        """Set what can be chosen."""
        self.weekdag.offer(enumerate(WEEKDAGEN_VOLUIT, start=1))
        self.kern_id.offer((kern.id, kern.naam) for kern in kernen)

    def to_nieuw(self) -> NieuwSpreekuur:
        """What was filled in; only after ``validate``."""
        return NieuwSpreekuur(
            weekdag=self.weekdag.data,
            van=self.van.data,
            tot=self.tot.data,
            plek=self.plek.data or "",
            kern_id=self.kern_id.data,
        )
