"""A typed address becomes a point: the hook for who knows addresses, on a higher floor."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from shapely.geometry import Point

from kernenkaart.errors import Invalid


@dataclass(frozen=True)
class Adres:
    """A street or address as it is called, and where it is (RD, metres)."""

    naam: str
    punt: Point


class OnbekendAdres(Invalid):
    """There is no such street or address in the gemeente."""


class NuNiet(Invalid):
    """Nobody can be asked now; the same question later may have an answer."""


FindAdres = Callable[[str], Adres]


def init_adres(app: Flask, find: FindAdres) -> None:
    """Fill the hook: ``find`` raises Invalid when it does not know the one place that is meant."""
    app.extensions["kernenkaart.find_adres"] = find


def find_adres(tekst: str) -> Adres:
    """The one street or address in the gemeente that ``tekst`` names.

    Raises:
        OnbekendAdres: beside ``plek``, if there is none.
        NuNiet: if nobody answers.
        Invalid: if there are more, or if nobody can ever be asked.
    """
    find: FindAdres = current_app.extensions["kernenkaart.find_adres"]
    return find(tekst)
