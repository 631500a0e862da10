"""How many people hear it by mail: the hook for who mails followers, on a higher floor."""

from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit


class CountVolgers(Protocol):
    """How many followers are told, before it is over, that an activity does not happen."""

    def __call__(self, session: Session, activiteit: Activiteit, *, hele: bool) -> int:
        """See ``count_volgers``."""


def init_volgers(app: Flask, count: CountVolgers) -> None:
    """Fill the hook."""
    app.extensions["kernenkaart.count_volgers"] = count


def count_volgers(session: Session, activiteit: Activiteit, *, hele: bool = False) -> int:
    """How many followers are told, before it is over, that an activity does not happen.

    Asked just after it was called off, and as long as nobody was told, the answer is the same.

    Args:
        hele: all times of its series; else this one.
    """
    count: CountVolgers = current_app.extensions["kernenkaart.count_volgers"]
    return count(session, activiteit, hele=hele)
