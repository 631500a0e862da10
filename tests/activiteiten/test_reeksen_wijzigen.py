"""A change of a series leaves the past and the moved alone."""

import itertools
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import reeks_tijden, reeksen
from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.activiteiten.services import (
    call_off,
)
from kernenkaart.errors import Conflict, Invalid
from kernenkaart.tijd import at, today
from tests.activiteiten.reeksproef import (
    DINSDAG,
    Proef,
    hour,
    keren,
    next_tuesday,
)


@pytest.fixture
def proef(session: Session) -> Proef:
    return Proef(session)


def test_a_time_changed_by_itself_survives_a_change_of_the_series(
    proef: Proef, session: Session
) -> None:
    rows = keren(session, proef.post(DINSDAG, next_tuesday()))
    woensdag = rows[2].reeks_dag + timedelta(days=1)
    proef.change_one(rows[2], proef.inhoud(woensdag, titel="Koersbal met taart"))
    call_off(session, proef.actor, rows[3].id, "Zaal bezet.")
    later = replace(DINSDAG, weekdagen=(Weekdag(3),))

    verandering = proef.change_from(
        rows[1], proef.gegevens(later, rows[1].reeks_dag + timedelta(days=2), titel="Jeu de boules")
    )

    rows = keren(session, verandering.reeks)
    assert (rows[1].titel, rows[1].begint_op) == ("Koersbal met taart", at(woensdag, time(20)))
    assert rows[1].afwijkend
    assert rows[2].status is Status.AFGELAST
    assert {row.titel for row in rows if not row.afwijkend} == {"Jeu de boules"}
    assert {row.reeks_dag.weekday() for row in rows} == {3}
    assert verandering.los == ()


def test_this_and_all_after_keeps_what_was_before(proef: Proef, session: Session) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    rows = keren(session, reeks)
    uids = [row.uid for row in rows]

    verandering = proef.change_from(
        rows[4], proef.gegevens(DINSDAG, rows[4].reeks_dag, van=time(19))
    )

    voor, na = keren(session, reeks), keren(session, verandering.reeks)
    assert verandering.reeks.id != reeks.id
    assert [row.uid for row in voor + na][: len(uids)] == uids
    assert {hour(row.begint_op) for row in voor} == {"20:00"}
    assert {hour(row.begint_op) for row in na} == {"19:00"}
    assert Regel.parse(reeks.regel).tot == rows[3].reeks_dag + timedelta(days=6)


def test_a_number_of_times_keeps_its_total_when_it_is_split(proef: Proef, session: Session) -> None:
    reeks = proef.post(replace(DINSDAG, keren=10), next_tuesday())
    rows = keren(session, reeks)
    rest = reeksen.rest_of(reeks, rows[4].reeks_dag)

    verandering = proef.change_from(
        rows[4], proef.gegevens(rest, rows[4].reeks_dag, titel="Jeu de boules")
    )

    assert rest.keren == 6
    assert (len(keren(session, reeks)), len(keren(session, verandering.reeks))) == (4, 6)
    assert "10 keer" not in Regel.parse(reeks.regel).woorden


def test_a_change_of_the_first_time_and_all_after_stays_the_same_series(
    proef: Proef, session: Session
) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    rows = keren(session, reeks)

    verandering = proef.change_from(
        rows[0], proef.gegevens(DINSDAG, rows[0].reeks_dag, van=time(19))
    )

    assert verandering.reeks.id == reeks.id
    assert {hour(row.begint_op) for row in keren(session, reeks)} == {"19:00"}


def test_a_day_before_what_stays_is_refused(proef: Proef, session: Session) -> None:
    rows = keren(session, proef.post(DINSDAG, next_tuesday()))

    with pytest.raises(Invalid, match="Kies een dag daarna") as error:
        proef.change_from(rows[4], proef.gegevens(DINSDAG, rows[3].reeks_dag))

    assert error.value.veld == "datum"


def test_a_moved_time_that_no_longer_fits_stands_alone_and_the_others_are_withdrawn(
    proef: Proef, session: Session
) -> None:
    rows = keren(session, proef.post(DINSDAG, next_tuesday()))
    proef.change_one(rows[2], proef.inhoud(rows[2].reeks_dag, titel="Met taart"))
    ids = [row.id for row in rows]

    verandering = proef.change_from(
        rows[0], proef.gegevens(replace(DINSDAG, keren=2), rows[0].reeks_dag)
    )

    assert verandering.los == (ids[2],)
    assert len(keren(session, verandering.reeks)) == 2
    alone = session.get(Activiteit, ids[2])
    assert alone is not None
    assert (alone.status, alone.reeks_id, alone.afwijkend) == (Status.GEPUBLICEERD, None, False)
    gone = session.get(Activiteit, ids[3])
    assert gone is not None
    assert (gone.status, gone.reeks_id) == (Status.INGETROKKEN, None)


def test_the_text_of_the_whole_series_changes_in_place(proef: Proef, session: Session) -> None:
    reeks = proef.post(DINSDAG, next_tuesday() - timedelta(weeks=4))
    rows = keren(session, reeks)
    eerste = reeksen.first_to_come(session, reeks.id)
    assert eerste is not None
    assert eerste.reeks_dag is not None

    verandering = proef.change_reeks(
        eerste, proef.gegevens(DINSDAG, eerste.reeks_dag, titel="Jeu de boules")
    )

    assert verandering.reeks.id == reeks.id
    assert reeks.eerste_dag == rows[0].reeks_dag
    assert {row.titel for row in keren(session, reeks) if row.reeks_dag < eerste.reeks_dag} == {
        "Koersbal"
    }
    assert {row.titel for row in keren(session, reeks) if row.reeks_dag >= eerste.reeks_dag} == {
        "Jeu de boules"
    }


def test_other_hours_of_the_whole_series_leave_the_past_true(
    proef: Proef, session: Session
) -> None:
    reeks = proef.post(DINSDAG, next_tuesday() - timedelta(weeks=4))
    eerste = reeksen.first_to_come(session, reeks.id)
    assert eerste is not None
    assert eerste.reeks_dag is not None

    verandering = proef.change_reeks(
        eerste, proef.gegevens(DINSDAG, eerste.reeks_dag, van=time(19))
    )

    assert verandering.reeks.id != reeks.id
    assert {hour(row.begint_op) for row in keren(session, reeks)} == {"20:00"}
    assert {hour(row.begint_op) for row in keren(session, verandering.reeks)} == {"19:00"}


def test_a_time_that_is_over_does_not_change_with_all_after_it(
    proef: Proef, session: Session
) -> None:
    rows = keren(session, proef.post(DINSDAG, next_tuesday() - timedelta(weeks=4)))

    with pytest.raises(Invalid, match="al voorbij"):
        proef.change_from(rows[0], proef.gegevens(DINSDAG, rows[0].reeks_dag, titel="Anders"))


def test_two_people_changing_a_series_the_second_is_told(proef: Proef, session: Session) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    rows = keren(session, reeks)
    versie = reeks.versie
    proef.change_from(rows[3], proef.gegevens(DINSDAG, rows[3].reeks_dag, titel="Anders"))

    for versie_van in (versie, None):
        with pytest.raises(Conflict):
            reeksen.end_from(session, proef.actor, rows[0].id, versie=versie_van)


def test_yearly_things_begin_as_expected_until_that_is_no_longer_asked(
    proef: Proef, session: Session
) -> None:
    kermis = Regel(Frequentie.JAAR, maanddag=5, maanden=(6,))
    dag = kermis.first_day(today() + timedelta(days=1))
    assert dag is not None
    reeks = proef.post(kermis, dag, bevestigen=True)
    rows = keren(session, reeks)
    assert {row.status for row in rows} == {Status.VERWACHT}

    proef.change_reeks(rows[0], proef.gegevens(kermis, dag))

    assert {row.status for row in keren(session, reeks)} == {Status.GEPUBLICEERD}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6), st.booleans()), max_size=4))
def test_after_any_changes_each_day_has_one_time_and_no_uid_is_lost(
    session: Session, changes: list[tuple[int, int, bool]]
) -> None:
    proef = Proef(session)
    reeks = proef.post(replace(DINSDAG, keren=12), next_tuesday())
    uids = {row.uid for row in keren(session, reeks)}

    for nth, weekdag, alone in changes:
        rows = session.scalars(
            select(Activiteit)
            .where(Activiteit.platform_id == proef.platform.id, Activiteit.reeks_id.is_not(None))
            .order_by(Activiteit.reeks_dag)
        ).all()
        keer = rows[nth % len(rows)]
        assert keer.reeks_dag is not None
        if alone:
            proef.change_one(keer, proef.inhoud(keer.reeks_dag, titel="Anders"))
            continue
        current = session.get(Reeks, keer.reeks_id)
        assert current is not None
        regel = replace(reeksen.rest_of(current, keer.reeks_dag), weekdagen=(Weekdag(weekdag),))
        week = keer.reeks_dag - timedelta(days=keer.reeks_dag.weekday())
        proef.change_from(keer, proef.gegevens(regel, week + timedelta(days=weekdag)))

    session.expire_all()
    every = session.scalars(
        select(Activiteit).where(Activiteit.platform_id == proef.platform.id)
    ).all()
    assert {row.uid for row in every} >= uids
    live = [row for row in every if row.status is Status.GEPUBLICEERD]
    assert len(live) == 12
    for reeks_id, rows in itertools.groupby(
        sorted(live, key=lambda row: row.reeks_id or 0), key=lambda row: row.reeks_id
    ):
        found = session.get(Reeks, reeks_id)
        assert found is not None
        assert [row.reeks_dag for row in sorted(rows, key=lambda row: row.reeks_dag)] == (
            reeks_tijden.days_of(found)
        )
