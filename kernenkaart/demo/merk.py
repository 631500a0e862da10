"""How what ``flask demo genereer`` made is told apart from the demo and from real content."""

from sqlalchemy import ColumnElement, and_

from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform

CONTACT = f"gegenereerd@{DOMEIN}"
CODE = "DEMO"  # a real code of CBS begins with GM
ACHTER = "(gegenereerd)"


def is_made(model: type[Platform | Organisatie]) -> ColumnElement[bool]:
    """Which platforms or organisations are generated."""
    return and_(model.demo, model.contact_email.is_not_distinct_from(CONTACT))
