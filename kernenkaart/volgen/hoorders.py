"""Who changes an activity is told how many hear of it: what fills the hook of ``activiteiten``."""

from flask import current_app
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.config import Settings
from kernenkaart.tijd import now
from kernenkaart.volgen.queries import count_hearers
from kernenkaart.volgen.services import next_rounds


def count_hoorders(session: Session, activiteit: Activiteit, *, hele: bool) -> int:
    """See ``activiteiten.volgers.count_volgers``."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    rondes = next_rounds(now(), settings.volgen_uur)
    return count_hearers(session, activiteit, hele=hele, rondes=rondes)
