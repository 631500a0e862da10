"""Who is logged in: flask-login over our own accounts."""

from flask import Flask
from flask_login import LoginManager
from sqlalchemy import select

from kernenkaart import db
from kernenkaart.config import Settings
from kernenkaart.toegang.models import Gebruiker


def init_login(app: Flask, _settings: Settings) -> None:
    """Look up who is logged in from the session of the request."""
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(gebruiker_id: str) -> Gebruiker | None:
        return db.session().scalar(
            select(Gebruiker).where(Gebruiker.id == int(gebruiker_id), Gebruiker.active)
        )
