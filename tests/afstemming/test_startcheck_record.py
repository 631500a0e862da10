"""What is kept of a startcheck, who was told, and what that adds up to."""

import uuid
from datetime import date, timedelta

import pytest
from shapely.geometry import Point, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.afstemming.bij_werk import find_bij_werk
from kernenkaart.afstemming.startcheck_cijfers import KernCijfer, find_cijfers
from kernenkaart.afstemming.startcheck_models import (
    Startcheck,
    StartcheckGroep,
    StartcheckKern,
    StartcheckVrijstelling,
)
from kernenkaart.afstemming.startcheck_queries import Lijn
from kernenkaart.afstemming.startcheck_record import find_record, find_startchecks
from kernenkaart.afstemming.startcheck_regels import (
    deadline,
)
from kernenkaart.afstemming.startcheck_services import (
    exempt,
    link_werk,
    record_informed,
    undo_informed,
)
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.platforms.models import Zichtbaarheid
from kernenkaart.tijd import Periode, today
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid, WerkzaamheidKern
from tests.afstemming.startchecks import (
    check_of,
    grid,
    keep,
    make_vraag,
    medewerker,
    moved,
    rows_of,
)
from tests.factories import (
    make_gebruiker,
    make_organisatie,
    make_platform,
    make_werkzaamheid,
)


def test_what_is_kept_is_the_answer_of_that_day(session: Session) -> None:
    kernen = grid(session)
    raad = make_platform(session, kernen=[kernen[0], kernen[1]], naam="Dorpsraad Twee")
    actor = medewerker(session)
    vraag = make_vraag(session, moved(box(900, 400, 1_200, 600)))

    check_id = keep(session, actor, vraag)

    raad.naam = "Heet nu anders"
    session.flush()
    check = session.get_one(Startcheck, check_id)
    rows = rows_of(session, check_id)
    kern_ids = session.scalars(
        select(StartcheckKern.kern_id).where(StartcheckKern.startcheck_id == check_id)
    )
    assert (check.gebruiker_id, check.titel) == (actor.gebruiker_id, "Nieuw asfalt")
    assert check.geom.equals(vraag.vormen[0])
    assert set(kern_ids) == {kernen[0].id, kernen[1].id}
    assert [(r.kern_id, r.weken) for r in rows if r.platform_id == raad.id] == [
        (kernen[0].id, 6), (kernen[1].id, 6),
    ]  # fmt: skip
    assert {r.wie for r in rows if r.platform_id} == {"Dorpsraad Twee"}


def test_the_same_page_sent_twice_keeps_one(session: Session) -> None:
    grid(session)
    actor, sleutel = medewerker(session), uuid.uuid4()
    vraag = make_vraag(session, moved(Point(500, 500)))

    ids = {keep(session, actor, vraag, sleutel) for _ in range(2)}

    assert len(ids) == 1
    assert len(session.scalars(select(Startcheck)).all()) == 1
    with pytest.raises(Conflict):
        keep(session, medewerker(session), vraag, sleutel)


def test_an_area_without_a_kern_is_not_kept(session: Session) -> None:
    grid(session)

    with pytest.raises(Invalid):
        keep(session, medewerker(session), make_vraag(session, moved(Point(500, 2_000))))


def test_who_speaks_for_two_kernen_is_one_line_and_told_once(session: Session) -> None:
    kernen = grid(session)
    make_platform(session, kernen=kernen[:2], naam="Dorpsraad Twee")
    actor = medewerker(session)
    check_id = keep(session, actor, make_vraag(session, moved(box(900, 400, 1_200, 600))))
    lijn = _line(session, actor, check_id, "Dorpsraad Twee")

    record_informed(session, actor, check_id, groep_ids=[lijn.groep_id or 0],
                    dag=today(), hoe="Op de vergadering")  # fmt: skip

    rows = [r for r in rows_of(session, check_id) if r.wie == "Dorpsraad Twee"]
    assert set(lijn.kernen) == {kernen[0].naam, kernen[1].naam}
    assert [(r.geinformeerd_op, r.hoe) for r in rows] == [(today(), "Op de vergadering")] * 2
    assert _line(session, actor, check_id, "Omwonenden").geinformeerd_op is None


def test_telling_again_keeps_the_first_day_and_it_can_be_taken_back(session: Session) -> None:
    grid(session)
    actor = medewerker(session)
    check_id = keep(session, actor, make_vraag(session, moved(Point(500, 500))))
    groep_id = _line(session, actor, check_id, "Omwonenden").groep_id or 0
    gisteren = today() - timedelta(days=1)

    for dag in (gisteren, today()):
        record_informed(session, actor, check_id, groep_ids=[groep_id], dag=dag, hoe="Brief")
    eerst = _line(session, actor, check_id, "Omwonenden").geinformeerd_op
    undo_informed(session, actor, check_id, groep_id)

    assert eerst == gisteren
    assert _line(session, actor, check_id, "Omwonenden").geinformeerd_op is None


@pytest.mark.parametrize(
    ("waarden", "veld"),
    [
        ({"groep_ids": []}, "wie"),
        ({"dag": today() + timedelta(days=1)}, "dag"),
        ({"hoe": ""}, "hoe"),
        ({"hoe": "x" * 301}, "hoe"),
    ],
)
def test_what_cannot_be_is_not_written_down(
    session: Session, waarden: dict[str, object], veld: str
) -> None:
    grid(session)
    actor = medewerker(session)
    check_id = keep(session, actor, make_vraag(session, moved(Point(500, 500))))
    goed = {"groep_ids": [rows_of(session, check_id)[0].id], "dag": today(), "hoe": "Brief"}

    with pytest.raises(Invalid) as fout:
        record_informed(session, actor, check_id, **(goed | waarden))

    assert fout.value.veld == veld


def test_a_row_of_another_check_is_not_touched(session: Session) -> None:
    grid(session)
    actor = medewerker(session)
    vraag = make_vraag(session, moved(Point(500, 500)))
    een, ander = keep(session, actor, vraag), keep(session, actor, vraag)

    record_informed(session, actor, een, groep_ids=[rows_of(session, ander)[0].id],
                    dag=today(), hoe="Brief")  # fmt: skip

    assert all(r.geinformeerd_op is None for r in rows_of(session, een) + rows_of(session, ander))


def test_a_partner_sees_checks_of_the_own_organisation_and_no_internal_group(
    session: Session,
) -> None:
    kernen = grid(session)
    make_platform(session, kernen=[kernen[0]], naam="Stille raad",
                  zichtbaarheid=Zichtbaarheid.INTERN)  # fmt: skip
    eigen = make_organisatie(session)
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id)
    partner = Actor(gebruiker.id, "P", Rol.KETENPARTNER, organisatie_id=eigen.id)
    van_ons = make_werkzaamheid(session, organisatie=eigen)
    vreemd = make_werkzaamheid(session)
    gemeente = medewerker(session)

    eigen_check = check_of(session, gemeente, van_ons)
    andere_check = check_of(session, gemeente, vreemd)

    assert "Stille raad" in {r.wie for r in rows_of(session, eigen_check)}
    lijnen = find_record(session, partner, eigen_check, today()).lijnen
    assert "Stille raad" not in {lijn.wie for lijn in lijnen}
    with pytest.raises(NotFound):
        find_record(session, partner, andere_check, today())
    with pytest.raises(NotAllowed):
        check_of(session, partner, vreemd)
    with pytest.raises(NotAllowed):
        keep(session, BEZOEKER, make_vraag(session, moved(Point(500, 500))))


def test_a_check_made_before_its_work_is_linked_to_it_once(session: Session) -> None:
    grid(session)
    actor = medewerker(session)
    werk, ander = make_werkzaamheid(session), make_werkzaamheid(session)
    assert werk.geom is not None
    check_id = keep(session, actor, make_vraag(session, werk.geom))

    link_werk(session, actor, check_id, werk.id)

    assert session.get_one(Startcheck, check_id).werkzaamheid_id == werk.id
    with pytest.raises(Conflict):
        link_werk(session, actor, check_id, ander.id)


def test_a_work_that_became_a_draft_of_another_is_not_told(session: Session) -> None:
    grid(session)
    eigen = make_organisatie(session)
    gebruiker = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=eigen.id)
    partner = Actor(gebruiker.id, "P", Rol.KETENPARTNER, organisatie_id=eigen.id)
    werk = make_werkzaamheid(session, organisatie=eigen)
    check_id = check_of(session, partner, werk)
    toen = werk.eerste_dag
    werk.organisatie_id, werk.status = make_organisatie(session).id, Status.CONCEPT
    werk.eerste_dag += timedelta(days=1)
    session.flush()

    vast = find_record(session, partner, check_id, today())

    assert (vast.werk, vast.eerste_dag, vast.verplaatst) == (None, toen, False)
    assert [een.eerste_dag for een in find_startchecks(session, partner, limiet=5)] == [toen]


def test_a_work_that_moved_since_is_told_so(session: Session) -> None:
    grid(session)
    actor = medewerker(session)
    werk = make_werkzaamheid(session)
    check_id = check_of(session, actor, werk)
    voor = find_record(session, actor, check_id, today())

    werk.laatste_dag += timedelta(days=1)
    werk.eerste_dag += timedelta(days=1)
    session.flush()

    na = find_record(session, actor, check_id, today())
    assert (voor.verplaatst, na.verplaatst) == (False, True)
    assert all(
        n.uiterlijk == v.uiterlijk + timedelta(days=1)
        for v, n in zip(voor.lijnen, na.lijnen, strict=True)
    )


@pytest.mark.parametrize(
    ("geinformeerd", "verwacht"),
    [(0, "op_tijd"), (1, "te_laat"), (None, "loopt")],
    ids=["on the last day", "a day late", "not yet"],
)
def test_the_share_told_in_time_is_counted_from_what_is_stored(
    session: Session, geinformeerd: int | None, verwacht: str
) -> None:
    kernen = grid(session)
    actor = medewerker(session)
    dag = today()
    eerste = dag + timedelta(weeks=8)  # the earliest rule asks for eight weeks: today is in time
    werk = make_werkzaamheid(session, eerste_dag=eerste, laatste_dag=eerste)
    vrij = make_werkzaamheid(session, eerste_dag=eerste, laatste_dag=eerste)
    make_werkzaamheid(session, eerste_dag=eerste, laatste_dag=eerste)
    make_werkzaamheid(session, eerste_dag=eerste, laatste_dag=eerste, status=Status.VERWACHT)
    exempt(session, actor, vrij.id, "Spoed")
    check_id = check_of(session, actor, werk)
    if geinformeerd is not None:
        for rij in rows_of(session, check_id):
            rij.geinformeerd_op = deadline(eerste, rij.weken) + timedelta(days=geinformeerd)
            rij.hoe = "Brief"
        session.flush()

    cijfers = find_cijfers(session, actor, gemeente="GM1960", periode=Periode(eerste, eerste),
                           dag=dag)  # fmt: skip

    nul = {"op_tijd": 0, "te_laat": 0, "loopt": 0, "vrij": 1, "zonder": 1} | {verwacht: 1}
    assert cijfers == [KernCijfer(kernen[0].naam, kernen[0].slug, **nul)]
    assert cijfers[0].deel == {"op_tijd": 1.0, "te_laat": 0.0, "loopt": None}[verwacht]
    assert _recount(session, eerste, dag)[kernen[0].id] == {verwacht: 1, "vrij": 1, "zonder": 1}


def test_how_a_work_stands_counts_its_newest_check(session: Session) -> None:
    grid(session)
    actor = medewerker(session)
    werk = make_werkzaamheid(session, eerste_dag=today() + timedelta(weeks=3),
                             laatste_dag=today() + timedelta(weeks=4))  # fmt: skip
    zonder = find_bij_werk(session, actor, werk.id, today()).stand
    oud = check_of(session, actor, werk)
    record_informed(session, actor, oud, groep_ids=[r.id for r in rows_of(session, oud)],
                    dag=today(), hoe="Brief")  # fmt: skip
    klaar = find_bij_werk(session, actor, werk.id, today()).stand
    nieuw = check_of(session, actor, werk)

    stand = find_bij_werk(session, actor, werk.id, today()).stand

    wie = {r.wie: r.weken for r in rows_of(session, nieuw)}
    assert (zonder.check_id, zonder.open) == (None, 0)
    assert (klaar.open, klaar.eerste_op, klaar.laatste_op) == (0, today(), today())
    assert (stand.check_id, stand.open, stand.eerste_op) == (nieuw, len(wie), None)
    assert stand.laat == sum(weken > 3 for weken in wie.values())
    eerst = max(wie.values())
    uiterlijk = deadline(werk.eerste_dag, eerst)
    laat = [
        find_bij_werk(session, actor, werk.id, uiterlijk + timedelta(days=dagen)).stand.laat
        for dagen in (0, 1)
    ]
    assert laat == [0, sum(weken == eerst for weken in wie.values())]


def _recount(session: Session, eerste: date, dag: date) -> dict[int, dict[str, int]]:
    """The same figures, counted by hand."""
    geteld: dict[int, dict[str, int]] = {}
    for koppeling in session.scalars(select(WerkzaamheidKern)):
        werk = session.get_one(Werkzaamheid, koppeling.werkzaamheid_id)
        if werk.eerste_dag != eerste or werk.status not in (
            Status.BEVESTIGD, Status.BEZIG, Status.KLAAR,
        ):  # fmt: skip
            continue
        checks = sorted(
            session.scalars(select(Startcheck).where(Startcheck.werkzaamheid_id == werk.id)),
            key=lambda check: (check.gemaakt_op, check.id),
        )
        rijen = [
            rij
            for rij in session.scalars(select(StartcheckGroep))
            if checks and rij.startcheck_id == checks[-1].id and rij.kern_id == koppeling.kern_id
        ]
        if any((r.geinformeerd_op or dag) > deadline(eerste, r.weken) for r in rijen):
            stand = "te_laat"
        elif rijen:
            stand = "op_tijd" if all(r.geinformeerd_op for r in rijen) else "loopt"
        else:
            vrij = session.get(StartcheckVrijstelling, werk.id)
            stand = "vrij" if vrij else "zonder"
        per_kern = geteld.setdefault(koppeling.kern_id, {})
        per_kern[stand] = per_kern.get(stand, 0) + 1
    return geteld


def _line(session: Session, actor: Actor, check_id: int, wie: str) -> Lijn:
    session.expire_all()
    [lijn] = [
        lijn for lijn in find_record(session, actor, check_id, today()).lijnen if lijn.wie == wie
    ]
    return lijn
