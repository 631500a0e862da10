"""Series: their times are rows, and a change of the rule leaves the past and the moved alone."""

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten import reeks_tijden, reeksen
from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Reeks, Status
from kernenkaart.activiteiten.reeks_tijden import extend, horizon
from kernenkaart.activiteiten.reeksen import ReeksGegevens
from kernenkaart.activiteiten.regel import Frequentie, Regel, Weekdag
from kernenkaart.activiteiten.services import (
    ActiviteitGegevens,
    call_off,
    change_activiteit,
    withdraw,
)
from kernenkaart.actor import Actor, Rol
from kernenkaart.errors import Conflict, Invalid, NotAllowed
from kernenkaart.kernen.plek import Plek
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import AMSTERDAM, at, today
from tests.factories import make_platform
from tests.formulieren import counted

DINSDAG = Regel(Frequentie.WEEK, weekdagen=(Weekdag(1),))
MARGE_M = 500.0
VOLGEND_JAAR = today().year + 1


class Proef:
    """A platform, somebody of it, and the series they post."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.platform: Platform = make_platform(session)
        self.actor = Actor(
            gebruiker_id=None, rol=Rol.PLATFORMLID, platform_ids=frozenset({self.platform.id})
        )

    def inhoud(
        self, dag: date, van: time = time(20), tot: time = time(22), **values: Any
    ) -> ActiviteitGegevens:
        soort = self.session.scalars(select(ActiviteitSoort.id)).first() or 0
        defaults = {
            "titel": "Koersbal",
            "soort_id": soort,
            "omschrijving": "",
            "begint_op": at(dag, van),
            "eindigt_op": at(dag, tot),
            "hele_dag": False,
            "plek": Plek(kern_id=self.platform.kernen[0].id, naam="Dorpshuis"),
        }
        return ActiviteitGegevens(**(defaults | values))

    def gegevens(
        self, regel: Regel, dag: date, *, bevestigen: bool = False, **values: Any
    ) -> ReeksGegevens:
        return ReeksGegevens(self.inhoud(dag, **values), regel, bevestigen)

    def post(
        self, regel: Regel, dag: date, *, plaats: bool = True, sleutel: uuid.UUID | None = None,
        **values: Any,
    ) -> Reeks:  # fmt: skip
        return reeksen.post_reeks(
            self.session,
            self.actor,
            self.platform.id,
            self.gegevens(regel, dag, **values),
            sleutel=sleutel or uuid.uuid4(),
            plaats=plaats,
            marge_m=MARGE_M,
        )

    def change_one(self, keer: Activiteit, inhoud: ActiviteitGegevens) -> Activiteit:
        return change_activiteit(
            self.session, self.actor, keer.id, inhoud,
            versie=keer.versie, plaats=True, marge_m=MARGE_M,
        )  # fmt: skip

    def change_from(self, keer: Activiteit, gegevens: ReeksGegevens) -> reeksen.Verandering:
        return reeksen.change_from(
            self.session, self.actor, keer.id, gegevens,
            versie=self.versie_of(keer), marge_m=MARGE_M,
        )  # fmt: skip

    def change_reeks(self, keer: Activiteit, gegevens: ReeksGegevens) -> reeksen.Verandering:
        return reeksen.change_reeks(
            self.session, self.actor, keer.id, gegevens,
            versie=self.versie_of(keer), marge_m=MARGE_M,
        )  # fmt: skip

    def versie_of(self, keer: Activiteit) -> int:
        reeks = self.session.get(Reeks, keer.reeks_id)
        assert reeks is not None
        return reeks.versie


@pytest.fixture
def proef(session: Session) -> Proef:
    return Proef(session)


def keren(session: Session, reeks: Reeks) -> list[Activiteit]:
    """The times of a series, by their day."""
    session.expire_all()
    return list(
        session.scalars(
            select(Activiteit).where(Activiteit.reeks_id == reeks.id).order_by(Activiteit.reeks_dag)
        )
    )


def next_tuesday() -> date:
    return today() + timedelta(days=(1 - today().weekday()) % 7 or 7)


def hour(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"


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
    assert verandering.los == 0


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

    assert verandering.los == 1
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
