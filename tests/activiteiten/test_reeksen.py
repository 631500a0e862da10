"""Series: their times are rows, made once, as far ahead as there are rows."""

import uuid
from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import reeksen
from kernenkaart.activiteiten.models import Activiteit, Reeks, Status
from kernenkaart.activiteiten.reeks_tijden import extend, horizon
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.activiteiten.services import (
    withdraw,
)
from kernenkaart.errors import Invalid, NotAllowed
from kernenkaart.tijd import at, today
from tests.activiteiten.reeksproef import (
    DINSDAG,
    MARGE_M,
    VOLGEND_JAAR,
    Proef,
    hour,
    keren,
    next_tuesday,
)
from tests.factories import make_platform
from tests.formulieren import counted


@pytest.fixture
def proef(session: Session) -> Proef:
    return Proef(session)


def test_each_time_two_years_ahead_is_a_row(proef: Proef, session: Session) -> None:
    dag = next_tuesday()

    reeks = proef.post(DINSDAG, dag)

    rows = keren(session, reeks)
    assert [row.reeks_dag for row in rows] == DINSDAG.days(dag, horizon(today()))
    assert rows[-1].reeks_dag > today() + timedelta(days=724)
    assert {row.status for row in rows} == {Status.GEPUBLICEERD}
    assert {row.kern_id for row in rows} == {proef.platform.kernen[0].id}
    assert not any(row.afwijkend for row in rows)


def test_eight_in_the_evening_stays_eight_when_the_clock_changes(
    proef: Proef, session: Session
) -> None:
    rows = keren(session, proef.post(DINSDAG, next_tuesday()))

    assert {hour(row.begint_op) for row in rows} == {"20:00"}
    assert {row.begint_op.astimezone(UTC).hour for row in rows} == {18, 19}


def test_the_hour_that_a_night_in_march_has_not_is_refused_with_a_hint(proef: Proef) -> None:
    zondag = Regel(Frequentie.MAAND, weekdagen=(Weekdag(6, -1),))
    maart = replace(zondag, maanden=(3,)).first_day(date(VOLGEND_JAAR, 3, 1))
    assert maart is not None

    with pytest.raises(Invalid, match=rf"zo {maart.day} maart .* Kies 3\.00") as error:
        proef.post(zondag, date(VOLGEND_JAAR, 1, 1), van=time(2, 30), tot=time(4))

    assert error.value.veld == "van"


def test_a_skipped_hour_years_ahead_is_refused_now_and_not_by_a_job(proef: Proef) -> None:
    elk_jaar = Regel(Frequentie.JAAR, maanddag=31, maanden=(3,))  # not each year a Sunday

    with pytest.raises(Invalid, match="zo 31 maart") as error:
        proef.post(elk_jaar, date(VOLGEND_JAAR, 3, 31), van=time(1), tot=time(2, 30))

    assert error.value.veld == "tot"


def test_an_end_at_midnight_is_not_the_next_day_and_takes_no_whole_days(
    proef: Proef, session: Session
) -> None:
    dag = next_tuesday()

    reeks = proef.post(DINSDAG, dag, eindigt_op=at(dag + timedelta(days=1), time()))

    assert (reeks.nachten, reeks.tot) == (1, time())
    assert {row.eindigt_op - row.begint_op for row in keren(session, reeks)} == {timedelta(hours=4)}


def test_whole_days_and_more_days_keep_their_number_of_days(proef: Proef, session: Session) -> None:
    kermis = Regel(Frequentie.JAAR, weekdagen=(Weekdag(3, 2),), maanden=(6,))
    dag = kermis.first_day(date(VOLGEND_JAAR, 6, 1))
    assert dag is not None

    reeks = proef.post(
        kermis,
        dag,
        begint_op=at(dag, time()),
        eindigt_op=at(dag + timedelta(days=4), time()),
        hele_dag=True,
    )

    rows = keren(session, reeks)
    assert len(rows) == 3
    assert {row.reeks_dag.weekday() for row in rows if row.reeks_dag} == {3}
    assert [(row.begint_op, row.eindigt_op) for row in rows] == [
        (at(row.reeks_dag, time()), at(row.reeks_dag + timedelta(days=4), time()))
        for row in rows
        if row.reeks_dag
    ]
    assert all(row.hele_dag for row in rows)


def test_a_series_begins_on_the_first_day_by_its_rule(proef: Proef) -> None:
    dag = next_tuesday()

    reeks = proef.post(DINSDAG, dag + timedelta(days=1))

    assert reeks.eerste_dag == dag + timedelta(days=7)


def test_a_series_far_ahead_has_times_too(proef: Proef, session: Session) -> None:
    dag = next_tuesday() + timedelta(weeks=150)

    assert len(keren(session, proef.post(DINSDAG, dag))) > 100


@pytest.mark.parametrize(
    ("regel", "melding"),
    [
        (Regel(Frequentie.JAAR, weekdagen=(Weekdag(6, 5),), maanden=(2,)), "nooit"),
        (Regel(Frequentie.WEEK, tot=date(2020, 1, 1)), "nooit"),
    ],
)
def test_a_rule_that_never_comes_is_refused(proef: Proef, regel: Regel, melding: str) -> None:
    with pytest.raises(Invalid, match=melding) as error:
        proef.post(regel, next_tuesday())

    assert error.value.veld == "herhaal"


def test_a_series_of_long_ago_is_refused(proef: Proef) -> None:
    with pytest.raises(Invalid, match="een jaar geleden"):
        proef.post(DINSDAG, next_tuesday() - timedelta(weeks=60))


def test_nobody_posts_a_series_for_another_platform(proef: Proef, session: Session) -> None:
    ander = make_platform(session)

    with pytest.raises(NotAllowed):
        reeksen.post_reeks(
            session, proef.actor, ander.id, proef.gegevens(DINSDAG, next_tuesday()),
            sleutel=uuid.uuid4(), plaats=True, marge_m=MARGE_M,
        )  # fmt: skip


def test_the_same_form_twice_is_one_series(proef: Proef, session: Session) -> None:
    sleutel = uuid.uuid4()

    eerste = proef.post(DINSDAG, next_tuesday(), sleutel=sleutel)
    tweede = proef.post(DINSDAG, next_tuesday(), sleutel=sleutel)

    assert tweede is eerste
    assert len(session.scalars(select(Reeks)).all()) == 1


def test_ending_a_series_takes_the_rest_away_and_nothing_comes_back(
    proef: Proef, session: Session
) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    rows = keren(session, reeks)

    reeksen.end_from(session, proef.actor, rows[3].id, versie=reeks.versie)

    assert [row.status for row in keren(session, reeks)][:4] == [
        *[Status.GEPUBLICEERD] * 3,
        Status.INGETROKKEN,
    ]
    extend(session, today() + timedelta(days=400))
    assert len(keren(session, reeks)) == len(rows)


def test_calling_off_a_series_keeps_its_times_visible_with_the_reason(
    proef: Proef, session: Session
) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    rows = keren(session, reeks)
    withdraw(session, proef.actor, rows[5].id)

    reeksen.end_from(
        session, proef.actor, rows[3].id, versie=reeks.versie, reden="De zaal gaat dicht."
    )

    rows = keren(session, reeks)
    assert (rows[2].status, rows[3].status) == (Status.GEPUBLICEERD, Status.AFGELAST)
    assert rows[3].reden == "De zaal gaat dicht."
    assert rows[5].status is Status.INGETROKKEN
    extend(session, today() + timedelta(days=400))
    assert len(keren(session, reeks)) == len(rows)


def test_drafts_are_published_together(proef: Proef, session: Session) -> None:
    reeks = proef.post(DINSDAG, next_tuesday(), plaats=False)
    rows = keren(session, reeks)
    assert {row.status for row in rows} == {Status.CONCEPT}

    reeksen.publish_reeks(session, proef.actor, rows[0].id)

    assert {row.status for row in keren(session, reeks)} == {Status.GEPUBLICEERD}


def test_extending_twice_has_the_effect_of_once(proef: Proef, session: Session) -> None:
    dag = next_tuesday()
    reeks = proef.post(DINSDAG, dag)
    concept = proef.post(DINSDAG, dag, plaats=False)
    before = (reeks.versie, reeks.updated_at)
    straks = today() + timedelta(days=200)

    first, second = extend(session, straks), extend(session, straks)

    assert (first, second) == (2, 0)
    assert [row.reeks_dag for row in keren(session, reeks)] == DINSDAG.days(dag, horizon(straks))
    assert {row.status for row in keren(session, concept)} == {Status.CONCEPT}
    assert (reeks.versie, reeks.updated_at) == before


def test_a_row_that_was_made_before_it_was_written_down_is_not_made_again(
    proef: Proef, session: Session
) -> None:
    reeks = proef.post(DINSDAG, next_tuesday())
    count = len(keren(session, reeks))
    terug = today() + timedelta(days=300)
    session.execute(update(Reeks).values(uitgewerkt_tot=terug))
    half = [row.id for row in keren(session, reeks) if row.reeks_dag > terug][::2]
    session.execute(
        update(Activiteit)
        .where(Activiteit.id.in_(half))
        .values(reeks_id=None, reeks_dag=None, status=Status.INGETROKKEN)
    )

    extend(session, today())

    assert len(keren(session, reeks)) == count


def test_extending_many_series_takes_a_few_statements(proef: Proef, session: Session) -> None:
    for _ in range(12):
        proef.post(replace(DINSDAG, tussen=4), next_tuesday())
    session.flush()
    session.expire_all()

    with counted(session) as statements:
        assert extend(session, today() + timedelta(days=40)) == 12

    assert len(statements) <= 6
