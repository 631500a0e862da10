"""The other side of a new clash is told by mail: once, together, and never about the demo."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from shapely.affinity import translate
from shapely.geometry import LineString, Point
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.afstemming import vuil
from kernenkaart.afstemming.botsing_melden import tell_new
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.vuil import AfstemVuil
from kernenkaart.post.bericht import render
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
    moment,
)
from tests.wachtrij import waiting

pytestmark = pytest.mark.usefixtures("app")  # which has changes looked at
GROEP, WERK = "groep@example.org", "werk@example.org"


def make_werk(session: Session, **values: Any) -> Werkzaamheid:
    return make_werkzaamheid(
        session,
        **{
            "organisatie": make_organisatie(session, contact_email=WERK),
            "titel": "Nieuw riool",
            "geom": LineString([(X, Y), (X + 100, Y)]),
            "hinder": Hinder.AFGESLOTEN,
            "hinder_kort": "Afgesloten voor auto's",
            "eerste_dag": today() + timedelta(days=10),
            "laatste_dag": today() + timedelta(days=20),
        }
        | values,
    )


def make_feest(session: Session, dag: int = 12, **values: Any) -> Activiteit:
    return make_activiteit(
        session,
        **{
            "titel": "Kermis",
            "begint_op": moment(dag, 10),
            "eindigt_op": moment(dag, 16),
            "geom": Point(X + 50, Y + 5),
        }
        | values,
    )


def save(session: Session) -> None:
    """End one transaction; the next knows nothing of what this one changed."""
    session.commit()
    session.execute(delete(AfstemVuil))


def told(session: Session) -> list[dict[str, Any]]:
    """The mails that go out now."""
    before = len(waiting(session, "post.verstuur"))
    tell_new(session, today())
    session.commit()
    return waiting(session, "post.verstuur")[before:]


def test_who_did_not_save_is_told_once_until_the_class_changes(session: Session) -> None:
    werk = make_werk(session)
    save(session)
    platform = make_platform(session, contact_email=GROEP)
    make_feest(session, platform=platform)
    save(session)

    (mail,) = told(session)
    assert (mail["aan"], mail["onderwerp"]) == (WERK, "Dit botst: Nieuw riool en Kermis")

    werk.laatste_dag += timedelta(days=1)
    save(session)
    assert told(session) == []

    werk.geom = translate(werk.geom, 0, 150)
    save(session)
    (mail,) = told(session)
    assert mail["aan"] == GROEP


def test_many_clashes_of_one_save_are_one_mail(app: Flask, session: Session) -> None:
    platform = make_platform(session, contact_email=GROEP)
    for dag in (12, 13, 14):
        make_feest(session, dag, platform=platform)
    save(session)
    make_werk(session)
    make_werk(session, titel="Gas")
    save(session)

    (mail,) = told(session)

    assert (mail["aan"], mail["onderwerp"]) == (
        GROEP,
        "6 nieuwe botsingen tussen werk en activiteiten",
    )
    with app.test_request_context():
        tekst = render(mail["sjabloon"], mail["gegevens"], app.extensions["kernenkaart.settings"])
    assert tekst.count("/afstemming/botsingen/") == 6
    assert 'Het werk "Gas" en de activiteit "Kermis"' in tekst


def test_drafts_wait_and_invented_or_imported_together_is_not_told(session: Session) -> None:
    platform = make_platform(session, contact_email=GROEP)
    make_feest(session, platform=platform)
    make_werk(session, titel="Samen ingelezen")
    save(session)
    make_werk(session, demo=True)
    concept = make_werk(session, status=Status.CONCEPT)
    save(session)
    assert told(session) == []

    concept.status = Status.VERWACHT
    save(session)

    (mail,) = told(session)
    assert mail["aan"] == GROEP
    assert [regel["werk"] for regel in mail["gegevens"]["regels"]] == ["Nieuw riool"]
    assert not session.scalars(select(Botsing).where(Botsing.melden.is_not(None))).all()
    geheim = make_feest(session, status=ActiviteitStatus.CONCEPT)
    save(session)
    assert told(session) == []
    geheim.status = ActiviteitStatus.GEPUBLICEERD
    save(session)
    assert [mail["aan"] for mail in told(session)] == [WERK]


def test_the_rules_of_today_on_many_things_in_parts_tell_nobody(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_feest(session, platform=make_platform(session, contact_email=GROEP))
    make_werk(session)
    save(session)
    session.execute(delete(Botsing))
    monkeypatch.setattr(vuil, "PER_KEER", 1)
    vuil.mark_all(session)

    while vuil.look_again(session):
        pass

    assert session.scalar(select(func.count()).select_from(Botsing)) == 1
    assert told(session) == []
