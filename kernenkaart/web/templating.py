"""What every template can use: settings, the actor, dates written the Dutch way."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask
from werkzeug.local import LocalProxy

from kernenkaart import tijd
from kernenkaart.actor import Actor
from kernenkaart.config import Settings
from kernenkaart.geo.afstand import format_afstand
from kernenkaart.getal import format_getal
from kernenkaart.periode import format_duur, format_periode


def init_templating(app: Flask, settings: Settings, current_actor: Callable[[], Actor]) -> None:
    """Fill the template globals and filters. Templates print, loop and choose; they never query."""
    env = app.jinja_env
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.filters["dag"] = format_day
    env.filters["tijd"] = tijd.format_tijd
    env.filters["afstand"] = format_afstand
    env.filters["getal"] = format_getal
    env.filters["dagen"] = lambda pair: tijd.format_dagen(*pair)
    env.globals.update(
        settings=settings,
        gemeente_naam=settings.gemeente_naam,
        vandaag=tijd.today,
        # looked up when a template asks: an error page without a database must not ask
        actor=LocalProxy(current_actor),
        format_dagen=tijd.format_dagen,
        format_duur=format_duur,
        format_periode=format_periode,
        format_maanden=tijd.format_maanden,
        format_moment=tijd.format_moment,
    )


def format_day(waarde: date | datetime) -> str:
    """A day or a moment as ``za 14 juni``, in Amsterdam."""
    if isinstance(waarde, datetime):
        waarde = waarde.astimezone(tijd.AMSTERDAM).date()
    return tijd.format_dag(waarde)
