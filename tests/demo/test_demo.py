import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.config import Settings
from kernenkaart.db import make_beheer_engine
from kernenkaart.demo.bron import MAP, read
from kernenkaart.demo.services import has_demo, load_demo, remove_demo
from kernenkaart.errors import Invalid
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.conftest import SHARED
from tests.demo.conftest import load_kernen
from tests.factories import make_activiteit, make_kern

TABELLEN = (
    "activiteit",
    "reeks",
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
    "inzending",
    "kalenderbron",
    "bronitem",
    "koppelkans",
    "koppelbesluit",
)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session of the owning role, as the command has; what was decided only it can remove."""
    owner = make_beheer_engine(settings)
    with owner.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    owner.dispose()


def counts(session: Session) -> dict[str, int]:
    return {
        tabel: session.execute(text(f"SELECT count(*) FROM {tabel}")).scalar_one()
        for tabel in TABELLEN
    }


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
