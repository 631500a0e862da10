import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from shapely import STRtree
from sqlalchemy import Connection, func, select, true
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Reeks
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.initiatieven.models import Initiatief
from kernenkaart.kernen.models import Kern
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.projecten.models import Project
from kernenkaart.tijd import today
from kernenkaart.toegang.models import Gebruiker, Toewijzing
from kernenkaart.werkbronnen.models import Werkbronitem
from kernenkaart.werkzaamheden.models import (
    Hinder,
    Hinderregel,
    Status,
    Werkzaamheid,
    WerkzaamheidKern,
)
from tests.conftest import ClientFactory

DINGEN = (Activiteit, Werkzaamheid, Project, Initiatief)
LOS = Activiteit.reeks_id.is_(None)


@pytest.fixture
def connection(geladen: Connection) -> Iterator[Connection]:
    """The connection of these tests: the demo is there, and what a test changes is undone."""
    savepoint = geladen.begin_nested()
    yield geladen
    savepoint.rollback()


@pytest.fixture
def demo(session: Session) -> Session:
    """A session in which the demo is loaded."""
    return session


def count(session: Session, model, *where) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_there_is_as_much_as_a_year_in_a_municipality_brings(demo: Session) -> None:
    assert 250 <= count(demo, Activiteit, LOS) <= 420
    assert 4 <= count(demo, Reeks) <= 10
    assert 80 <= count(demo, Werkzaamheid) <= 120
    assert 18 <= count(demo, Project) <= 25
    assert 45 <= count(demo, Initiatief) <= 75
    assert count(demo, Platform) >= 26


def test_everything_is_marked_as_demo(demo: Session) -> None:
    for model in (*DINGEN, Platform, Organisatie, Gebruiker):
        assert count(demo, model, ~model.demo) == 0


def test_series_have_their_times_two_years_ahead(demo: Session) -> None:
    keren = demo.execute(
        select(Reeks.titel, func.count(), func.max(Activiteit.reeks_dag))
        .join(Activiteit, Activiteit.reeks_id == Reeks.id)
        .group_by(Reeks.id)
    ).all()

    assert {aantal for titel, aantal, _ in keren if titel == "Koersbal"} == {30}
    assert {
        laatste > today() + timedelta(days=600)
        for titel, _, laatste in keren
        if titel == "Repaircafé"
    } == {True}
    verwacht = Activiteit.status == ActiviteitStatus.VERWACHT
    assert count(demo, Activiteit, verwacht) >= 4


def test_it_lies_around_today_and_nothing_is_stacked_on_one_point(demo: Session) -> None:
    dagen = [op.date() for op in demo.scalars(select(Activiteit.begint_op).where(LOS))]
    assert min(dagen) >= today() - timedelta(days=60)
    assert max(dagen) <= today() + timedelta(days=400)
    assert sum(dag > today() for dag in dagen) > 0.7 * len(dagen)
    losse = ((model, LOS if model is Activiteit else true()) for model in DINGEN)
    punten = [p for m, los in losse for p in demo.scalars(select(m.punt).where(los)) if p]
    assert len(set(punten)) > 0.95 * len(punten)


def test_each_place_lies_in_the_kern_it_is_of(demo: Session) -> None:
    kernen = list(demo.scalars(select(Kern)))
    boom = STRtree([kern.grens for kern in kernen])
    for model in (Activiteit, Initiatief):
        for ding in demo.scalars(select(model).where(model.geom.is_not(None))):
            [index] = boom.query(ding.geom, predicate="within")
            assert kernen[index].id == ding.kern_id


def test_every_kern_has_something_coming_but_one(demo: Session) -> None:
    bezet = set(demo.scalars(select(Activiteit.kern_id)))
    leeg = demo.scalars(select(Kern.naam).where(Kern.id.not_in(bezet))).all()

    assert leeg == ["Heesselt"]
    gegraven = select(WerkzaamheidKern.kern_id)
    assert demo.scalars(select(Kern.naam).where(Kern.id.not_in(gegraven))).all() == ["Heesselt"]


def test_what_goes_wrong_in_real_life_is_there_too(demo: Session) -> None:
    assert count(demo, Activiteit, Activiteit.geom.is_(None)) >= 5
    assert count(demo, Activiteit, Activiteit.status == ActiviteitStatus.AFGELAST) >= 2
    assert count(demo, Activiteit, Activiteit.status == ActiviteitStatus.CONCEPT) >= 2
    assert count(demo, Werkzaamheid, Werkzaamheid.status == Status.UITGESTELD) >= 1
    assert count(demo, Werkzaamheid, ~Werkzaamheid.openbaar) >= 1
    lang = Werkzaamheid.bevestigd_op < today() - timedelta(days=90)
    assert count(demo, Werkzaamheid, lang) >= 3
    assert {h.value for h in demo.scalars(select(Werkzaamheid.hinder).distinct())} == set(Hinder)


def test_some_works_lie_on_the_boundary_of_two_kernen(demo: Session) -> None:
    kernen = func.count(WerkzaamheidKern.kern_id)
    twee = demo.scalars(
        select(WerkzaamheidKern.werkzaamheid_id)
        .group_by(WerkzaamheidKern.werkzaamheid_id)
        .having(kernen > 1)
    ).all()

    assert len(twee) >= 1


def test_each_work_says_who_cannot_pass_and_is_as_long_as_works_are(demo: Session) -> None:
    ingelezen = select(Werkbronitem.werkzaamheid_id).where(
        Werkbronitem.werkzaamheid_id.is_not(None)
    )
    zonder = count(
        demo,
        Werkzaamheid,
        Werkzaamheid.id.not_in(select(Hinderregel.werkzaamheid_id)),
        Werkzaamheid.id.not_in(ingelezen),  # a file says no more than it does
    )
    assert zonder == 0
    for geom in demo.scalars(select(Werkzaamheid.geom)):
        assert geom.length <= 800


def test_every_kern_has_a_gebiedsmakelaar(demo: Session) -> None:
    kernen = set(demo.scalars(select(Kern.id)))

    assert set(demo.scalars(select(Toewijzing.kern_id))) == kernen


def test_there_is_a_login_for_every_role_that_works_with_it(demo: Session) -> None:
    rollen = demo.scalars(select(Gebruiker.rol).where(Gebruiker.password.is_not(None))).all()

    assert sorted(rollen) == sorted(
        (Rol.PLATFORMLID, Rol.MEDEWERKER, Rol.GEBIEDSMAKELAAR, Rol.KETENPARTNER, Rol.BEHEERDER)
    )


def test_no_address_of_the_demo_can_reach_anyone(demo: Session) -> None:
    adressen = [
        adres
        for kolom in (Platform.contact_email, Organisatie.contact_email, Gebruiker.email)
        for adres in demo.scalars(select(kolom).where(kolom.is_not(None)))
    ]

    assert len(adressen) > 50
    assert [adres for adres in adressen if not adres.endswith(".example")] == []


ADRES = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
OPEN = re.compile(r'href="(/(?!static|inloggen|uitloggen)[^"#?]*)[^"]*"')


def test_no_address_stands_on_any_page_a_visitor_can_reach(
    client: ClientFactory, demo: Session
) -> None:
    browser = client()
    todo = ["/", "/kernen", "/activiteiten", "/werkzaamheden", "/projecten", "/initiatieven"]
    todo += [f"/kernen/{slug}" for slug in demo.scalars(select(Kern.slug).limit(12))]
    seen: set[str] = set()
    gevonden, stuk = [], []
    while todo and len(seen) < 70:
        pad = todo.pop(0)
        if pad in seen:
            continue
        seen.add(pad)
        page = browser.get(pad)
        if page.status_code >= 500:
            stuk.append(pad)
        if "html" not in page.content_type:
            continue
        gevonden += [f"{pad}: {adres}" for adres in ADRES.findall(page.text)]
        todo += OPEN.findall(page.text)
        assert "Set-Cookie" not in page.headers, pad

    assert len(seen) == 70
    assert stuk == []
    assert gevonden == []
