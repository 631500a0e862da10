"""Fetch a calendar from an address that somebody typed; the rules are those of ``web.ophalen``."""

from dataclasses import dataclass

from kernenkaart.web import ophalen
from kernenkaart.web.ophalen import LENGTE_MAX, NietOpgehaald, Opgehaald, Wat

__all__ = ["LENGTE_MAX", "NietOpgehaald", "Opgehaald", "Ophaler", "clean_adres"]

AGENDA = Wat(
    "een agenda",
    "Deze agenda",
    "https://www.voorbeeld.nl/agenda.ics",
    "text/calendar, */*;q=0.5",
)


@dataclass(frozen=True)
class Ophaler(ophalen.Ophaler):
    """Fetches calendars."""

    wat: Wat = AGENDA


def clean_adres(tekst: str) -> str:
    """The address of a calendar as it is fetched; ``webcal`` is https.

    Raises:
        NietOpgehaald: if it is none, or of a kind that is not fetched.
    """
    return ophalen.clean_adres(tekst, AGENDA)
