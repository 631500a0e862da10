"""A planner sees which kernen a drawing touches and what else is there in those days."""

import uuid
from datetime import timedelta

import pytest
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.kernen.models import Kern
from kernenkaart.projecten.models import ProjectSoort
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Status as WerkStatus
from kernenkaart.werkzaamheden.models import WerkzaamheidSoort
from tests.conftest import ClientFactory
from tests.factories import (
    X,
    Y,
    make_activiteit,
    make_gebruiker,
    make_initiatief,
    make_kern,
    make_organisatie,
    make_platform,
    make_project,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import counted

LIJN = f"LINESTRING({X + 100} {Y + 500},{X + 200} {Y + 500})"


@pytest.fixture
def kern(session: Session) -> Kern:
    return make_kern(session, grens=MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)]), naam="Proef")


def vraag(**values: str) -> dict[str, str]:
    dagen = {"eerste_dag": today(), "laatste_dag": today() + timedelta(days=60)}
    return {"vorm": LIJN, **{k: f"{d:%d-%m-%Y}" for k, d in dagen.items()}} | values


def ingevuld(session: Session, pad: str, organisatie_id: int) -> dict[str, object]:
    """The whole form at ``pad``, with the drawing and the days of ``vraag``."""
    soort = {"/werkzaamheden": WerkzaamheidSoort, "/projecten": ProjectSoort}[pad]
    return vraag() | {
        "actie": "bekijk",
        "sleutel": str(uuid.uuid4()),
        "titel": "Getekend",
        "organisatie": organisatie_id,
        "soort": session.scalars(select(soort.id)).first(),
        "status": "verwacht" if soort is WerkzaamheidSoort else "voorbereiding",
        "hinder": "geen",
        "participatie": "raadplegen",
        "openbaar": "y",
    }


PLEK = Point(X + 150, Y + 520)
ELDERS = Point(X + 150, Y + 601)
NA_AFLOOP = today() + timedelta(days=61)


def make_buurt(session: Session, kern: Kern) -> None:
    """A thing of each layer at the drawing and in its days; others too far, too late or hidden."""
    platform = make_platform(session, kernen=[kern])
    make_activiteit(session, platform=platform, titel="Kermis", geom=PLEK)
    make_initiatief(session, platform=platform, titel="Moestuin", geom=Point(X + 150, Y + 600))
    make_werkzaamheid(session, titel="Gasleiding", geom=PLEK)
    make_project(session, titel="Woningen", geom=PLEK.buffer(5))
    make_activiteit(session, platform=platform, titel="Te ver een", geom=ELDERS)
    make_initiatief(session, platform=platform, titel="Te ver twee", geom=ELDERS)
    make_werkzaamheid(session, titel="Te ver drie", geom=ELDERS)
    make_project(session, titel="Te ver vier", geom=box(X + 150, Y + 601, X + 160, Y + 620))
    make_activiteit(
        session, platform=platform, titel="Te laat een", geom=PLEK,
        begint_op=moment(61, 10), eindigt_op=moment(61, 12),
    )  # fmt: skip
    make_werkzaamheid(
        session, titel="Te laat twee", geom=PLEK, eerste_dag=NA_AFLOOP, laatste_dag=NA_AFLOOP
    )
    make_project(session, titel="Te laat drie", geom=PLEK.buffer(5), eerste_dag=NA_AFLOOP)
    make_activiteit(
        session, platform=platform, titel="Verborgen een", geom=PLEK,
        status=ActiviteitStatus.CONCEPT,
    )  # fmt: skip
    make_initiatief(
        session, platform=platform, titel="Verborgen twee", geom=PLEK,
        status=InitiatiefStatus.CONCEPT,
    )  # fmt: skip
    make_werkzaamheid(session, titel="Verborgen drie", geom=PLEK, status=WerkStatus.CONCEPT)
    make_project(session, titel="Verborgen vier", geom=PLEK.buffer(5), status=ProjectStatus.CONCEPT)


@pytest.mark.parametrize("pad", ["/kaart/raakt", "/werkzaamheden", "/projecten"])
def test_drawing_and_preview_name_the_same_of_every_layer_at_most_eight_questions(
    client: ClientFactory, session: Session, kern: Kern, pad: str
) -> None:
    make_buurt(session, kern)
    partner = make_organisatie(session)
    browser = client(make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=partner.id))
    data = vraag() if pad == "/kaart/raakt" else ingevuld(session, pad, partner.id)
    session.expire_all()

    with counted(session) as statements:
        response = browser.post(pad if pad == "/kaart/raakt" else f"{pad}/nieuw", data=data)

    page = response.text
    assert response.status_code == 200
    assert "Dit raakt <b>Proef</b>" in page
    for titel in ("Kermis", "Moestuin", "Gasleiding", "Woningen"):
        assert page.count(f">{titel}</a>") == 1
    for waarom in ("Te ver", "Te laat", "Verborgen"):
        assert waarom not in page
    assert len(statements) <= 8, statements


@pytest.mark.parametrize("pad", ["/werkzaamheden", "/projecten"])
def test_the_preview_of_a_change_does_not_name_the_thing_itself(
    client: ClientFactory, session: Session, kern: Kern, pad: str
) -> None:
    make = {"/werkzaamheden": make_werkzaamheid, "/projecten": make_project}[pad]
    organisatie = make_organisatie(session)
    ding = make(session, titel="Zelf", geom=PLEK, organisatie=organisatie)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    data = ingevuld(session, pad, organisatie.id) | {"versie": ding.versie}

    response = browser.post(f"{pad}/{ding.id}/wijzig", data=data)

    assert response.status_code == 200
    assert "binnen 100 meter niets anders" in response.text
    assert ">Zelf</a>" not in response.text


@pytest.mark.parametrize(
    ("dagen", "genoemd"),
    [
        ((0, None), True),
        ((None, 60), True),
        ((None, -1), False),
        ((None, None), False),
        ((60, 0), False),
    ],
)
def test_a_day_that_is_not_known_is_open_ended_and_without_days_nothing_is_named(
    client: ClientFactory,
    session: Session,
    kern: Kern,
    dagen: tuple[int | None, int | None],
    genoemd: bool,
) -> None:
    make_werkzaamheid(session, titel="Gasleiding", geom=PLEK)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    eerste, laatste = (
        "" if over is None else f"{today() + timedelta(days=over):%d-%m-%Y}" for over in dagen
    )

    page = browser.post("/kaart/raakt", data=vraag(eerste_dag=eerste, laatste_dag=laatste)).text

    assert "Dit raakt <b>Proef</b>" in page
    assert ("Gasleiding" in page) is genoemd


def test_it_says_that_there_is_more_than_it_names(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    for _ in range(21):
        make_werkzaamheid(session, geom=PLEK)
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.post("/kaart/raakt", data=vraag()).text

    assert page.count("(werkzaamheid)") == 20
    assert "En nog meer." in page


def test_what_is_drawn_itself_is_not_named(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    werk = make_werkzaamheid(session, titel="Zelf", geom=Point(X + 100, Y + 500))
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    page = browser.post(f"/kaart/raakt?behalve=werkzaamheid-{werk.id}", data=vraag()).text

    assert "Zelf" not in page
    assert "niets anders" in page


@pytest.mark.parametrize("vorm", ["", "onzin", "POINT(51.87 5.29)", "POINT(nan nan)"])
def test_what_cannot_be_read_says_nothing_yet(
    client: ClientFactory, session: Session, kern: Kern, vorm: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    response = browser.post("/kaart/raakt", data=vraag(vorm=vorm))

    assert (response.status_code, response.text) == (200, "")
