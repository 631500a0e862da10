"""Where the addresses of a source are: each is asked for once, one by one, and never in a hurry."""

from dataclasses import dataclass, field
from time import sleep

from kernenkaart.errors import Invalid
from kernenkaart.kernen.adres import Adres, FindAdres, NuNiet, OnbekendAdres

PAUZE_S = 0.05  # before each question: the service is there for everybody
NOG_EENS_S = (2.0, 35.0)  # after failures the service is left alone for half a minute
OPGEVEN_NA = 3  # addresses in a row of which nothing was heard, however often it was asked
LATER = "Adressen opzoeken lukt nu niet. Probeer het later opnieuw."
ONBEKEND = "Dit adres vinden we niet in de gemeente. Zet er straat, huisnummer en dorp in."


@dataclass
class Opzoeker:
    """Looks addresses up, and remembers what it heard for as long as a source is weighed.

    Attributes:
        find: who knows; see ``kernen.adres.find_adres``.
        bekend: what was heard by address, in small letters: the place, or a sentence without one.
        stil: of how many addresses in a row nothing was heard.
    """

    find: FindAdres
    bekend: dict[str, Adres | str] = field(default_factory=dict)
    stil: int = 0

    def __call__(self, tekst: str) -> Adres:
        """The one place that ``tekst`` names.

        Raises:
            Invalid: with ``LATER`` when nobody answers, else with why there is no one place.
        """
        vraag = " ".join(tekst.casefold().split())
        if vraag not in self.bekend:
            self.bekend[vraag] = self._ask(tekst)
        found = self.bekend[vraag]
        if isinstance(found, str):
            raise Invalid(found)
        return found

    def _ask(self, tekst: str) -> Adres | str:
        for wacht_s in (PAUZE_S, *NOG_EENS_S):
            if self.stil >= OPGEVEN_NA:
                return LATER
            sleep(wacht_s)
            try:
                answer: Adres | str = self.find(tekst)
            except NuNiet:
                continue
            except OnbekendAdres:
                answer = ONBEKEND
            except Invalid as error:
                answer = error.melding
            self.stil = 0
            return answer
        self.stil += 1
        return LATER
