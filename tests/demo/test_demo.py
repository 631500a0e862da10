import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, shape
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.config import ROOT
from kernenkaart.demo.bron import MAP, read
from kernenkaart.demo.services import has_demo, load_demo, remove_demo
from kernenkaart.errors import Invalid
from kernenkaart.initiatieven.models import Initiatief
from kernenkaart.kernen.models import Kern
from kernenkaart.kernen.namen import slugify
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.projecten.models import Project
from kernenkaart.tijd import today
from kernenkaart.toegang.models import Gebruiker, Toewijzing
from kernenkaart.werkzaamheden.models import (
    Hinder,
    Hinderregel,
    Status,
    Werkzaamheid,
    WerkzaamheidKern,
)
from tests.conftest import SHARED, ClientFactory
from tests.factories import add, make_activiteit, make_gemeente, make_kern

DINGEN = (Activiteit, Werkzaamheid, Project, Initiatief)
TABELLEN = (
    "activiteit",
    "werkzaamheid",
    "project",
    "initiatief",
    "platform",
    "organisatie",
    "gebruiker",
    "gebied",
    "toewijzing",
    "spreekuur",
    "wijzigingsverzoek",
)


def load_kernen(session: Session) -> None:
    bron = json.loads(Path(ROOT, "geodata", "kernen.geojson").read_text("utf-8"))
    gemeente = make_gemeente(session)
    for feature in bron["features"]:
        wat = feature["properties"]
        grens = shape(feature["geometry"])
        add(
            session,
            Kern(
                gemeente_id=gemeente.id,
                code=wat["code"],
                naam=wat["naam"],
                slug=slugify(wat["naam"]),
                soort=wat["soort"],
                grens=grens if isinstance(grens, MultiPolygon) else MultiPolygon([grens]),
                hart=Point(wat["hart_x"], wat["hart_y"]),
            ),
        )


@pytest.fixture
def demo(session: Session) -> Iterator[Session]:
    load_kernen(session)
    load_demo(session, today(), "geen-echte-hash")
    session.expire_all()
    return session


def count(session: Session, model, *where) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def counts(session: Session) -> dict[str, int]:
    return {
        tabel: session.execute(text(f"SELECT count(*) FROM {tabel}")).scalar_one()
        for tabel in TABELLEN
    }


def test_there_is_as_much_as_a_year_in_a_municipality_brings(demo: Session) -> None:
    assert 250 <= count(demo, Activiteit) <= 420
    assert 80 <= count(demo, Werkzaamheid) <= 120
    assert 18 <= count(demo, Project) <= 25
    assert 45 <= count(demo, Initiatief) <= 75
    assert count(demo, Platform) >= 26


def test_everything_is_marked_as_demo(demo: Session) -> None:
    for model in (*DINGEN, Platform, Organisatie, Gebruiker):
        assert count(demo, model, ~model.demo) == 0


def test_it_lies_around_today_and_nothing_is_stacked_on_one_point(demo: Session) -> None:
    dagen = [op.date() for op in demo.scalars(select(Activiteit.begint_op))]
    assert min(dagen) >= today() - timedelta(days=60)
    assert max(dagen) <= today() + timedelta(days=400)
    assert sum(dag > today() for dag in dagen) > 0.7 * len(dagen)
    punten = [punt for m in DINGEN for punt in demo.scalars(select(m.punt)) if punt is not None]
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
    zonder = count(demo, Werkzaamheid, Werkzaamheid.id.not_in(select(Hinderregel.werkzaamheid_id)))
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


def test_the_same_day_gives_the_same_demo_and_another_day_moves_it(session: Session) -> None:
    load_kernen(session)

    def load(dag: date) -> list[tuple]:
        load_demo(session, dag, "x")
        rows = session.execute(
            select(
                Activiteit.titel, Activiteit.begint_op, func.ST_AsText(Activiteit.geom)
            ).order_by(Activiteit.begint_op, Activiteit.titel, Activiteit.kern_id)
        ).all()
        remove_demo(session)
        return rows

    eerst = load(today())
    assert load(today()) == eerst
    assert load(today() + timedelta(days=40)) != eerst


def test_removing_leaves_only_what_was_there_before(session: Session) -> None:
    load_kernen(session)
    echt = make_activiteit(session, titel="Echt")
    voor = counts(session)
    load_demo(session, today(), "x")
    ondertussen = make_activiteit(
        session, platform=session.scalars(select(Platform).where(Platform.demo)).first()
    )

    assert remove_demo(session) is True

    assert counts(session) == voor
    assert not has_demo(session)
    assert session.get(Activiteit, echt.id) is not None
    assert session.get(Activiteit, ondertussen.id) is None
    assert set(session.scalars(select(Kern.gebied_id))) == {None}
    assert remove_demo(session) is False


def test_without_kernen_it_says_what_to_do_first(session: Session) -> None:
    make_kern(session, slug="onbekend")

    with pytest.raises(Invalid, match="Lees eerst de kernen in"):
        load_demo(session, today(), "x")


def test_no_address_of_the_demo_can_reach_anyone(demo: Session) -> None:
    adressen = [
        adres
        for kolom in (Platform.contact_email, Organisatie.contact_email, Gebruiker.email)
        for adres in demo.scalars(select(kolom).where(kolom.is_not(None)))
    ]

    assert len(adressen) > 50
    assert [adres for adres in adressen if not adres.endswith(".example")] == []


def test_nobody_in_the_demo_is_named_in_the_sources() -> None:
    bron = SHARED / "bronnen"
    if not bron.exists():
        pytest.skip("shared test input is not here: bronnen")
    documenten = " ".join(path.read_text("utf-8", "replace") for path in bron.glob("S*.txt"))
    wie = read("wie")
    namen = [blok["naam"] for blok in (*wie["makelaars"], *wie["inlogs"])]

    assert [naam for naam in namen if naam.split()[-1].lower() in documenten.lower()] == []


def test_the_texts_are_in_the_words_of_residents() -> None:
    verboden = re.compile(
        r"\b(evenement|participatietraject|stremming|reconstructie|n\.v\.t\.|helaas|oeps)", re.I
    )
    gevonden = [
        f"{path.name}: {match.group()}"
        for path in MAP.glob("*.toml")
        for match in verboden.finditer(path.read_text("utf-8"))
    ]

    assert gevonden == []


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
