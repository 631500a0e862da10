"""The words of codes are the municipality's to choose; what a code does is not."""

import pytest
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.errors import Invalid, NotAllowed, NotFound
from kernenkaart.initiatieven.models import Status as InitiatiefStatus
from kernenkaart.labels.queries import find_labels, forget, label
from kernenkaart.labels.services import set_label
from kernenkaart.labels.standaard import STANDAARD
from kernenkaart.platforms.models import RelatieSoort, Zichtbaarheid
from kernenkaart.projecten.models import Participatie
from kernenkaart.projecten.models import Status as ProjectStatus
from kernenkaart.werkzaamheden.models import Hinder
from kernenkaart.werkzaamheden.models import Status as WerkzaamheidStatus

BEHEERDER = Actor(gebruiker_id=1, rol=Rol.BEHEERDER)
CODES = {
    "activiteit.status": ActiviteitStatus,
    "werkzaamheid.status": WerkzaamheidStatus,
    "werkzaamheid.hinder": Hinder,
    "project.status": ProjectStatus,
    "project.participatie": Participatie,
    "initiatief.status": InitiatiefStatus,
    "platform.relatie": RelatieSoort,
    "platform.zichtbaarheid": Zichtbaarheid,
}


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget()


@pytest.mark.parametrize("lijst", CODES)
def test_every_code_has_a_word(lijst: str) -> None:
    assert set(STANDAARD[lijst]) == {member.value for member in CODES[lijst]}


def test_an_own_word_replaces_the_standard_one_and_emptying_brings_it_back(
    session: Session,
) -> None:
    set_label(session, BEHEERDER, "werkzaamheid.status", "bezig", "  We zijn   bezig ")
    assert label(session, "werkzaamheid.status", "bezig") == "We zijn bezig"

    set_label(session, BEHEERDER, "werkzaamheid.status", "bezig", "")
    assert label(session, "werkzaamheid.status", "bezig") == "Bezig"
    forget()


def test_the_order_is_that_of_the_list_whatever_the_words(session: Session) -> None:
    assert list(find_labels(session, "werkzaamheid.hinder")) == ["geen", "beperkt", "afgesloten"]


@pytest.mark.parametrize(
    "actor", [BEZOEKER, Actor(gebruiker_id=2, rol=Rol.MEDEWERKER)], ids=["visitor", "staff"]
)
def test_only_a_beheerder_changes_a_word(session: Session, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        set_label(session, actor, "werkzaamheid.status", "bezig", "Druk")


def test_a_word_has_60_characters_at_most(session: Session) -> None:
    set_label(session, BEHEERDER, "werkzaamheid.status", "bezig", "x" * 60)
    with pytest.raises(Invalid, match="60"):
        set_label(session, BEHEERDER, "werkzaamheid.status", "bezig", "x" * 61)
    forget()


@pytest.mark.parametrize(("lijst", "code"), [("geen.lijst", "bezig"), ("werkzaamheid.status", "x")])
def test_an_unknown_list_or_code_is_not_found(session: Session, lijst: str, code: str) -> None:
    with pytest.raises(NotFound):
        set_label(session, BEHEERDER, lijst, code, "x")
