"""Logging in over HTTP as a browser does, with the token of the form."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.wachtwoord import hash_wachtwoord
from tests.factories import make_gebruiker

WACHTWOORD = "vier natte klompen"
HASH = hash_wachtwoord(WACHTWOORD)


def make_account(session: Session, platform: Any = None, **values: Any) -> Gebruiker:
    """An account with the password ``WACHTWOORD``."""
    return make_gebruiker(session, platform, **({"password": HASH} | values))


def post_form(client: FlaskClient, path: str, **velden: Any) -> TestResponse:
    """Open the page and send its form, token and all."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    token = found[1] if found else ""
    return client.post(path, data={"csrf_token": token} | velden)


def log_in(client: FlaskClient, gebruiker: Gebruiker, **velden: Any) -> TestResponse:
    """Send the login form."""
    velden = {"email": gebruiker.email, "wachtwoord": WACHTWOORD} | velden
    return post_form(client, velden.pop("path", "/inloggen"), **velden)


def who(client: FlaskClient) -> str | None:
    """The name the site greets this browser with; None for a visitor."""
    response = client.get("/account")
    if response.status_code != 200:
        return None
    found = re.search(r"Mijn account: </span><b>([^<]+)<", response.get_data(as_text=True))
    return found[1] if found else None
