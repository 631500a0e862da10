"""Random works: what is found is what a search of every pair finds, wherever and whenever."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import LineString, Point, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.afstemming import koppel_zoek
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.afstemming.koppel_regels import Werk, add_months, assess
from kernenkaart.werkzaamheden.models import (
    Diepte,
    Hinder,
    Status,
    WerkzaamheidSoort,
)
from tests.afstemming.koppels import (
    DAG,
    LIJN,
    REGELS,
    pairs,
    plan,
    soort_id,
)
from tests.factories import X, Y, make_werkzaamheid


@pytest.fixture(autouse=True)
def luistert(app: Flask) -> None:
    """Pairs are looked for at each commit."""


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


@contextmanager
def rolled_back(session: Session) -> Iterator[None]:
    """A savepoint that is always rolled back."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expunge_all()


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
