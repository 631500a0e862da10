"""What changes is looked at: at once by who changed it, and once more by the job."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from shapely.affinity import translate
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kernenkaart.afstemming import vuil
from kernenkaart.afstemming.vuil import AfstemVuil, look_again, mark_all, register
from kernenkaart.kernen.models import Gemeente
from kernenkaart.werkzaamheden.models import (
    Diepte,
    Hinder,
    Status,
    Werkzaamheid,
    WerkzaamheidFase,
)
from tests.factories import make_activiteit, make_werkzaamheid, moment
from tests.wachtrij import waiting, work

Gezien = list[tuple[list[int], list[int]]]


@pytest.fixture
def gezien(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Gezien:  # it listens
    """What watchers were shown, in this test only."""
    monkeypatch.setattr(vuil, "_kijkers", [])
    found: Gezien = []

    def kijk(_session: Session, werk_ids: Sequence[int], activiteit_ids: Sequence[int]) -> None:
        found.append((list(werk_ids), list(activiteit_ids)))

    register(kijk)
    register(kijk)
    return found


def forget(session: Session) -> None:
    session.execute(delete(AfstemVuil))


def marked(session: Session) -> list[int]:
    session.flush()
    return list(session.scalars(select(AfstemVuil.ding_id)))


def test_who_saves_has_looked_before_it_is_committed_and_each_watcher_once(
    session: Session, gezien: Gezien
) -> None:
    werk = make_werkzaamheid(session)
    activiteit = make_activiteit(session)

    session.commit()

    assert gezien == [([werk.id], [activiteit.id])]


def test_a_savepoint_is_not_the_end_of_a_transaction(session: Session, gezien: Gezien) -> None:
    with session.begin_nested():
        make_werkzaamheid(session)

    assert gezien == []


def test_what_is_rolled_back_is_not_looked_at(session: Session, gezien: Gezien) -> None:
    make_werkzaamheid(session)

    session.rollback()
    session.commit()

    assert gezien == []


def test_a_change_in_sql_counts_too(session: Session, gezien: Gezien) -> None:
    werk = make_werkzaamheid(session)
    forget(session)

    session.execute(text("UPDATE werkzaamheid SET laatste_dag = laatste_dag + 1"))
    session.commit()

    assert gezien == [([werk.id], [])]


@pytest.mark.parametrize(
    "verander",
    [
        lambda w: setattr(w, "geom", translate(w.geom, 1)),
        lambda w: setattr(w, "hinder_geom", w.geom.buffer(5)),
        lambda w: setattr(w, "hinder", Hinder.AFGESLOTEN),
        lambda w: setattr(w, "eerste_dag", w.eerste_dag + timedelta(days=1)),
        lambda w: setattr(w, "vroegst", w.eerste_dag),
        lambda w: setattr(w, "laatst", w.laatste_dag),
        lambda w: setattr(w, "duur_dagen", 3),
        lambda w: setattr(w, "status", Status.VERWACHT),
        lambda w: setattr(w, "diepte", Diepte.RIOOL),
        lambda w: setattr(w, "openbaar", False),
        lambda w: setattr(w.soort, "diepte", Diepte.GEBOUW),
        lambda w: setattr(w.soort, "moratorium_maanden", 7),
        lambda w: w.fasen.append(
            WerkzaamheidFase(volgorde=1, naam="Een", eerste_dag=w.eerste_dag,
                             laatste_dag=w.laatste_dag)
        ),
    ],
)  # fmt: skip
def test_whatever_two_works_are_judged_by_marks_a_work(
    session: Session, verander: Callable[[Werkzaamheid], Any]
) -> None:
    werk = make_werkzaamheid(session)
    forget(session)

    verander(werk)

    assert marked(session) == [werk.id]


def test_a_text_that_changes_marks_nothing(session: Session) -> None:
    werk, activiteit = make_werkzaamheid(session), make_activiteit(session)
    forget(session)

    werk.omschrijving = werk.interne_notitie = activiteit.omschrijving = "Anders."
    werk.geom = translate(werk.geom, 0)

    assert marked(session) == []


def test_a_time_and_the_end_of_a_thing_mark_it(session: Session) -> None:
    werk, activiteit = make_werkzaamheid(session), make_activiteit(session)
    forget(session)

    activiteit.eindigt_op = moment(7, 18)
    session.delete(werk)

    assert sorted(marked(session)) == sorted([werk.id, activiteit.id])


def test_the_job_looks_once_more_and_forgets(
    app: Flask, session: Session, client: object, gezien: Gezien
) -> None:
    werk = make_werkzaamheid(session)
    session.commit()

    assert len(waiting(session, vuil.TAAK)) == 1
    work(app, session)
    work(app, session)

    assert gezien == [([werk.id], []), ([werk.id], [])]
    assert marked(session) == []


def test_what_changes_again_while_the_job_looks_is_looked_at_once_more(
    session: Session, gezien: Gezien
) -> None:
    werk = make_werkzaamheid(session)
    session.commit()

    def change(session: Session, _werk_ids: Sequence[int], _activiteit_ids: Sequence[int]) -> None:
        session.execute(
            text(
                "INSERT INTO afstem_vuil (xid, laag, ding_id) "
                "SELECT xid + 1, laag, ding_id FROM afstem_vuil"
            )
        )

    register(change)
    look_again(session)

    assert marked(session) == [werk.id]


def test_a_transaction_that_changed_much_leaves_it_to_the_job(
    app: Flask, session: Session, client: object, gezien: Gezien, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vuil, "METEEN_MAX", 0)
    monkeypatch.setattr(vuil, "PER_KEER", 2)
    werken = [make_werkzaamheid(session).id for _ in range(3)]

    session.commit()

    assert gezien == []
    work(app, session)
    assert gezien == [(werken[:2], []), (werken[2:], [])]


def test_when_the_rules_change_all_is_looked_at_but_what_is_over(session: Session) -> None:
    werk, straks = make_werkzaamheid(session), make_activiteit(session)
    make_activiteit(session, begint_op=moment(-3, 10), eindigt_op=moment(-3, 12))
    forget(session)

    mark_all(session)

    assert sorted(marked(session)) == sorted([werk.id, straks.id])


def test_saving_goes_on_when_a_watcher_cannot_get_at_what_it_needs(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kijk(session: Session, *_ids: Sequence[int]) -> None:
        session.execute(text("SET LOCAL statement_timeout = 20"))
        session.execute(text("SELECT pg_sleep(1)"))

    monkeypatch.setattr(vuil, "_kijkers", [kijk])
    werk = make_werkzaamheid(session)

    session.commit()

    assert session.get(Werkzaamheid, werk.id) is werk
    assert marked(session) == [werk.id]
    with pytest.raises(OperationalError):
        vuil.look_now(session, [werk.id], [])


def test_what_a_watcher_fails_on_is_kept_and_holds_nothing_up(
    app: Flask, session: Session, client: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    gezien: set[int] = set()
    kapot: set[int] = set()

    def kijk(session: Session, werk_ids: Sequence[int], _activiteit_ids: Sequence[int]) -> None:
        for een in werk_ids:
            session.execute(text("SELECT 1 / (1 - CAST(:kapot AS int))"), {"kapot": een in kapot})
        gezien.update(werk_ids)

    monkeypatch.setattr(vuil, "_kijkers", [kijk])
    werken = [make_werkzaamheid(session).id for _ in range(5)]
    kapot.add(werken[2])

    session.commit()  # saving goes on, and leaves all of it to the job
    assert gezien == set()

    assert vuil.look_again(session) == 5
    assert vuil.look_again(session) == 0
    assert gezien == set(werken) - kapot
    (bewaard,) = vuil.find_failed(session)
    assert (bewaard.ding_id, bewaard.pogingen) == (werken[2], 1)
    assert "DivisionByZero" in str(bewaard.fout)
    uitvoer = app.test_cli_runner().invoke(args=["afstemming", "stand"]).output
    assert f"werkzaamheden {werken[2]}: 1 keer mislukt" in uitvoer

    kapot.clear()
    session.execute(text("UPDATE afstem_vuil SET straks = now() - interval '1 second'"))
    assert vuil.look_again(session) == 1
    assert marked(session) == []


def test_when_all_goes_wrong_nothing_is_forgotten(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kijk(*_args: object) -> None:
        raise ValueError("stuk")

    monkeypatch.setattr(vuil, "_kijkers", [kijk])
    monkeypatch.setattr(vuil, "FOUT_MAX", 1)
    werken = [make_werkzaamheid(session).id for _ in range(3)]
    session.commit()

    with pytest.raises(ValueError, match="stuk"):
        vuil.look_again(session)

    assert marked(session) == werken
    assert vuil.find_failed(session) == []


def test_two_who_save_in_the_same_moment_do_not_miss_each_other(
    app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []
    later = timedelta(days=1)

    def kijk(session: Session, *_ids: Sequence[int]) -> None:
        moved = select(Werkzaamheid.id).where(
            Werkzaamheid.laatste_dag == dag + later, Werkzaamheid.id.in_(ids)
        )
        seen.append(set(session.scalars(moved)))

    monkeypatch.setattr(vuil, "_kijkers", [])
    with Session(engine) as session:
        werken = [make_werkzaamheid(session) for _ in range(2)]
        ids, dag = {werk.id for werk in werken}, werken[0].laatste_dag
        session.commit()
        forget(session)
        session.commit()
    monkeypatch.setattr(vuil, "_kijkers", [kijk])
    with Session(engine) as een, Session(engine) as ander:
        for session, werk_id in zip((een, ander), sorted(ids), strict=True):
            session.get_one(Werkzaamheid, werk_id).laatste_dag += later
            session.flush()
        een.commit()
        ander.commit()
    with Session(engine) as session:
        vuil.look_again(session)
        session.commit()
        before, *_, after = seen
        clean_up(session, ids)

    assert before == {min(ids)}
    assert after == ids


def clean_up(session: Session, ids: set[int]) -> None:
    """Take away what was really committed."""
    for werk in session.scalars(select(Werkzaamheid).where(Werkzaamheid.id.in_(ids))).all():
        organisatie = werk.organisatie
        session.delete(werk)
        session.flush()
        session.delete(organisatie)
    session.execute(delete(Gemeente))
    session.execute(text("DELETE FROM procrastinate_jobs"))
    forget(session)  # before the commit, which would ask for a look again
    session.commit()
    session.commit()
