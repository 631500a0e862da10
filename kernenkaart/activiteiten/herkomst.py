"""Where an activity came from: the hook for who reads calendars in, on a higher floor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Herkomst:
    """The calendar that an activity came from.

    Attributes:
        naam: of the calendar.
        gelezen_op: when it was read last.
        eigen: whether the activity was changed by hand since, and no longer follows.
    """

    naam: str
    gelezen_op: datetime | None
    eigen: bool


FindHerkomst = Callable[[Session, int], Herkomst | None]


def init_herkomst(app: Flask, find: FindHerkomst) -> None:
    """Fill the hook: ``find`` gets the key of an activity; None is one that was typed here."""
    app.extensions["kernenkaart.find_herkomst"] = find


def find_herkomst(session: Session, activiteit_id: int) -> Herkomst | None:
    """The calendar that an activity came from; None when it was typed here."""
    find: FindHerkomst = current_app.extensions["kernenkaart.find_herkomst"]
    return find(session, activiteit_id)
