"""The worker's side of tiles: count again what changed, a few times a minute."""

from kernenkaart import db
from kernenkaart.taken.register import taak
from kernenkaart.tegels.services import catch_up


@taak("tegels.bijwerken", cron="* * * * * */15", pogingen=2)
def bijwerken() -> None:
    """Count the cells again in which something changed; a killed one leaves all as it was."""
    session = db.session()
    while catch_up(session):
        session.commit()
    session.rollback()
