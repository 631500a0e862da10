"""The blueprint of all pages of beheer, and what their lists ask."""

from flask import Blueprint, request

from kernenkaart.web.velden import clean

STAP = 20
HOOGSTENS = 1000

bp = Blueprint("beheer", __name__, url_prefix="/beheer")


def asked_text() -> str:
    """What is searched for in a list; empty is everything."""
    return clean(request.args.get("q", ""))[:100]


def asked_number() -> int:
    """How many rows of a list are shown: 20, or what was asked for up to 1000."""
    return min(max(request.args.get("aantal", STAP, type=int), STAP), HOOGSTENS)
