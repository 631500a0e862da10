"""The words of codes while answering a request: ``{{ status | label('werkzaamheid.status') }}``."""

from flask import Flask

from kernenkaart import db
from kernenkaart.labels import queries


def word(code: str, lijst: str) -> str:
    """The word for ``code`` of ``lijst``; see ``labels.queries.label``."""
    return queries.label(db.session(), lijst, code)


def words(lijst: str) -> dict[str, str]:
    """All words of a list by code, in their order."""
    return queries.find_labels(db.session(), lijst)


def init_labels(app: Flask) -> None:
    """Give templates the filter ``label`` and the function ``labels``."""
    app.jinja_env.filters["label"] = word
    app.jinja_env.globals["labels"] = words
