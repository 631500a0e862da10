"""Which works could be one: what is stored follows from what is stored, and from nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import LineString, Point, box
from sqlalchemy import delete, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.afstemming import koppel_zoek
from kernenkaart.afstemming.koppel_models import Kant, Keuze, Koppelbesluit, Koppelkans, Vorm
from kernenkaart.afstemming.koppel_regels import Oordeel, Werk, add_months, assess, chains
from kernenkaart.afstemming.koppel_services import Beslissing, decide, seen_of
from kernenkaart.afstemming.regels import KoppelRegels, koppel_regels, sections
from kernenkaart.errors import Conflict, Invalid, NotFound
from kernenkaart.werkzaamheden.models import (
    Diepte,
    Hinder,
    Status,
    Werkzaamheid,
    WerkzaamheidSoort,
)
from tests.factories import X, Y, make_organisatie, make_werkzaamheid

MEDEWERKER = Actor(gebruiker_id=None, rol=Rol.MEDEWERKER)
SAMEN = Beslissing(Keuze.COMBINEREN, Vorm.AFSLUITING, "Eén keer open.")
LIJN = LineString([(X + 100, Y + 100), (X + 200, Y + 100)])
DAG = date(2027, 3, 1)
REGELS = koppel_regels()


@pytest.fixture(autouse=True)
def luistert(app: Flask) -> None:
    """Pairs are looked for at each commit."""


def soort_id(session: Session, code: str) -> int:
    return session.scalars(select(WerkzaamheidSoort.id).where(WerkzaamheidSoort.code == code)).one()


def plan(session: Session, soort: str, **values: Any) -> Werkzaamheid:
    """A work of 14 days from 1 March 2027 that is in the way."""
    defaults: dict[str, Any] = {
        "soort_id": soort_id(session, soort),
        "eerste_dag": DAG,
        "laatste_dag": DAG + timedelta(days=13),
        "hinder": Hinder.AFGESLOTEN,
        "hinder_kort": "Afgesloten",
        "geom": LIJN,
        "status": Status.VERWACHT,
    }
    return make_werkzaamheid(session, **(defaults | values))


def pairs(session: Session) -> list[Koppelkans]:
    session.commit()
    session.expire_all()
    return list(session.scalars(select(Koppelkans).order_by(Koppelkans.a_id, Koppelkans.b_id)))


def only(session: Session) -> Koppelkans:
    [kans] = pairs(session)
    return kans


def settle(session: Session, kans: Koppelkans, beslissing: Beslissing = SAMEN) -> Koppelbesluit:
    return decide(session, MEDEWERKER, kans.id, beslissing, gezien=seen_of(kans))


def recompute(kans: Koppelkans) -> Oordeel | None:
    a, b = (Werk.from_json(kans.invoer[kant]) for kant in Kant)
    return assess(a, b, kans.invoer["afstand_m"], REGELS)


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
    plan(session, "riool")
    gas = plan(session, "gas", laatst=DAG + timedelta(days=60))
    venster = (DAG, DAG + timedelta(days=20))
    settle(session, only(session), replace(SAMEN, venster=venster))

    gas.eerste_dag, gas.laatste_dag = DAG + timedelta(days=7), DAG + timedelta(days=20)
    assert only(session).opnieuw is False

    gas.laatste_dag += timedelta(days=1)
    assert only(session).opnieuw is True


@pytest.mark.parametrize("weg", ["verplaatst", "vervallen", "weggegooid"])
def test_a_decision_is_never_lost(session: Session, weg: str) -> None:
    riool, gas = plan(session, "riool"), plan(session, "gas")
    settle(session, only(session))
    session.commit()

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


def test_a_work_that_is_thrown_away_takes_its_undecided_pairs_along(session: Session) -> None:
    plan(session, "riool")
    session.delete(plan(session, "gas"))

    assert pairs(session) == []


def test_a_decision_is_added_to_those_before_it_and_never_changed(session: Session) -> None:
    plan(session, "riool")
    plan(session, "gas")
    settle(session, only(session))

    settle(session, only(session), Beslissing(Keuze.NA_ELKAAR, None, "Toch niet."))

    besluiten = session.scalars(select(Koppelbesluit).order_by(Koppelbesluit.nummer)).all()
    assert [besluit.keuze for besluit in besluiten] == [Keuze.COMBINEREN, Keuze.NA_ELKAAR]
    assert only(session).keuze is Keuze.NA_ELKAAR
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(delete(Koppelbesluit))


def test_of_two_who_decide_the_second_is_told(session: Session) -> None:
    plan(session, "riool")
    plan(session, "gas")
    kans = only(session)
    gezien = seen_of(kans)
    decide(session, MEDEWERKER, kans.id, SAMEN, gezien=gezien)

    with pytest.raises(Conflict):
        decide(session, MEDEWERKER, kans.id, SAMEN, gezien=gezien)


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


# --- random works beside a brute-force oracle ---

DIEPTEN = st.sampled_from(list(Diepte))
STATUSSEN = st.sampled_from([Status.VERWACHT, Status.BEVESTIGD, Status.KLAAR, Status.VERVALLEN])


@st.composite
def werken(draw: st.DrawFn) -> dict[str, Any]:
    """Values of a work within a few hundred metres and half a year."""
    x, y = draw(st.integers(0, 120)), draw(st.integers(0, 120))
    vormen = [
        Point(X + x, Y + y),
        LineString([(X + x, Y + y), (X + x + draw(st.integers(1, 60)), Y + y)]),
        box(X + x, Y + y, X + x + 15, Y + y + 9),
    ]
    eerste = DAG + timedelta(days=draw(st.integers(0, 180)))
    laatste = eerste + timedelta(days=draw(st.integers(0, 40)))
    return {
        "geom": draw(st.sampled_from(vormen)),
        "eerste_dag": eerste,
        "laatste_dag": laatste,
        "vroegst": eerste - timedelta(days=draw(st.integers(0, 30))),
        "laatst": laatste + timedelta(days=draw(st.integers(0, 30))),
        "duur_dagen": draw(st.integers(1, (laatste - eerste).days + 1)),
        "diepte": draw(DIEPTEN),
        "status": draw(STATUSSEN),
        "hinder": draw(st.sampled_from(list(Hinder))),
    }


def to_werk(number: int, values: dict[str, Any], maanden: int) -> Werk:
    return Werk(
        id=number,
        soort="",
        diepte=values["diepte"],
        status=values["status"],
        eerste=values["eerste_dag"],
        laatste=values["laatste_dag"],
        vroegst=values["vroegst"],
        laatst=values["laatst"],
        duur=values["duur_dagen"],
        hinder=values["hinder"] is not Hinder.GEEN,
        moratorium_maanden=maanden,
    )


def brute_force(rows: list[dict[str, Any]], maanden: int) -> dict[tuple[int, int], Any]:
    """All pairs, day by day and with the distances of shapely; knows nothing of SQL."""
    found = {}
    for i, een in enumerate(rows):
        for j in range(i + 1, len(rows)):
            ander = rows[j]
            afstand = round(een["geom"].distance(ander["geom"]), 2)
            dagen = [
                {w["vroegst"] + timedelta(days=n)
                 for n in range((w["laatst"] - w["vroegst"]).days + 1)}
                for w in (een, ander)
            ]  # fmt: skip
            gedeeld = len(dagen[0] & dagen[1])
            gat = min((abs((p - q).days) for p in dagen[0] for q in dagen[1]), default=0)
            planbaar = all(
                w["status"] not in (Status.KLAAR, Status.VERVALLEN) for w in (een, ander)
            )
            near = afstand <= REGELS.reach(een["diepte"], ander["diepte"])
            kans = planbaar and near and max(0, gat - 1) <= REGELS.tussen_dagen
            graven = (Diepte.RIOOL, Diepte.KABELS)
            vers = afstand <= REGELS.moratorium_m and any(
                graaf["diepte"] in graven
                and graaf["status"] not in (Status.KLAAR, Status.VERVALLEN)
                and dek["status"] is not Status.VERVALLEN
                and dek["laatste_dag"] < graaf["eerste_dag"] <= add_months(
                    dek["laatste_dag"], maanden)
                for dek, graaf in ((een, ander), (ander, een))
            )  # fmt: skip
            if kans or vers:
                samen = min(gedeeld, een["duur_dagen"], ander["duur_dagen"])
                found[i, j] = (afstand, samen, vers)
    return found


@given(st.lists(werken(), min_size=2, max_size=7))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_found_is_what_a_brute_force_search_finds(
    session: Session, rows: list[dict[str, Any]]
) -> None:
    soort = session.get_one(WerkzaamheidSoort, soort_id(session, "bestrating"))
    with rolled_back(session):
        ids = [
            make_werkzaamheid(session, soort_id=soort.id, **values, hinder_kort="Let op").id
            for values in rows
        ]
        koppel_zoek.look(session, ids[: len(ids) // 2], [])
        koppel_zoek.look(session, ids[len(ids) // 2 :], [])
        number = {id_: n for n, id_ in enumerate(ids)}
        found = {
            (number[kans.a_id], number[kans.b_id]): (
                kans.afstand_m, kans.samen_dagen, kans.moratorium_tot is not None,
            )
            for kans in session.scalars(select(Koppelkans))
            if kans.a_id and kans.b_id
        }  # fmt: skip

    assert found == brute_force(rows, soort.moratorium_maanden)


class rolled_back:  # noqa: N801  # reads as a sentence
    """A savepoint that is always rolled back."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __enter__(self) -> None:
        self.savepoint = self.session.begin_nested()

    def __exit__(self, *_error: object) -> None:
        self.savepoint.rollback()
        self.session.expunge_all()


@given(werken(), werken(), st.integers(0, 60), st.integers(0, 40))
@settings(max_examples=150)
def test_a_pair_is_the_same_from_both_sides_and_at_any_time(
    een: dict[str, Any], ander: dict[str, Any], afstand_m: int, dagen: int
) -> None:
    a, b = to_werk(1, een, 0), to_werk(2, ander, 0)
    later = [
        replace(w, **{n: getattr(w, n) + timedelta(days=dagen)
                      for n in ("eerste", "laatste", "vroegst", "laatst")})
        for w in (a, b)
    ]  # fmt: skip

    found, turned = assess(a, b, afstand_m, REGELS), assess(b, a, afstand_m, REGELS)
    moved = assess(later[0], later[1], afstand_m, REGELS)

    assert found == turned
    assert (found is None) == (moved is None)
    if found and moved:
        for naam in ("score", "samen_dagen", "tussen_dagen", "bespaard_dagen", "eerst", "schuift"):
            assert getattr(found, naam) == getattr(moved, naam)


@given(werken(), werken(), st.integers(0, 60), st.integers(0, 90), st.integers(0, 60))
@settings(max_examples=150)
def test_more_room_or_distance_never_loses_a_pair(
    een: dict[str, Any], ander: dict[str, Any], afstand_m: int, dagen: int, nader: int
) -> None:
    a, b = to_werk(1, een, 0), to_werk(2, ander, 0)
    found = assess(a, b, afstand_m, REGELS)
    ruimer = replace(a, laatst=a.laatst + timedelta(days=dagen))
    verder = replace(REGELS, afstand_m=REGELS.afstand_m + nader)

    if found:
        more = assess(ruimer, b, max(0, afstand_m - nader), REGELS)
        assert more is not None
        assert more.samen_dagen >= found.samen_dagen
        assert assess(a, b, afstand_m, verder) is not None


def test_moving_all_by_one_vector_changes_nothing(session: Session) -> None:
    scores = []
    for dx, dy in ((0, 0), (12_345.5, -6_789.25)):
        for soort, oost in (("riool", 0), ("gas", 18.4), ("bestrating", 31.7)):
            plan(session, soort, geom=translate(LIJN, dx + oost, dy + oost))
        scores.append([(k.score, k.afstand_m, k.redenen) for k in pairs(session)])

    assert scores[1][len(scores[0]) :] == scores[0]
    assert len(scores[0]) > 1
