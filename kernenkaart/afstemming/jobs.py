"""The worker's side of afstemming: look once more at what is committed."""

from kernenkaart import db
from kernenkaart.afstemming.vuil import TAAK, look_again
from kernenkaart.taken.register import taak


@taak(TAAK, cron="* * * * *", pogingen=3)
def kijk_na() -> None:
    """Let the watchers look at all that changed, some at a time, until nothing is left."""
    session = db.session()
    while look_again(session):
        session.commit()
    session.rollback()
