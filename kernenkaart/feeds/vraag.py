"""The address of a calendar or a feed as a filter: that of the map, which is how one is saved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernenkaart.feeds.queries import find_nabij, find_onbekend
from kernenkaart.lagen.filter import NAMEN, Args, DingFilter, Vraag
from kernenkaart.tijd import Periode, kwartaal_of
from kernenkaart.web.api import BadInput, Fout, printable

ACTIVITEITEN = "activiteiten"
BEWAAR = timedelta(days=90)  # so long what is over or called off stays in a calendar
AFSTAND_MAX = 10_000  # metres
BEKEND = ("q", "kern", "soort", "wanneer", "van", "tot", "kader", "zoom", "plek")


@dataclass(frozen=True)
class Feedvraag:
    """What an address asks for.

    Attributes:
        vraag: as the map reads it.
        nabij: slug of a kern: what lies in it, or in a kern near it.
        afstand_m: greatest distance between their edges, metres, included.
        met_periode: whether a period is asked for.
    """

    vraag: Vraag
    nabij: str = ""
    afstand_m: int = 0
    met_periode: bool = False

    @property
    def kernen(self) -> tuple[str, ...]:
        """The slugs it names."""
        return tuple(slug for slug in (self.vraag.kern, self.nabij) if slug)

    @property
    def soort(self) -> tuple[str, str] | None:
        """The layer and the code of the kind it names; None without a kind."""
        laag, _, code = self.vraag.soort.partition(".")
        return (laag, code) if code else None

    def check(self, session: Session) -> None:
        """See that there is what it names; one statement at most.

        Raises:
            BadInput: if it names a kern or a kind that there is not.
        """
        if unknown := find_onbekend(session, self.kernen, self.soort):
            raise BadInput(_unknown(self, unknown))

    def to_filter(
        self, session: Session, gemeente: str | None, periode: Periode, vandaag: date
    ) -> DingFilter:
        """The same as a filter on things; two statements at most.

        Args:
            gemeente: CBS code; None is all.
            periode: the days that count when none are asked for.

        Raises:
            BadInput: as ``check``.
        """
        self.check(session)
        keuze = self.vraag.to_filter(vandaag, gemeente)
        keuze = replace(keuze, tekst=self.vraag.q)
        if not self.met_periode:
            keuze = replace(keuze, periode=periode)
        if self.nabij:
            keuze = replace(keuze, kernen=find_nabij(session, self.nabij, self.afstand_m))
        return keuze


def _unknown(vraag: Feedvraag, names: Iterable[str]) -> Iterable[Fout]:
    for name in sorted(names):
        for veld, value in (
            ("kern", vraag.vraag.kern),
            ("nabij", vraag.nabij),
            ("soort", (vraag.soort or ("", ""))[1]),
        ):
            if name == value:
                yield Fout("query", veld, f"'{printable(name)}' bestaat hier niet.")


def read_vraag(args: MultiDict[str, str], *, kalender: bool) -> Feedvraag:
    """Read an address.

    Args:
        kalender: a calendar holds activities alone, and a kind without a layer is one of them.

    Raises:
        BadInput: naming every parameter that is unknown, sent twice, or not understood.
    """
    args = args.copy()
    fouten = list(_strange(args))
    soort = args.get("soort", "")
    if kalender and soort and "." not in soort and soort not in NAMEN:
        args["soort"] = f"{ACTIVITEITEN}.{soort}"
    vraag, wrong = Vraag.from_args(cast(Args, args))
    fouten += [Fout("query", naam, zin) for naam, zin in wrong.items()]
    laag = vraag.soort.partition(".")[0] or ACTIVITEITEN
    if kalender and (laag != ACTIVITEITEN or (vraag.lagen and ACTIVITEITEN not in vraag.lagen)):
        fouten.append(Fout("query", "soort", "In een kalender staan alleen activiteiten."))
    nabij, afstand = args.get("nabij", ""), args.get("afstand", "")
    afstand_m = int(afstand) if afstand.isascii() and afstand.isdigit() and len(afstand) < 6 else -1
    if bool(nabij) != bool(afstand):
        fouten.append(Fout("query", "nabij", "Geef 'nabij' en 'afstand' samen."))
    elif nabij and not 0 <= afstand_m <= AFSTAND_MAX:
        melding = f"Geef een afstand van 0 tot en met {AFSTAND_MAX} meter."
        fouten.append(Fout("query", "afstand", melding))
    if fouten:
        raise BadInput(fouten)
    met_periode = any(args.get(naam) for naam in ("wanneer", "van", "tot"))
    return Feedvraag(vraag, nabij, max(afstand_m, 0), met_periode)


def _strange(args: MultiDict[str, str]) -> Iterable[Fout]:
    """What the map would pass over: here it is told."""
    for naam, teksten in args.lists():
        if naam == "laag":
            if not set(teksten) <= set(NAMEN):
                yield Fout("query", naam, f"Kies uit: {', '.join(NAMEN)}.")
        elif naam not in (*BEKEND, "nabij", "afstand"):
            text = printable(naam)
            yield Fout("query", text, f"De parameter '{text}' bestaat hier niet.")
        elif len(teksten) > 1:
            yield Fout("query", naam, f"Geef '{naam}' maar één keer.")
        elif any(teken in teksten[0] for teken in "\0\ufffd"):
            yield Fout("query", naam, f"In '{naam}' staan tekens die niet kunnen.")
    if args.get("plek", "zonder") != "zonder":
        yield Fout("query", "plek", "Alleen 'zonder' kan hier.")


def venster(vandaag: date) -> Periode:
    """The days of a calendar: from the quarter of 90 days ago. It moves four times a year."""
    return Periode(Periode.from_kwartaal(kwartaal_of(vandaag - BEWAAR)).eerste)


def key_of(vraag: Feedvraag, vandaag: date) -> tuple[Any, ...]:
    """What an answer depends on besides the address and the data."""
    return (vandaag,) if vraag.met_periode else (venster(vandaag).eerste,)
