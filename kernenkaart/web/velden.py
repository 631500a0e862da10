"""Fields as people fill them in: text, days, times, numbers, choices; each keeps what was typed."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from datetime import date, time
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar

from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextInput

from kernenkaart.tijd import format_tijd, parse_dag, parse_tijd

# controls and the marks that turn the direction of text around; line ends and tabs stay
_ONZICHTBAAR = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str, *, regels: bool = False) -> str:
    """``text`` without control characters and spaces around it, in composed Unicode.

    Args:
        regels: keep line ends; otherwise all white space becomes one space.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # a lone surrogate cannot be stored; it can only come from a broken client
    text = text.encode("utf-8", "ignore").decode()
    text = _ONZICHTBAAR.sub("", unicodedata.normalize("NFC", text))
    return text.strip() if regels else " ".join(text.split())


class TekstVeld(StringField):
    """One line of text; None never, empty is ``""``."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, cleaned."""
        self.data = clean(valuelist[0]) if valuelist else ""


class TekstvakVeld(TextAreaField):
    """Text of several lines; None never, empty is ``""``."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, cleaned."""
        self.data = clean(valuelist[0], regels=True) if valuelist else ""


class GetypteWaarde(Field):
    """A value with its own notation. What was typed stays on the screen, right or wrong."""

    widget = TextInput()
    data: Any

    def parse(self, text: str) -> Any:
        """The value of ``text``; ValueError carries the Dutch sentence."""
        raise NotImplementedError

    def notation(self, waarde: Any) -> str:
        """How a value is written in the field."""
        return str(waarde)

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return "" if self.data is None else self.notation(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse what was typed; empty is None."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            self.data = self.parse(text)


class DagVeld(GetypteWaarde):
    """A day: ``12-06-2027``, ``2027-06-12``, ``12 juni``. Data is a ``date`` or None."""

    def parse(self, text: str) -> date:
        """The day that was typed."""
        return parse_dag(text)

    def notation(self, waarde: date) -> str:
        """As fields show a day: ``12-06-2027``."""
        return f"{waarde:%d-%m-%Y}"


class TijdVeld(GetypteWaarde):
    """A time of day: ``10.00`` or ``10:00``. Data is a ``time`` or None."""

    def parse(self, text: str) -> time:
        """The time that was typed."""
        return parse_tijd(text)

    def notation(self, waarde: time) -> str:
        """As fields show a time: ``10.00``."""
        return format_tijd(waarde)


class GetalVeld(GetypteWaarde):
    """A number with a comma or a point. Data is a finite ``float`` or None.

    Args:
        verborgen: a field that only a script fills.
    """

    def __init__(self, *args: Any, verborgen: bool = False, **kwargs: Any) -> None:
        if verborgen:
            kwargs["widget"] = HiddenInput()
        super().__init__(*args, **kwargs)

    def notation(self, waarde: float) -> str:
        """With a comma, to the seventh decimal at most: ``500``, ``5,2661``."""
        return f"{waarde:.7f}".rstrip("0").rstrip(".").replace(".", ",")

    def parse(self, text: str) -> float:
        """The number that was typed."""
        try:
            getal = float(text.replace(",", "."))
        except ValueError:
            getal = float("nan")
        if not abs(getal) < 1e12:  # NaN and infinity are no numbers here
            raise ValueError("Vul een getal in.")
        return getal


class KeuzeVeld(SelectField):
    """One choice out of rows or codes.

    Args:
        soort: what the value is: ``int`` for the key of a row, ``str`` for a code.
        leeg: text of the empty choice; None leaves it out. Empty data is None.
    """

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        soort: type[int] | type[str] = int,
        leeg: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.leeg = leeg

        def coerce(waarde: Any) -> Any:
            return None if waarde in (None, "", "None") else soort(waarde)

        kwargs.setdefault("choices", [])
        super().__init__(label, validators, coerce=coerce, **kwargs)
        if not self.choices:
            self.offer(())

    def offer(self, keuzes: Iterable[tuple[Any, ...]]) -> None:
        """Set what can be chosen: value, label and maybe a mapping of HTML attributes."""
        empty = [] if self.leeg is None else [("", self.leeg)]
        self.choices = [*empty, *keuzes]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what is not in the list."""
        values = {self.coerce(keuze[0]) for keuze in self.choices or ()}
        if self.data not in values and not (self.data is None and self.leeg is None):
            raise ValidationError("Kies een van de mogelijkheden uit de lijst.")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the choice; nonsense is refused with a sentence."""
        try:
            self.data = self.coerce(valuelist[0]) if valuelist else None
        except ValueError as error:
            self.data = None
            raise ValueError("Kies een van de mogelijkheden uit de lijst.") from error


class VinkjesVeld(SelectMultipleField):
    """Several choices, each a tick box; data is a list of what ``coerce`` makes of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, *, coerce: Callable[[Any], Any] = int, **kwargs: Any) -> None:
        self.koppen: list[str] = []
        super().__init__(label, coerce=coerce, **({"choices": []} | kwargs))

    def offer_per(self, keuzes: Iterable[tuple[str, Any, str]]) -> None:
        """Set what can be chosen under headings: heading, value and label, sorted by heading."""
        rows = list(keuzes)
        self.koppen = [kop for kop, _, _ in rows]
        self.choices = [(waarde, label) for _, waarde, label in rows]

    def per_kop(self) -> list[tuple[str, list[Field]]]:
        """The tick boxes under each heading of ``offer_per``."""
        pairs = zip(self.koppen, self, strict=True)
        return [(kop, [box for _, box in some]) for kop, some in groupby(pairs, itemgetter(0))]


class SleutelVeld(HiddenField):
    """A key made with the empty form; the same form sent again carries the same key.

    Data is the text of a UUID.
    """

    data: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=lambda: str(uuid.uuid4()), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the key; a new one when it is no key."""
        try:
            self.data = str(uuid.UUID(valuelist[0]))
        except (ValueError, IndexError):
            self.data = str(uuid.uuid4())


class VersieVeld(HiddenField):
    """The version of the row that an editor started from; None for something new."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the version; nonsense is version 0, which no row has."""
        text = valuelist[0] if valuelist else ""
        self.data = (int(text) if text.isdecimal() and len(text) < 10 else 0) if text else None


class Verplicht:
    """The field must be filled. What was typed wrongly keeps its own sentence.

    Args:
        melding: what to fill in, with an example.
    """

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, melding: str) -> None:
        self.melding = melding

    def __call__(self, form: Any, field: Field) -> None:  # noqa: ARG002
        """Refuse an empty field."""
        typed = field.raw_data and clean(str(field.raw_data[0]))
        if not typed:
            raise StopValidation(self.melding)


def hoogstens(tekens: int) -> Length:
    """The field holds at most so many characters."""
    return Length(max=tekens, message=f"Maak dit korter: hoogstens {tekens} tekens.")


def mag_leeg() -> Optional:
    """The field may stay empty; then nothing else about it is checked."""
    return Optional()
