"""A planning and ours: nothing twice, what changes is followed, what was changed by hand wins."""

from datetime import date

import pytest
from flask import Flask
from shapely.geometry import Point, Polygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.errors import NotAllowed
from kernenkaart.taken.services import defer
from kernenkaart.tijd import today
from kernenkaart.werkbronnen import services
from kernenkaart.werkbronnen.koppeling import Koppeling
from kernenkaart.werkbronnen.models import Oordeel, Stand, Werkbronitem, WerkbronRij
from kernenkaart.werkbronnen.queries import count_oordelen
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import X, Y, make_organisatie
from tests.werkbronnen.bronnen import (
    LIJN,
    add_here,
    came_of,
    feature,
    geojson,
    next_here,
    planner,
    settle,
    take,
)


@pytest.fixture(autouse=True)
def jobs(client: ClientFactory) -> None:
    """The jobs work in the transaction of the test, as the requests of ``client`` do."""


def test_a_file_is_looked_at_before_anything_becomes_a_work(app: Flask, session: Session) -> None:
    bron = add_here(app, session, geojson(feature(), feature(id="W2", titel="Stoep")))

    assert bron.stand is Stand.BEKIJKEN
    assert count_oordelen(session, bron.id)["nieuw"] == 2
    assert session.scalars(select(Werkzaamheid)).all() == []


def test_a_row_becomes_a_work_of_the_organisation(app: Flask, session: Session) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))

    [werk] = came_of(session, bron)
    assert (werk.titel, werk.organisatie_id) == ("Nieuw riool", bron.organisatie_id)
    assert (werk.eerste_dag, werk.laatste_dag) == (date(2027, 3, 1), date(2027, 4, 30))
    assert werk.soort.code == "riool"
    assert werk.status is Status.VERWACHT
    assert werk.geom.equals_exact(LIJN, 0.1)
    assert bron.stand is Stand.LOOPT


def test_the_same_file_twice_changes_nothing(app: Flask, session: Session) -> None:
    inhoud = geojson(feature(), feature(id="", titel="Zonder kenmerk"), feature(None, id="W3"))
    bron = take(app, session, add_here(app, session, inhoud))
    before = [(w.id, w.versie, w.updated_at) for w in came_of(session, bron)]

    bron = next_here(app, session, bron, inhoud)
    telling = count_oordelen(session, bron.id)
    bron = take(app, session, bron)

    assert telling["gelijk"] == 2
    assert telling["nieuw"] == telling["veranderd"] == 0
    assert [(w.id, w.versie, w.updated_at) for w in came_of(session, bron)] == before


def test_what_changes_is_followed_and_keeps_its_key(app: Flask, session: Session) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))
    [before] = came_of(session, bron)
    key = before.id

    bron = next_here(app, session, bron, geojson(feature(einddatum="31-05-2027")))
    bron = take(app, session, bron)

    [werk] = came_of(session, bron)
    assert (werk.id, werk.laatste_dag) == (key, date(2027, 5, 31))
    assert bron.verslag is not None
    assert bron.verslag["veranderd"] == 1


def test_a_work_that_was_changed_here_wins_until_it_is_told_to_follow(
    app: Flask, session: Session
) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))
    [werk] = came_of(session, bron)
    werk.titel = "Riool, zoals wij het noemen"
    session.flush()
    anders = geojson(feature(titel="Riool fase 2"))

    bron = take(app, session, next_here(app, session, bron, anders))
    [kept] = came_of(session, bron)
    assert kept.titel == "Riool, zoals wij het noemen"
    assert bron.verslag is not None
    assert bron.verslag["eigen"] == 1

    services.follow_again(session, planner(bron.organisatie), bron.id, kept.id)
    bron = take(app, session, next_here(app, session, bron, anders))
    assert [w.titel for w in came_of(session, bron)] == ["Riool fase 2"]


def test_a_change_by_hand_between_looking_and_taking_over_wins(
    app: Flask, session: Session
) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))
    bron = next_here(app, session, bron, geojson(feature(titel="Uit de bron")))
    [werk] = came_of(session, bron)
    werk.titel = "Met de hand"
    session.flush()

    bron = take(app, session, bron)

    assert [w.titel for w in came_of(session, bron)] == ["Met de hand"]


def test_what_is_gone_is_closed_and_comes_back_open(app: Flask, session: Session) -> None:
    vandaag = today()  # what begins today has begun
    begonnen = feature(id="W2", titel="Loopt", startdatum=f"{vandaag:%d-%m-%Y}",
                       einddatum=f"01-01-{vandaag.year + 3}")  # fmt: skip
    alle = geojson(feature(), begonnen, feature(id="W3"), feature(id="W4"))
    bron = take(app, session, add_here(app, session, alle))
    zelf = came_of(session, bron)[3]
    zelf.titel = "Met de hand"
    session.flush()

    bron = take(app, session, next_here(app, session, bron, geojson(feature(id="W3"))))
    session.refresh(zelf)
    assert (zelf.titel, zelf.status) == ("Met de hand", Status.VERWACHT)  # it follows no longer
    per_key = {w.titel + w.status: w.status for w in came_of(session, bron)}
    assert set(per_key.values()) == {Status.VERVALLEN, Status.KLAAR, Status.VERWACHT}
    assert bron.verslag is not None
    assert bron.verslag["weg"] == 3

    bron = take(app, session, next_here(app, session, bron, geojson(feature(), begonnen)))
    assert [w.status for w in came_of(session, bron)][:2] == [Status.VERWACHT, Status.VERWACHT]


def test_a_refused_row_does_not_close_the_work_that_it_was(app: Flask, session: Session) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))

    bron = take(app, session, next_here(app, session, bron, geojson(feature(startdatum="gauw"))))

    assert [w.status for w in came_of(session, bron)] == [Status.VERWACHT]
    assert bron.verslag is not None
    assert bron.verslag["weg"] == 0
    assert "'gauw'" in bron.verslag["redenen"][0]["reden"]


def test_taking_over_twice_does_the_same_as_once(app: Flask, session: Session) -> None:
    bron = take(app, session, add_here(app, session, geojson(feature())))
    bron = next_here(app, session, bron, geojson(feature(titel="Anders"), feature(id="W2")))
    bron = take(app, session, bron)
    session.execute(WerkbronRij.__table__.update().values(oordeel=Oordeel.NIEUW))

    bron.stand = Stand.OVERNEMEN

    defer(session, "werkbronnen.neem_over", bron_id=bron.id)
    from tests.werkbronnen.bronnen import settle

    settle(app, session, bron)

    assert len(came_of(session, bron)) == 2


def test_contact_and_mark_up_never_come_in(app: Flask, session: Session) -> None:
    tekst = (
        "<p>We vervangen het <b>riool</b>.</p><p>Contactpersoon: Jan Jansen.</p>"
        "<p>Bel 06-12345678 of mail jan@aannemer.example.</p>"
    )
    bron = add_here(
        app, session,
        geojson(feature(omschrijving=tekst, contactpersoon="Jan Jansen", internalNote="geheim")),
    )  # fmt: skip
    rij = session.scalars(select(WerkbronRij)).one()
    assert not any(w in str(rij.velden) for w in ("Jansen", "0612", "12345678", "@", "geheim", "<"))

    [werk] = came_of(session, take(app, session, bron))

    assert werk.omschrijving == "We vervangen het riool."


def test_a_broken_shape_is_repaired_and_said(app: Flask, session: Session) -> None:
    strik = Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    bron = take(app, session, add_here(app, session, geojson(feature(strik))))

    [werk] = came_of(session, bron)
    assert werk.geom.is_valid
    assert werk.geom.geom_type == "MultiPolygon"
    assert bron.verslag is not None
    assert ["een vorm die niet klopte is hersteld", 1] in bron.verslag["hersteld"]


def test_what_lies_outside_or_is_there_twice_is_refused(app: Flask, session: Session) -> None:
    ver = box(X + 40_000, Y, X + 40_100, Y + 100)
    bron = add_here(
        app, session, geojson(feature(), feature(titel="Dubbel"), feature(ver, id="W2"))
    )

    rijen = {r.nummer: r for r in session.scalars(select(WerkbronRij))}

    assert rijen[2].reden == "Dit kenmerk staat ook op een eerdere regel."
    assert rijen[3].reden == "Dit ligt te ver buiten de gemeente."
    assert count_oordelen(session, bron.id)["geweigerd"] == 2


def test_a_corrected_mapping_is_kept_and_weighs_again(app: Flask, session: Session) -> None:
    bron = add_here(app, session, geojson(feature(klus="Gasleiding leggen", titel="x")))
    assert bron.koppeling is not None
    koppeling = Koppeling.from_json(bron.koppeling | {
        "kolommen": bron.koppeling["kolommen"] | {"titel": "klus"}, "raad_soort": True,
    })  # fmt: skip

    services.set_koppeling(session, planner(bron.organisatie), bron.id, koppeling)

    bron = take(app, session, settle(app, session, bron))

    assert [w.titel for w in came_of(session, bron)] == ["Gasleiding leggen"]


def test_no_source_works_for_another_organisation(app: Flask, session: Session) -> None:
    bron = add_here(app, session, geojson(feature(organisatie="Zij")))
    ander = make_organisatie(session)
    assert bron.koppeling is not None
    koppeling = Koppeling.from_json(
        bron.koppeling | {"vertaling": {"organisatie": {"zij": ander.id}}}
    )

    with pytest.raises(NotAllowed):
        services.set_koppeling(session, planner(bron.organisatie), bron.id, koppeling)
    with pytest.raises(NotAllowed):
        services.begin_take_over(session, planner(ander), bron.id)


def test_a_source_that_runs_by_itself_never_closes_half_of_all(
    app: Flask, session: Session
) -> None:
    veel = [feature(Point(X + 10 * n, Y + 10), id=f"W{n}") for n in range(12)]
    bron = take(app, session, add_here(app, session, geojson(*veel)))
    bron = next_here(app, session, bron, geojson(*veel[:3]))
    bron.stand, bron.bijwerken = Stand.WEGEN, True

    services.finish_weighing(session, bron)

    assert bron.stand is Stand.BEKIJKEN
    assert bron.melding == services.INEENS_WEG
    assert session.scalars(select(Werkbronitem).where(Werkbronitem.weg_op.is_not(None))).all() == []
