"""A calendar file as text: its entries apart, each with the few properties that we read.

Nothing is parsed here but lines (RFC 5545, section 3.1), so that one broken entry breaks no other,
and a file that is cut off or folded wrongly still gives what is whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kernenkaart.errors import Invalid

REGEL_MAX = 20_000  # characters of one property
BLOKKEN_MAX = 3_000  # that may lie in our period
BLOKKEN_ALLE = 20_000  # of whatever year
REGELS_MAX = 1_500  # of one entry
WAARDEN_MAX = 1_000  # EXDATE and RDATE of one entry
GELEZEN = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "STATUS", "CLASS", "CATEGORIES"),
        *("SEQUENCE", "LAST-MODIFIED"),
    }
)
HERHAALD = frozenset({"RDATE", "EXDATE", "CATEGORIES"})  # may stand there more than once
_BEGIN_VAN_REGEL = re.compile(r"[A-Za-z][A-Za-z0-9-]*[;:]")
_NAAM = re.compile(r"[A-Za-z0-9-]+")


@dataclass
class Blok:
    """One VEVENT as lines.

    Attributes:
        regels: (name of the property in capitals, whole line).
        kapot: why it cannot be read; empty when it can.
        losse_dagen: how many days EXDATE and RDATE name.
    """

    regels: list[tuple[str, str]] = field(default_factory=list)
    kapot: str = ""
    losse_dagen: int = 0

    def get(self, naam: str) -> str:
        """The value of the first property of this name; empty without."""
        return next((line.split(":", 1)[-1] for n, line in self.regels if n == naam), "")


@dataclass
class Bestand:
    """What is in a calendar file.

    Attributes:
        koppen: properties of the calendar itself, by name in capitals.
        zones: each VTIMEZONE, whole.
        heel: whether the file ends as it should.
    """

    koppen: dict[str, str] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    blokken: list[Blok] = field(default_factory=list)
    heel: bool = True


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what an old Windows program writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def unfold(text: str) -> Iterator[str]:
    """The lines of a calendar, whole. A line that is none by itself goes on with the one before."""
    parts: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if parts and line[:1] in {" ", "\t"}:
            parts.append(line[1:])
        elif parts and line.strip() and not _BEGIN_VAN_REGEL.match(line):
            parts.append("\\n" + line)  # a line end that somebody forgot to escape
        elif line.strip():
            if parts:
                yield "".join(parts)
            parts = [line.strip("\0")]
    if parts:
        yield "".join(parts)


def split(data: bytes) -> Bestand:
    """The entries of a calendar file.

    Raises:
        Invalid: if it is no calendar.
    """
    text = decode(data)
    if "BEGIN:VCALENDAR" not in text.upper() and "BEGIN:VEVENT" not in text.upper():
        if "<html" in text[:5_000].lower():
            raise Invalid(
                "Dit is een webpagina, geen agenda. Zoek op die pagina de link om je te abonneren: "
                "die begint vaak met webcal of eindigt op .ics."
            )
        raise Invalid("Dit is geen agenda. Een agenda is een bestand dat eindigt op .ics.")
    return _Splitser().read(unfold(text))


class _Splitser:
    """Goes through the lines once, and remembers within what it is."""

    def __init__(self) -> None:
        self.bestand = Bestand(heel=False)
        self.blok: Blok | None = None
        self.zone: list[str] | None = None
        self.diepte = 0  # of components within an entry, such as an alarm

    def read(self, lines: Iterator[str]) -> Bestand:
        for line in lines:
            if len(self.bestand.blokken) >= BLOKKEN_ALLE:
                self.bestand.heel = False
                break
            found = _NAAM.match(line)
            naam = found[0].upper() if found else ""
            if naam in {"BEGIN", "END"}:
                self._bound(naam, line.split(":", 1)[-1].strip().upper())
            elif self.zone is not None:
                self.zone.append(line[:REGEL_MAX])
            elif self.blok is not None:
                if not self.diepte and naam in GELEZEN:
                    _add(self.blok, naam, line)
            elif len(line) <= REGEL_MAX:
                self.bestand.koppen.setdefault(naam, line.split(":", 1)[-1].strip())
        if self.blok is not None:
            self._close("houdt halverwege op")
        return self.bestand

    def _bound(self, naam: str, wat: str) -> None:
        begin = naam == "BEGIN"
        if wat == "VEVENT" and begin:
            if self.blok is not None:
                self._close("houdt halverwege op")
            self.blok, self.diepte = Blok(), 0
        elif wat == "VEVENT" and self.blok is not None:
            self._close("")
        elif wat == "VTIMEZONE" and self.blok is None:
            if begin:
                self.zone = ["BEGIN:VTIMEZONE"]
            elif self.zone is not None:
                self.bestand.zones.append("\r\n".join([*self.zone, "END:VTIMEZONE", ""]))
                self.zone = None
        elif wat == "VCALENDAR":
            self.bestand.heel = not begin
        elif self.zone is not None:
            self.zone.append(f"{naam}:{wat}")
        elif self.blok is not None:
            self.diepte = max(0, self.diepte + (1 if begin else -1))

    def _close(self, kapot: str) -> None:
        if self.blok is not None:
            self.blok.kapot = self.blok.kapot or kapot
            self.bestand.blokken.append(self.blok)
        self.blok = None


def _add(blok: Blok, naam: str, line: str) -> None:
    if blok.kapot:
        return
    if naam in {"RDATE", "EXDATE"}:
        blok.losse_dagen += 1 + line.count(",")
        if blok.losse_dagen > WAARDEN_MAX:
            blok.kapot = f"heeft meer dan {WAARDEN_MAX} losse dagen"
            return
    elif len(blok.regels) >= REGELS_MAX:
        blok.kapot = f"heeft meer dan {REGELS_MAX} regels"
    elif naam not in HERHAALD and any(n == naam for n, _ in blok.regels):
        return
    if len(line) <= REGEL_MAX:
        blok.regels.append((naam, line))
    elif naam in {"SUMMARY", "DESCRIPTION", "LOCATION"}:  # what is cut off is no escape
        blok.regels.append((naam, line[:REGEL_MAX].rstrip("\\")))
    else:
        blok.kapot = f"heeft een regel {naam} van meer dan {REGEL_MAX} tekens"
