"""Which works could be one: what is stored follows from what is stored, and from nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from shapely.affinity import translate
from shapely.geometry import Point, box
from sqlalchemy import delete, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.afstemming import koppel_zoek
from kernenkaart.afstemming.bij_werk import find_bij_werk
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans
from kernenkaart.afstemming.koppel_policy import outcome_is_public, visible_to
from kernenkaart.afstemming.koppel_queries import find_gecombineerd
from kernenkaart.afstemming.koppel_regels import Oordeel, Werk, add_months, chains, moratorium
from kernenkaart.afstemming.koppel_services import Beslissing, decide, seen_of
from kernenkaart.afstemming.planning_paren import find_kansen
from kernenkaart.afstemming.regels import KoppelRegels, sections
from kernenkaart.errors import Conflict, Invalid, NotFound
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status, Werkzaamheid
from tests.afstemming.koppels import (
    DAG,
    LIJN,
    MEDEWERKER,
    SAMEN,
    only,
    pairs,
    plan,
    recompute,
    settle,
)
from tests.factories import X, Y, make_organisatie

# two works of 14 days fit in 28
NA_ELKAAR = Beslissing(Keuze.NA_ELKAAR, None, "Toch niet.", (DAG, DAG + timedelta(days=27)))


@pytest.fixture(autouse=True)
def luistert(app: Flask) -> None:
    """Pairs are looked for at each commit."""


def test_works_that_do_not_touch_but_lie_near_each_other_are_a_pair(session: Session) -> None:
    riool = plan(session, "riool", plek_naam="Nieuwsteeg")
    straat = plan(session, "bestrating", geom=translate(LIJN, 0, 50), plek_naam="nieuwsteeg")

    kans = only(session)

    assert (kans.a_id, kans.b_id, kans.afstand_m) == (riool.id, straat.id, 50)
    assert (kans.samen_dagen, kans.bespaard_dagen, kans.eerst) == (14, 14, Kant.A)
    assert kans.redenen[0] == {"code": "plek", "afstand_m": 50.0, "straat": "Nieuwsteeg"}
    assert kans.redenen[1] == {"code": "samen", "dagen": 14, "kwartaal": "2027-Q1"}


def test_all_that_is_stored_of_a_pair_follows_from_what_is_stored(session: Session) -> None:
    plan(session, "riool", vroegst=DAG - timedelta(days=30))
    plan(session, "bestrating", laatste_dag=DAG + timedelta(days=3), geom=translate(LIJN, 0, 12))
    plan(session, "gas", hinder=Hinder.GEEN, geom=Point(X + 150, Y + 103.337))

    for kans in pairs(session):
        oordeel = recompute(kans)
        assert oordeel is not None
        for naam in Oordeel.__dataclass_fields__:
            assert getattr(kans, naam) == getattr(oordeel, naam), naam


@pytest.mark.parametrize(
    ("afstand_m", "pair"), [(0.0, True), (24.99, True), (25.0, True), (25.02, False)]
)
def test_the_distance_counts_to_the_centimetre(
    session: Session, afstand_m: float, pair: bool
) -> None:
    plan(session, "bomen-en-groen", geom=box(X, Y, X + 10, Y + 10))
    plan(session, "riool", geom=Point(X + 10 + afstand_m, Y + 5))

    assert bool(pairs(session)) is pair


@pytest.mark.parametrize(
    ("later", "samen", "tussen", "pair"),
    [
        (0, 14, 0, True),
        (13, 1, 0, True),  # the last day of the one is the first of the other
        (14, 0, 0, True),  # the day after
        (44, 0, 30, True),
        (45, 0, 31, False),
    ],
)
def test_the_days_count_both_ends_included(
    session: Session, later: int, samen: int, tussen: int, pair: bool
) -> None:
    plan(session, "riool")
    begin = DAG + timedelta(days=later)
    plan(session, "gas", eerste_dag=begin, laatste_dag=begin + timedelta(days=13))

    found = pairs(session)

    assert [(kans.samen_dagen, kans.tussen_dagen) for kans in found] == [(samen, tussen)] * pair


def test_the_slack_of_both_counts(session: Session) -> None:
    plan(session, "riool", laatst=DAG + timedelta(days=100))
    begin = DAG + timedelta(days=150)
    ander = plan(session, "gas", eerste_dag=begin, laatste_dag=begin + timedelta(days=6))
    assert pairs(session) == []

    ander.vroegst = DAG + timedelta(days=90)

    kans = only(session)
    assert (kans.samen_dagen, kans.schuift) == (7, Kant.A)
    assert (kans.venster_van, kans.venster_tot) == (ander.vroegst, DAG + timedelta(days=100))


def test_works_of_one_organisation_are_a_pair_too(session: Session) -> None:
    organisatie = make_organisatie(session)
    plan(session, "riool", organisatie=organisatie)
    plan(session, "bestrating", organisatie=organisatie)

    assert only(session).score > 80


@pytest.mark.parametrize("status", [Status.CONCEPT, Status.VERVALLEN, Status.KLAAR])
def test_what_is_not_planned_is_no_pair(session: Session, status: Status) -> None:
    plan(session, "riool")
    plan(session, "gas", status=status)

    assert pairs(session) == []


def test_the_surface_that_would_come_before_what_digs_it_up_is_told(session: Session) -> None:
    later = DAG + timedelta(days=28)
    plan(session, "bestrating")
    plan(session, "riool", eerste_dag=later, laatste_dag=later + timedelta(days=7))

    kans = only(session)

    assert kans.moratorium_tot == add_months(DAG + timedelta(days=13), 36)
    assert kans.eerst is Kant.B
    volgorde = next(reden for reden in kans.redenen if reden["code"] == "volgorde")
    assert volgorde["verkeerd"] is True


@pytest.mark.parametrize(("dagen", "warns"), [(-1, True), (0, True), (1, False)])
def test_who_digs_in_a_fresh_surface_is_warned_until_it_is_old(
    session: Session, dagen: int, warns: bool
) -> None:
    klaar = DAG + timedelta(days=13)
    plan(session, "bestrating", status=Status.KLAAR)
    begin = add_months(klaar, 36) + timedelta(days=dagen)
    plan(session, "gas", eerste_dag=begin, laatste_dag=begin)
    plan(session, "gas", eerste_dag=begin, laatste_dag=begin, geom=translate(LIJN, 0, 2))

    found = [kans for kans in pairs(session) if kans.moratorium_tot]

    assert len(found) == warns


def test_a_surface_is_fresh_from_the_day_after_it_is_done() -> None:
    dek = Werk(1, "bestrating", Diepte.VERHARDING, Status.BEVESTIGD, DAG, DAG, DAG, DAG, 1, True,
               moratorium_maanden=36)  # fmt: skip

    for dagen, tot in ((0, None), (1, add_months(DAG, 36))):
        dag = DAG + timedelta(days=dagen)
        graaf = Werk(2, "gas", Diepte.KABELS, Status.BEVESTIGD, dag, dag, dag, dag, 1, True)
        assert moratorium(dek, graaf) == moratorium(graaf, dek) == tot


def test_a_pair_that_no_longer_fits_goes_and_comes_back(session: Session) -> None:
    plan(session, "riool")
    gas = plan(session, "gas")
    only(session)

    gas.geom = translate(LIJN, 0, 500)
    assert pairs(session) == []

    gas.geom = LIJN
    assert only(session).keuze is None


def test_looking_twice_changes_nothing(session: Session) -> None:
    werken = [plan(session, soort) for soort in ("riool", "gas", "bestrating")]
    kans = pairs(session)[0]
    voor = session.execute(text("SELECT xmin, * FROM koppelkans ORDER BY id")).all()
    settle(session, kans, Beslissing(Keuze.NIET, None, "Te ver weg."))
    session.commit()
    na = session.execute(text("SELECT xmin, * FROM koppelkans ORDER BY id")).all()

    koppel_zoek.look(session, [werk.id for werk in werken], [])

    assert len(voor) == 3
    assert session.execute(text("SELECT xmin, * FROM koppelkans ORDER BY id")).all() == na


def test_a_moved_date_keeps_the_decision_and_asks_to_look_again(session: Session) -> None:
    plan(session, "riool")
    gas = plan(session, "gas")
    settle(session, only(session))

    gas.laatste_dag += timedelta(days=1)

    kans = only(session)
    assert (kans.keuze, kans.opnieuw, kans.past) == (Keuze.COMBINEREN, True, True)
    gas.laatste_dag -= timedelta(days=1)
    assert only(session).opnieuw is False


def test_moving_to_the_days_that_were_agreed_is_no_reason_to_look_again(session: Session) -> None:
    riool = plan(session, "riool")
    gas = plan(session, "gas", laatst=DAG + timedelta(days=60))
    venster = (DAG, DAG + timedelta(days=20))
    settle(session, only(session), replace(SAMEN, venster=venster))
    [kader] = find_kansen(session, MEDEWERKER, [riool.id, gas.id], DAG)
    assert (kader.eerste, kader.laatste) == venster  # the planning draws what was agreed

    gas.eerste_dag, gas.laatste_dag = DAG + timedelta(days=7), DAG + timedelta(days=20)
    assert only(session).opnieuw is False

    gas.laatste_dag += timedelta(days=1)
    assert only(session).opnieuw is True


def told(session: Session, werk: Werkzaamheid) -> list[int]:
    """Numbers of the decisions that residents read, on the page of a kern and on that of a work."""
    op_werk = find_bij_werk(session, BEZOEKER, werk.id, DAG).samen
    return [een.besluit.nummer for een in (*find_gecombineerd(session), *op_werk)]


@pytest.mark.parametrize("weg", ["verplaatst", "vervallen", "weggegooid"])
def test_a_decision_is_never_lost(session: Session, weg: str) -> None:
    riool, gas = plan(session, "riool"), plan(session, "gas")
    settle(session, only(session))
    assert told(session, riool) == [1, 1]

    if weg == "verplaatst":
        gas.geom = translate(LIJN, 0, 5_000)
    elif weg == "vervallen":
        gas.status = Status.VERVALLEN
    else:
        session.delete(gas)

    kans = only(session)
    besluit = session.scalars(select(Koppelbesluit)).one()
    assert (kans.past, kans.opnieuw, kans.keuze) == (False, True, Keuze.COMBINEREN)
    assert besluit.koppelkans_id == kans.id
    assert set(besluit.stand["titels"].values()) == {riool.titel, gas.titel}
    assert told(session, riool) == []


def test_a_work_that_is_thrown_away_takes_its_undecided_pairs_along(session: Session) -> None:
    plan(session, "riool")
    session.delete(plan(session, "gas"))

    assert pairs(session) == []


def test_a_decision_is_added_to_those_before_it_and_never_changed(session: Session) -> None:
    riool = plan(session, "riool")
    plan(session, "gas")
    settle(session, only(session))

    settle(session, only(session), NA_ELKAAR)

    besluiten = session.scalars(select(Koppelbesluit).order_by(Koppelbesluit.nummer)).all()
    assert [(besluit.keuze, besluit.bespaard_dagen) for besluit in besluiten] == [
        (Keuze.COMBINEREN, 14),
        (Keuze.NA_ELKAAR, 0),
    ]
    assert only(session).keuze is Keuze.NA_ELKAAR
    assert told(session, riool) == []
    settle(session, only(session))
    assert told(session, riool) == [3, 3]
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(delete(Koppelbesluit))


def test_of_two_who_decide_the_second_is_told(session: Session) -> None:
    plan(session, "riool")
    plan(session, "gas")
    kans = only(session)
    gezien = seen_of(kans)
    decide(session, MEDEWERKER, kans.id, SAMEN, gezien=gezien)

    for kenmerk in (gezien, ""):  # who does not say what was on the page has not seen it either
        with pytest.raises(Conflict):
            decide(session, MEDEWERKER, kans.id, SAMEN, gezien=kenmerk)


def test_who_decides_about_days_that_moved_meanwhile_is_told(session: Session) -> None:
    plan(session, "riool")
    gas = plan(session, "gas")
    kans = only(session)
    gezien = seen_of(kans)
    gas.laatste_dag += timedelta(days=1)
    session.commit()

    with pytest.raises(Conflict):
        decide(session, MEDEWERKER, kans.id, SAMEN, gezien=gezien)


@pytest.mark.parametrize(
    ("beslissing", "veld"),
    [
        (replace(SAMEN, vorm=None), "vorm"),
        (replace(SAMEN, reden=""), "reden"),
        (replace(SAMEN, reden="x" * 2001), "reden"),
        (replace(SAMEN, venster=(DAG, DAG - timedelta(days=1))), "venster_tot"),
        (replace(NA_ELKAAR, venster=(DAG, DAG + timedelta(days=26))), "venster_tot"),
    ],
)
def test_a_decision_is_complete(session: Session, beslissing: Beslissing, veld: str) -> None:
    plan(session, "riool")
    plan(session, "gas")
    kans = only(session)

    with pytest.raises(Invalid) as caught:
        settle(session, kans, beslissing)

    assert caught.value.veld == veld


def test_a_partner_decides_about_own_works_and_does_not_see_those_of_others(
    session: Session,
) -> None:
    werk = plan(session, "riool")
    plan(session, "gas")
    kans = only(session)
    eigen = Actor(rol=Rol.KETENPARTNER, organisatie_id=werk.organisatie_id)
    ander = Actor(rol=Rol.KETENPARTNER, organisatie_id=make_organisatie(session).id)

    with pytest.raises(NotFound):
        decide(session, ander, kans.id, SAMEN, gezien=seen_of(kans))
    besluit = decide(session, eigen, kans.id, SAMEN, gezien=seen_of(kans))

    assert besluit.organisatie_id == werk.organisatie_id


def test_a_pair_with_what_became_a_draft_again_is_for_its_owner_and_staff(
    session: Session,
) -> None:
    eigen, ander = plan(session, "riool"), plan(session, "gas")
    settle(session, only(session))
    ander.status = Status.CONCEPT
    kans_id = only(session).id

    def seen(actor: Actor) -> bool:
        return session.scalar(select(Koppelkans.id).where(visible_to(actor))) == kans_id

    partners = [
        Actor(rol=Rol.KETENPARTNER, organisatie_id=werk.organisatie_id) for werk in (eigen, ander)
    ]
    assert [seen(actor) for actor in (*partners, MEDEWERKER)] == [False, True, True]
    assert session.scalars(select(Koppelkans.id).where(outcome_is_public())).all() == []


def test_works_that_hang_together_are_a_chain() -> None:
    assert chains([(1, 2), (7, 8), (5, 9), (2, 5), (11, 12), (12, 13)]) == [
        frozenset({1, 2, 5, 9}),
        frozenset({11, 12, 13}),
    ]


def test_rules_that_do_not_add_up_are_refused() -> None:
    section = dict(sections()["koppelkans"])

    for wrong in (
        {"gewicht": {"plek": 50, "tijd": 30, "lagen": 20, "hinder": 15}},
        {"volgorde": ["riool"]},
        {"afstand_m": -1},
    ):
        with pytest.raises(ValueError, match="koppelkans"):
            KoppelRegels.from_section(section | wrong)


def test_the_planning_offers_a_pair_no_longer_than_something_can_be_done_about_it(
    session: Session,
) -> None:
    werken = [plan(session, "riool").id, plan(session, "gas").id]
    only(session)

    assert find_kansen(session, MEDEWERKER, werken, DAG)
    assert not find_kansen(session, MEDEWERKER, werken, DAG + timedelta(days=365))
