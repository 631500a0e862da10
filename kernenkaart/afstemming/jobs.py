"""The worker's side of afstemming: look once more at what is committed, and tell who must know."""

from kernenkaart import db
from kernenkaart.afstemming.botsing_melden import tell_new
from kernenkaart.afstemming.vuil import TAAK, look_again
from kernenkaart.taken.register import taak
from kernenkaart.tijd import today


@taak(TAAK, cron="* * * * *", pogingen=3)
def kijk_na() -> None:
    """Let the watchers look at all that changed, some at a time, until nothing is left."""
    session = db.session()
    while look_again(session):
        session.commit()
    session.rollback()


@taak("afstemming.meld_botsingen", cron="7 * * * *")
def meld_botsingen() -> None:
    """Mail who does not know yet that something of theirs clashes; once an hour, so in one mail."""
    session = db.session()
    tell_new(session, today())
    session.commit()
