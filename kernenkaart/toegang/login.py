"""Logging in: flask-login over our own accounts, sessions in the database, forms from here."""

from functools import partial

from flask import Flask, current_app, g, session
from flask_login import LoginManager, login_user, logout_user

from kernenkaart.actor import STAF, Rol
from kernenkaart.config import Settings
from kernenkaart.toegang.cookies import PENDING, DatabaseSessions, ServerSession
from kernenkaart.toegang.current import current_aanmelding
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.sessies import LONG
from kernenkaart.web.csrf import init_csrf
from kernenkaart.web.verlopen import resend_page


def init_login(app: Flask, settings: Settings) -> None:
    """Keep sessions in the database, look up who is logged in, guard every form."""
    app.session_interface = DatabaseSessions(settings)
    app.config["SESSION_PROTECTION"] = None  # the row is the session, an address may change
    manager = LoginManager()
    # not its init_app: that looks for a cookie of its own after each answer, and reads the session
    app.login_manager = manager  # type: ignore[attr-defined]

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(gebruiker_id: str) -> Gebruiker | None:
        aanmelding = current_aanmelding()
        gebruiker = aanmelding.gebruiker if aanmelding else None
        if gebruiker is None or str(gebruiker.id) != gebruiker_id:
            return None
        return None if lacks_second_step(gebruiker) else gebruiker

    init_csrf(app, partial(resend_page, ingelogd=True))


def must_have_second_step(gebruiker: Gebruiker) -> bool:
    """Whether this account may not do without the second step."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.mfa_verplicht and gebruiker.rol in STAF


def lacks_second_step(gebruiker: Gebruiker) -> bool:
    """Whether this account must set up the second step before it may do anything."""
    return must_have_second_step(gebruiker) and gebruiker.totp_secret is None


def log_in(gebruiker: Gebruiker, *, onthoud: bool) -> None:
    """This browser is ``gebruiker`` from now on, under a new key.

    Args:
        onthoud: also after the browser was closed; only for who speaks for a platform.
    """
    session.clear()
    login_user(gebruiker)
    if onthoud and gebruiker.rol is Rol.PLATFORMLID:
        session[LONG] = True
    rotate()
    g.pop("actor", None)


def wait_for_second_step(gebruiker: Gebruiker, *, onthoud: bool) -> None:
    """The password was right; remember for some minutes whose second step is to come."""
    session.clear()
    session[PENDING] = gebruiker.id
    session[LONG] = onthoud
    rotate()


def log_out() -> None:
    """Forget who this browser is; its row is deleted when the answer is sent."""
    logout_user()
    session.clear()
    g.pop("actor", None)


def rotate() -> None:
    """Go on under a new key."""
    opened = session._get_current_object()  # type: ignore[attr-defined]
    if isinstance(opened, ServerSession):
        opened.rotate()
