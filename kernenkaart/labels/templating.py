"""The words of codes in templates: ``{{ status | label('werkzaamheid.status') }}``."""

from flask import Flask

from kernenkaart import db
from kernenkaart.labels import queries


def init_labels(app: Flask) -> None:
    """Give templates the filter ``label`` and the function ``labels``."""

    def word(code: str, lijst: str) -> str:
        return queries.label(db.session(), lijst, code)

    def words(lijst: str) -> dict[str, str]:
        return queries.find_labels(db.session(), lijst)

    app.jinja_env.filters["label"] = word
    app.jinja_env.globals["labels"] = words
