"""The one blueprint that all pages of beheer hang on."""

from flask import Blueprint

bp = Blueprint("beheer", __name__, url_prefix="/beheer")
