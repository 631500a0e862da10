"""While one fills in a form: what is warned for is what saving finds, and nothing stays of it."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from shapely.geometry import Point
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_straks import find_straks
from kernenkaart.afstemming.botsing_woorden import KOPPEN
from kernenkaart.afstemming.vuil import AfstemVuil
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.afstemming.botsingen import (
    LAAN,
    OP_DE_LAAN,
    RING,
    UIT,
    make_earlier,
    make_feest,
    make_wegen,
    make_werk,
)
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_platform
from tests.formulieren import filled_activiteit, filled_werk


def warned(browser: FlaskClient, pad: str, velden: dict[str, object]) -> list[tuple[str, str]]:
    """With what the preview says that it will clash, and how; one asks for it with a button."""
    voorbeeld = browser.post(pad, data=velden | {"actie": "bekijk"}).text
    assert ('value="straks"' in voorbeeld, "<div data-straks>" in voorbeeld) == (True, False)
    page = browser.post(pad, data=velden | {"actie": "straks"})
    assert page.status_code == 200
    blok = re.search(r"<div data-straks>(.*?)\n</div>", page.text, re.S)
    assert blok
    return re.findall(r'<li><a href="([^"]+)">[^<]*</a>, [^.]*\. ([^.]*)\.', blok[1])


def count(session: Session) -> list[int]:
    """How much there is of all that saving would add to."""
    tabellen = ("werkzaamheid", "activiteit", "botsing", "journaal", "procrastinate_jobs")
    rows = [session.scalar(text(f"SELECT count(*) FROM {naam}")) for naam in tabellen]
    return [int(row or 0) for row in rows]


def test_the_preview_of_a_work_warns_for_the_last_way_and_for_what_is_usual(
    client: ClientFactory, session: Session
) -> None:
    make_wegen(session, RING, LAAN, UIT)
    wei = make_feest(session, geom=Point(X + 260, Y + 1400))
    kermis = make_earlier(session, (1, 2, 3), today() + timedelta(days=12), "Kermis")
    session.execute(
        Activiteit.__table__.update()
        .where(Activiteit.id.in_(kermis))
        .values(geom=Point(X + 250, Y + 720))
    )
    session.execute(delete(AfstemVuil))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    velden = filled_werk(
        session,
        vorm=OP_DE_LAAN.wkt,
        eerste_dag=f"{today() + timedelta(days=2):%d-%m-%Y}",
        laatste_dag=f"{today() + timedelta(days=22):%d-%m-%Y}",
    )
    session.commit()
    voor = count(session)

    gezegd = warned(browser, "/werkzaamheden/nieuw", velden)

    assert count(session) == voor
    assert gezegd == [
        (f"/activiteiten/{kermis[0]}", KOPPEN[Klasse.ZELFDE_PLEK_EN_TIJD]),
        (f"/activiteiten/{wei.id}", KOPPEN[Klasse.TOEGANG]),
    ]
    browser.post("/werkzaamheden/nieuw", data=velden)
    gevonden = session.execute(
        select(Botsing.activiteit_id, Botsing.klasse)
        .join(Werkzaamheid)
        .order_by(Botsing.klasse.desc())
    )
    assert [(f"/activiteiten/{id_}", KOPPEN[klasse]) for id_, klasse in gevonden] == gezegd


def test_the_preview_of_an_activity_warns_its_group_and_changing_it_does_too(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    hart = platform.kernen[0].hart
    werk = make_werk(session, geom=hart.buffer(30))
    session.execute(delete(AfstemVuil))
    browser = client(make_gebruiker(session, platform))
    dag = f"{today() + timedelta(days=12):%d-%m-%Y}"
    velden = filled_activiteit(session, platform, datum=dag)
    session.commit()
    pad = f"/activiteiten/nieuw/{platform.id}"
    werk_botst = [(f"/werkzaamheden/{werk.id}", KOPPEN[Klasse.ZELFDE_PLEK_EN_TIJD])]

    assert warned(browser, pad, velden) == werk_botst
    later = f"{today() + timedelta(days=40):%d-%m-%Y}"
    assert warned(browser, pad, velden | {"datum": later}) == []
    typend = browser.post(pad, data=velden | {"actie": "straks", "titel": ""})
    assert (typend.status_code, "data-straks>" in typend.text) == (200, False)
    assert session.scalar(select(func.count()).select_from(Botsing)) == 0


def test_nothing_of_it_stays_when_something_else_is_kept_later(session: Session) -> None:
    make_werk(session)
    session.commit()
    session.execute(delete(AfstemVuil))
    voor = count(session)

    straks = find_straks(session, Actor(rol=Rol.MEDEWERKER), lambda: make_feest(session))
    session.commit()

    assert [een.klasse for een in straks] == [Klasse.ZELFDE_PLEK_EN_TIJD]
    assert count(session) == voor
