"""What was still open at a startcheck, on its page and in its record."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Rol
from kernenkaart.afstemming.botsing_models import Botsing
from kernenkaart.afstemming.koppel_models import Koppelkans
from kernenkaart.afstemming.vuil import look_now
from kernenkaart.tijd import format_dag, today
from kernenkaart.werkzaamheden.models import Hinder
from tests.afstemming.startchecks import PAD, check_of, dorp, medewerker
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_organisatie,
    make_werkzaamheid,
    moment,
)


def test_what_was_open_stays_in_the_record_as_it_was_that_day(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    organisatie = make_organisatie(session)
    partner = make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id)
    riool = make_werkzaamheid(
        session, titel="Nieuw riool", geom=kern.hart, organisatie=organisatie,
        eerste_dag=today() + timedelta(weeks=10), laatste_dag=today() + timedelta(weeks=11),
        hinder=Hinder.AFGESLOTEN, hinder_kort="Dicht",
    )  # fmt: skip
    feest = make_activiteit(session, titel="Kermis", geom=kern.hart, begint_op=moment(70),
                            eindigt_op=moment(70, 16))  # fmt: skip
    look_now(session, [riool.id], [feest.id])
    check_id = check_of(session, medewerker(session), riool)
    staf, eigen = client(make_gebruiker(session, rol=Rol.MEDEWERKER)), client(partner)
    (botsing_id,) = session.scalars(select(Botsing.id))

    assert f'href="/afstemming/botsingen/{botsing_id}"' in eigen.get(f"{PAD}/{check_id}").text

    session.execute(update(Activiteit).values(titel="Markt"))
    session.execute(delete(Botsing))
    later = staf.get(f"{PAD}/{check_id}").text
    assert "Nieuw riool en Kermis: botsten met elkaar" in later
    assert f"Zo stond het op {format_dag(today())} {today().year}" in later
    assert "Kermis" not in eigen.get(f"{PAD}/{check_id}").text


def test_open_suggestions_and_clashes_stand_on_the_page_until_they_are_decided(
    client: ClientFactory, session: Session
) -> None:
    kern = dorp(session)
    dag = today() + timedelta(weeks=10)
    riool, asfalt = (
        make_werkzaamheid(session, titel=titel, geom=kern.hart, eerste_dag=dag,
                          laatste_dag=dag + timedelta(days=5), hinder=Hinder.AFGESLOTEN,
                          hinder_kort="Dicht")
        for titel in ("Nieuw riool", "Nieuw asfalt")
    )  # fmt: skip
    activiteit = make_activiteit(session, titel="Kermis", geom=kern.hart, begint_op=moment(70),
                                 eindigt_op=moment(70, 16))  # fmt: skip
    look_now(session, [riool.id, asfalt.id], [activiteit.id])
    browser = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    pad = f"{PAD}?werk={riool.id}"

    voor = browser.get(pad).text
    session.execute(update(Koppelkans).values(past=False))
    session.execute(update(Botsing).values(actueel=False))
    na = browser.get(pad).text

    assert "kunnen misschien samen" in voor
    assert "Nieuw riool en Kermis" in voor
    assert "moet nog iets over worden afgesproken" not in na
