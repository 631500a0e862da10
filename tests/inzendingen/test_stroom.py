"""From a resident's form to the calendar, with real mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.inzendingen.jobs import ONDERWERP, meld, opruimen
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.inzendingen.services import tell
from kernenkaart.tijd import now
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_platform, moment
from tests.formulieren import SCHERP
from tests.inzendingen.insturen import (
    AFZENDER,
    PAD,
    filled,
    link_in,
    make_inzending,
    moderate,
    seen,
)
from tests.postbus import Postbus
from tests.wachtrij import waiting, work


def the_one(session: Session) -> Inzending:
    session.expire_all()
    return session.scalars(select(Inzending)).one()


def run(app: Flask, session: Session, functie: object) -> None:
    with app.app_context():
        functie()  # type: ignore[operator]
    session.expire_all()


def test_from_form_to_calendar(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    lid = make_gebruiker(session, platform)
    bezoeker = client()

    answer = bezoeker.post(PAD, data=filled(session, kern))
    assert answer.headers["Location"].endswith("/activiteiten/insturen/mail")
    assert "Set-Cookie" not in answer.headers
    work(mailing, session)
    assert postbus.rcpt == [AFZENDER]
    link = link_in(postbus)

    assert "Nog één stap" in bezoeker.get(link).text
    assert client(lid).get("/moderatie").text.count("Straatfeest") == 0
    assert bezoeker.post(f"{link}/bevestig").status_code == 302
    assert the_one(session).status is Status.WACHT

    run(mailing, session, meld)
    work(mailing, session)
    assert postbus.rcpt[1:] == [lid.email]
    assert "Straatfeest" in postbus.mails[-1].get_content()
    assert moderate(client(lid), the_one(session), "plaats").status_code == 302
    work(mailing, session)

    activiteit = session.scalars(select(Activiteit)).one()
    assert activiteit.status is ActiviteitStatus.GEPUBLICEERD
    assert (activiteit.platform_id, activiteit.organisator) == (platform.id, "Buurt Nieuwstraat")
    assert f"/activiteiten/{activiteit.id}" in postbus.mails[-1].get_content()
    assert "Straatfeest" in bezoeker.get(f"/activiteiten/{activiteit.id}").text
    assert f"/activiteiten/{activiteit.id}" in bezoeker.get(link).text


def test_a_mail_scanner_that_opens_every_link_uses_nothing_up(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    kern = make_kern(session)
    client().post(PAD, data=filled(session, kern))
    work(mailing, session)
    link = link_in(postbus)

    for _ in range(2):
        client().get(link)
        client().head(link)
        client().get(f"{link}/bevestig")
    assert the_one(session).status is Status.ONBEVESTIGD

    client().post(f"{link}/bevestig")
    assert the_one(session).status is Status.WACHT


def test_confirming_again_says_so_and_changes_nothing(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    kern = make_kern(session)
    client().post(PAD, data=filled(session, kern))
    work(mailing, session)
    link = link_in(postbus)
    browser = client()
    browser.post(f"{link}/bevestig")
    eerst = the_one(session).bevestigd_op

    at_once = browser.post(f"{link}/bevestig", follow_redirects=True)
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        later = browser.post(f"{link}/bevestig", follow_redirects=True)

    assert "Je had dit al bevestigd" not in at_once.text
    assert "Je had dit al bevestigd" in later.text
    assert the_one(session).bevestigd_op == eerst


def test_a_question_is_answered_and_waits_again(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0], gemeld_op=now())
    lid = make_gebruiker(session, platform)

    moderate(client(lid), inzending, "vraag", vraag="Tot hoe laat is er muziek?")
    work(mailing, session)
    assert "Tot hoe laat is er muziek?" in postbus.mails[-1].get_content()
    link = link_in(postbus)
    assert "Tot hoe laat is er muziek?" in client().get(link).text
    versie = seen(session, inzending).versie
    client().post(f"{link}/antwoord", data={"antwoord": "Tot tien uur.", "versie": versie})

    assert seen(session, inzending).status is Status.WACHT
    assert inzending.gemeld_op is None
    assert "Tot tien uur." in client(lid).get(f"/moderatie/{inzending.id}").text


def test_a_refusal_tells_why(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0])
    browser = client(make_gebruiker(session, platform))

    assert moderate(browser, inzending, "weiger").status_code == 422
    moderate(browser, inzending, "weiger", reden="Dit is reclame.")
    work(mailing, session)

    assert seen(session, inzending).status is Status.GEWEIGERD
    assert "Dit is reclame." in postbus.mails[-1].get_content()
    assert "Dit is reclame." in client().get(link_in(postbus)).text
    assert session.scalars(select(Activiteit)).all() == []


def test_what_is_there_already_is_suggested_and_joined(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    platform = make_platform(session)
    dag = {"begint_op": moment(20, 10), "eindigt_op": moment(20, 16)}
    zelfde = make_activiteit(session, platform=platform, titel="Straatfeest Nieuwstraat", **dag)
    make_activiteit(session, platform=platform, titel="Kaarten voor ouderen", **dag)
    make_activiteit(session, platform=platform, titel="Straatfeest een week eerder")
    make_activiteit(session, titel="Straatfeest ver weg", **dag)
    inzending = make_inzending(session, platform.kernen[0], titel="straatfeest in de nieuwstraat")
    browser = client(make_gebruiker(session, platform))

    page = browser.get(f"/moderatie/{inzending.id}").text
    assert page.count("Ja, dit is hetzelfde") == 1
    assert f'value="{zelfde.id}"' in page
    moderate(browser, inzending, "samen", activiteit=zelfde.id)
    work(mailing, session)

    assert seen(session, inzending).status is Status.SAMENGEVOEGD
    assert inzending.activiteit_id == zelfde.id
    assert f"/activiteiten/{zelfde.id}" in postbus.mails[-1].get_content()


def test_only_what_was_suggested_can_be_joined(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    ander = make_activiteit(session, platform=platform, titel="Iets heel anders")
    inzending = make_inzending(session, platform.kernen[0])
    browser = client(make_gebruiker(session, platform))

    answer = moderate(browser, inzending, "samen", activiteit=ander.id)

    assert answer.status_code == 422
    assert seen(session, inzending).status is Status.WACHT


def test_of_two_moderators_the_second_is_told_and_nothing_is_published_twice(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0])
    versie = inzending.versie
    een, twee = (client(make_gebruiker(session, platform)) for _ in range(2))

    een.post(f"/moderatie/{inzending.id}", data={"actie": "plaats", "versie": versie})
    second = twee.post(
        f"/moderatie/{inzending.id}",
        data={"actie": "plaats", "versie": versie},
        follow_redirects=True,
    )

    assert "Iemand anders heeft hier net iets mee gedaan" in second.text
    assert len(session.scalars(select(Activiteit)).all()) == 1
    assert len(waiting(session, "inzendingen.mail")) == 1


def test_a_change_of_what_is_published_waits_while_the_first_stays(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    platform = make_platform(session)
    [kern] = platform.kernen
    inzending = make_inzending(session, kern)
    lid = client(make_gebruiker(session, platform))
    moderate(lid, inzending, "plaats")
    work(mailing, session)
    link = link_in(postbus)
    activiteit = session.scalars(select(Activiteit)).one()
    versie = seen(session, inzending).versie
    anders = filled(session, kern, titel="Straatfeest met band", versie=versie)

    assert client().get(f"{link}/wijzig").status_code == 200
    assert client().post(f"{link}/wijzig", data=anders).status_code == 302
    session.refresh(activiteit)
    assert activiteit.titel != "Straatfeest met band"
    moderate(lid, seen(session, inzending), "plaats")

    session.refresh(activiteit)
    assert activiteit.titel == "Straatfeest met band"
    assert len(session.scalars(select(Activiteit)).all()) == 1


def test_a_refused_change_leaves_the_calendar_as_it_was(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, titel="Straatfeest")
    inzending = make_inzending(
        session, platform.kernen[0], titel="Feest van de eeuw", activiteit_id=activiteit.id
    )
    browser = client(make_gebruiker(session, platform))

    moderate(browser, inzending, "weiger", reden="Overdrijf niet.")

    assert seen(session, inzending).status is Status.GEPLAATST
    assert inzending.titel == "Straatfeest"


@pytest.mark.parametrize("geplaatst", [False, True])
def test_what_is_withdrawn_is_gone_or_called_off(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus, geplaatst: bool
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0])
    lid = client(make_gebruiker(session, platform))
    moderate(lid, inzending, "plaats" if geplaatst else "vraag", vraag="Waar?")
    work(mailing, session)
    link = link_in(postbus)

    assert client().get(f"{link}/intrekken").status_code == 200
    assert seen(session, inzending).status is not Status.INGETROKKEN
    client().post(f"{link}/intrekken", data={"versie": inzending.versie})

    assert seen(session, inzending).status is Status.INGETROKKEN
    statussen = session.scalars(select(Activiteit.status)).all()
    assert statussen == ([ActiviteitStatus.AFGELAST] if geplaatst else [])
    assert client().get(f"{link}/wijzig").status_code == 404


def test_moderators_get_one_mail_for_all_that_waits_and_never_again(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus
) -> None:
    een, twee = make_kern(session), make_kern(session)
    platform = make_platform(session, kernen=[een, twee])
    lid = make_gebruiker(session, platform)
    for kern in (een, twee, twee):
        make_inzending(session, kern)
    client()  # the app works in the transaction of the test

    run(mailing, session, meld)
    run(mailing, session, meld)
    work(mailing, session)

    assert postbus.rcpt == [lid.email]
    assert postbus.mails[0].get_content().count("Straatfeest") == 3


@pytest.mark.parametrize("wie", ["lid", "makelaar", "beheerder"])
def test_who_is_told_is_the_group_else_the_makelaar_else_the_beheerder(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus, wie: str
) -> None:
    kern = make_kern(session)
    make_gebruiker(session, rol=Rol.BEHEERDER, email="beheerder@voorbeeld.example")
    make_platform(session, kernen=[kern])  # nobody speaks for it
    if wie != "beheerder":
        make_gebruiker(
            session,
            rol=Rol.GEBIEDSMAKELAAR,
            kernen=[kern],
            email="makelaar@voorbeeld.example",
        )
    if wie == "lid":
        groep = make_platform(session, kernen=[kern])
        make_gebruiker(session, groep, email="lid@voorbeeld.example")
    make_inzending(session, kern)
    client()

    run(mailing, session, meld)
    work(mailing, session)

    assert postbus.rcpt == [f"{wie}@voorbeeld.example"]


def test_what_was_never_confirmed_is_forgotten_and_addresses_of_what_is_over_too(
    client: ClientFactory, session: Session, mailing: Flask
) -> None:
    kern = make_kern(session)
    lang = now() - timedelta(days=31)
    nooit = make_inzending(
        session, kern, status=Status.ONBEVESTIGD, created_at=now() - timedelta(days=8)
    )
    geweest = make_inzending(
        session, kern, begint_op=lang - timedelta(hours=2), eindigt_op=lang, titel="Geweest"
    )
    geweigerd = make_inzending(session, kern, status=Status.GEWEIGERD, updated_at=lang)
    net = make_inzending(session, kern, status=Status.GEWEIGERD)
    wacht = make_inzending(session, kern)
    nooit_id = nooit.id
    client()

    run(mailing, session, opruimen)

    assert session.scalars(select(Inzending.id).where(Inzending.id == nooit_id)).all() == []
    assert [seen(session, row).email for row in (geweest, geweigerd)] == [None, None]
    assert [seen(session, row).email for row in (net, wacht)] == [AFZENDER, AFZENDER]


@pytest.mark.parametrize("tekst", [*SCHERP, "Feest\r\nBcc: x@spam.example", "=?utf-8?q?Feest?="])
def test_what_a_resident_writes_changes_no_header_of_a_mail_and_adds_no_link(
    client: ClientFactory, session: Session, mailing: Flask, postbus: Postbus, tekst: str
) -> None:
    platform = make_platform(session)
    lid = make_gebruiker(session, platform)
    make_inzending(session, platform.kernen[0], titel=tekst)
    gevraagd = make_inzending(session, platform.kernen[0], titel=tekst, vraag=tekst)
    client()
    tell(session, gevraagd, "bevestig")
    tell(session, gevraagd, "vraag")

    run(mailing, session, meld)
    work(mailing, session)

    assert sorted(postbus.rcpt) == sorted([AFZENDER, AFZENDER, lid.email])
    eigen = mailing.extensions["kernenkaart.settings"].basis_url
    for mail in postbus.mails:
        assert mail["Bcc"] is None
        assert mail["Subject"] in {*ONDERWERP.values(), "2 inzendingen op je"}
        links = re.findall(r"https?://\S+", mail.get_content())
        assert links
        assert all(link.startswith(eigen) for link in links)
    bevestig = next(m for m in postbus.mails if m["Subject"] == ONDERWERP["bevestig"])
    assert tekst.splitlines()[0] not in bevestig.get_content()
