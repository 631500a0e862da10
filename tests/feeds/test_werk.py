"""The works of a kern as a calendar."""

from datetime import date, timedelta

import pytest
from shapely.geometry import MultiPolygon, box
from sqlalchemy.orm import Session

from kernenkaart.kernen.models import Kern
from kernenkaart.tijd import today
from kernenkaart.werkzaamheden.models import Nauwkeurigheid, Status
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_gebruiker, make_kern, make_werkzaamheid
from tests.feeds.lezers import entries, entry
from tests.formulieren import SCHERP, counted

PAD = "/kernen/proefdorp/werkzaamheden.ics"


@pytest.fixture
def dorp(session: Session) -> Kern:
    grens = MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)])
    return make_kern(session, grens=grens, naam="Proefdorp", slug="proefdorp")


def test_a_work_stands_there_with_both_its_days(
    client: ClientFactory, session: Session, dorp: Kern
) -> None:
    werk = make_werkzaamheid(session, hinder_kort="Stoep dicht", omleiding="Via de dijk")

    found = entry(client().get(PAD).data)

    assert found["SUMMARY"] == werk.titel
    assert found.start == werk.eerste_dag
    assert found.end == werk.laatste_dag + timedelta(days=1)
    assert found["STATUS"] == "CONFIRMED"
    assert "Hinder: Stoep dicht" in found["DESCRIPTION"]
    assert "Omleiding: Via de dijk" in found["DESCRIPTION"]
    assert found["URL"].endswith(f"/werkzaamheden/{werk.id}")


@pytest.mark.usefixtures("dorp")
@pytest.mark.parametrize(
    ("status", "code", "titel"),
    [
        (Status.VERWACHT, "TENTATIVE", "Riool (verwacht)"),
        (Status.NOG_NIET_ZEKER, "TENTATIVE", "Riool (nog niet zeker)"),
        (Status.UITGESTELD, "TENTATIVE", "Uitgesteld: Riool"),
        (Status.VERVALLEN, "CANCELLED", "Gaat niet door: Riool"),
        (Status.BEZIG, "CONFIRMED", "Riool"),
    ],
)
def test_what_is_not_certain_says_so(
    client: ClientFactory, session: Session, status: Status, code: str, titel: str
) -> None:
    make_werkzaamheid(session, titel="Riool", status=status)

    found = entry(client().get(PAD).data)

    assert (found["STATUS"], found["SUMMARY"]) == (code, titel)


def test_a_season_is_told_in_words(client: ClientFactory, session: Session, dorp: Kern) -> None:
    make_werkzaamheid(
        session, eerste_dag=date(2028, 3, 1), laatste_dag=date(2028, 5, 31),
        nauwkeurigheid=Nauwkeurigheid.SEIZOEN,
    )  # fmt: skip

    assert "Wanneer: voorjaar 2028." in entry(client().get(PAD).data)["DESCRIPTION"]


def test_only_what_everybody_may_see_leaves_whoever_asks(
    client: ClientFactory, session: Session, dorp: Kern
) -> None:
    make_werkzaamheid(session, titel="Te zien", interne_notitie="GEHEIM")
    make_werkzaamheid(session, openbaar=False)
    make_werkzaamheid(session, status=Status.CONCEPT)
    make_werkzaamheid(
        session, eerste_dag=today() - timedelta(days=400), laatste_dag=today() - timedelta(days=390)
    )

    for bezoeker in (client(), client(make_gebruiker(session, rol="beheerder"))):
        body = bezoeker.get(PAD).data
        assert entry(body)["SUMMARY"] == "Te zien"
        assert b"GEHEIM" not in body


def test_a_change_is_a_next_number_of_the_same_entry(
    client: ClientFactory, session: Session, dorp: Kern
) -> None:
    werk = make_werkzaamheid(session)
    before = entry(client().get(PAD).data)

    werk.titel = "Anders"
    session.flush()

    after = entry(client().get(PAD).data)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_sharp_texts_stay_as_they_are_and_few_questions_are_asked(
    client: ClientFactory, session: Session, dorp: Kern
) -> None:
    for tekst in SCHERP:
        make_werkzaamheid(session, titel=tekst, omschrijving=tekst)
    browser = client()

    with counted(session) as statements:
        body = browser.get(PAD).data

    assert sorted(str(een["SUMMARY"]) for een in entries(body)) == sorted(SCHERP)
    assert len(statements) <= 3
