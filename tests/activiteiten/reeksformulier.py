"""The form of a series, filled in and sent, for tests."""

from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.formulieren import chosen, filled_activiteit, hidden

VOLGEND_JAAR = today().year + 1


def a_saturday() -> date:
    """The second Saturday of June of next year."""
    regel = Regel(Frequentie.MAAND, weekdagen=(Weekdag(5, 2),))
    found = regel.first_day(date(VOLGEND_JAAR, 6, 1))
    assert found is not None
    return found


def filled(session: Session, platform: Platform, **velden: Any) -> dict[str, Any]:
    return filled_activiteit(
        session, platform, **({"datum": f"{a_saturday():%d-%m-%Y}", "herhaal": "maand"} | velden)
    )


def post(browser: FlaskClient, session: Session, platform: Platform, **velden: Any) -> Reeks:
    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, **velden)
    )
    assert answer.status_code == 302, answer.text
    session.expire_all()
    return session.scalars(select(Reeks).order_by(Reeks.id.desc()).limit(1)).one()


def keren(session: Session, reeks: Reeks) -> list[Activiteit]:
    session.expire_all()
    found = select(Activiteit).where(Activiteit.reeks_id == reeks.id)
    return list(session.scalars(found.order_by(Activiteit.reeks_dag)))


def form_of(text: str) -> dict[str, Any]:
    """What a browser would send of a page with the form of a series, unchanged."""
    namen = ("titel", "datum", "van", "tot", "plek", "sleutel", "versie", "was", "lon", "lat")
    more = ("tussen", "reeks_tot", "keren", "laatste_dag", "organisator")
    lists = ("soort", "kern", "herhaal", "reeks_op", "doelgroep")
    found = {naam: hidden(text, naam) for naam in (*namen, *more)}
    return found | {naam: chosen(text, naam) for naam in lists}
