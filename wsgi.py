"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.omgeving import read_omgeving

app = create_app(Settings.from_env(read_omgeving()))
