"""A bare Flask page, to hold our own pages against in the same run."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def home() -> str:
    """The least a Flask page can be."""
    return "<!doctype html><title>Kaal</title><p>Hallo"
