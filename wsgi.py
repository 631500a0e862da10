"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

import gc

gc.disable()  # what is loaded stays: looking through it again and again is a fifth of the start

from kernenkaart.app import create_app  # noqa: E402
from kernenkaart.config import Settings  # noqa: E402
from kernenkaart.omgeving import read_omgeving  # noqa: E402

app = create_app(Settings.from_env(read_omgeving()))
gc.freeze()
gc.enable()
