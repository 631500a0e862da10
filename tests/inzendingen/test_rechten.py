"""Who sees and does what; hostile texts; photos."""

import io
import uuid
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.actor import Rol
from kernenkaart.beelden.models import Beeld
from kernenkaart.inzendingen.links import make_token
from kernenkaart.inzendingen.models import Inzending, Status
from kernenkaart.platforms.models import Platform, Zichtbaarheid
from kernenkaart.tijd import now
from tests.beelden.fotos import foto_met_gps
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_organisatie, make_platform
from tests.formulieren import SCHERP, counted
from tests.inzendingen.insturen import (
    AFZENDER,
    GEHEIM,
    PAD,
    filled,
    make_inzending,
    moderate,
    seen,
)
from tests.wachtrij import waiting


def link_of(inzending: Inzending) -> str:
    return f"/ingestuurd/{make_token(inzending.publiek_id, GEHEIM)}"


@pytest.mark.parametrize(
    ("wie", "mag"),
    [
        ("lid", True),
        ("lid van een ander dorp", False),
        ("lid van een verborgen groep", False),
        ("lid van een gestopte groep", False),
        ("makelaar", True),
        ("makelaar van een ander dorp", False),
        ("medewerker", False),
        ("ketenpartner", False),
        ("beheerder", True),
    ],
)
def test_only_who_speaks_for_the_kern_moderates(
    client: ClientFactory, session: Session, wie: str, mag: bool
) -> None:
    kern, ander = make_kern(session), make_kern(session)
    inzending = make_inzending(session, kern)
    anders: dict[str, Any] = {
        "lid van een verborgen groep": {"zichtbaarheid": Zichtbaarheid.VERBORGEN},
        "lid van een gestopte groep": {"actief": False},
    }.get(wie, {})
    hier = ander if "ander dorp" in wie else kern
    if wie.startswith("lid"):
        groep = make_platform(session, kernen=[hier], **anders)
        gebruiker = make_gebruiker(session, groep)
    elif wie.startswith("makelaar"):
        gebruiker = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[hier])
    else:
        werk = make_organisatie(session).id if wie == "ketenpartner" else None
        gebruiker = make_gebruiker(session, rol=Rol(wie), organisatie_id=werk)
    browser = client(gebruiker)

    assert browser.get(f"/moderatie/{inzending.id}").status_code == (200 if mag else 404)
    lijst = browser.get("/moderatie")
    assert lijst.status_code == (403 if wie in {"medewerker", "ketenpartner"} else 200)
    assert (inzending.titel in lijst.text) is mag
    assert (inzending.titel in browser.get("/mijn").text) is mag
    assert moderate(browser, inzending, "plaats").status_code == (302 if mag else 404)
    assert len(session.scalars(select(Activiteit)).all()) == int(mag)


def test_a_visitor_moderates_nothing(client: ClientFactory, session: Session) -> None:
    inzending = make_inzending(session, make_kern(session))

    assert client().get(f"/moderatie/{inzending.id}").status_code == 302
    assert moderate(client(), inzending, "plaats").status_code == 401


def test_nobody_sees_what_is_not_confirmed(client: ClientFactory, session: Session) -> None:
    inzending = make_inzending(session, make_kern(session), status=Status.ONBEVESTIGD)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    assert browser.get(f"/moderatie/{inzending.id}").status_code == 404
    assert moderate(browser, inzending, "plaats").status_code == 404


def test_a_makelaar_publishes_under_the_residents_and_that_group_is_made_once(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, naam="Heesselt")
    browser = client(make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=[kern]))

    for _ in range(2):
        moderate(browser, make_inzending(session, kern), "plaats")

    een, twee = session.scalars(select(Activiteit)).all()
    assert een.platform_id == twee.platform_id
    groep = session.get_one(Platform, een.platform_id)
    assert (groep.naam, groep.zichtbaarheid) == ("Inwoners van Heesselt", Zichtbaarheid.VERBORGEN)
    assert "Inwoners van Heesselt" not in client().get(f"/kernen/{kern.slug}").text
    assert "Buurt Nieuwstraat" in client().get(f"/activiteiten/{een.id}").text


def test_nobody_publishes_in_the_name_of_another_group(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    ander = make_platform(session, kernen=platform.kernen)
    inzending = make_inzending(session, platform.kernen[0])

    answer = moderate(
        client(make_gebruiker(session, platform)), inzending, "plaats", platform=ander.id
    )

    assert answer.status_code == 422
    assert session.scalars(select(Activiteit)).all() == []


@pytest.mark.parametrize("token", ["x", "a.b", make_token(uuid.UUID(int=7), GEHEIM)])
def test_a_made_up_link_leads_nowhere(client: ClientFactory, token: str) -> None:
    for pad in ("", "/wijzig", "/intrekken", "/foto.webp"):
        assert client().get(f"/ingestuurd/{token}{pad}").status_code == 404
    assert client().post(f"/ingestuurd/{token}/bevestig").status_code == 404


def test_after_the_address_is_erased_the_link_leads_nowhere(
    client: ClientFactory, session: Session
) -> None:
    inzending = make_inzending(session, make_kern(session), email=None)

    assert client().get(link_of(inzending)).status_code == 404


def test_the_address_of_the_sender_is_shown_to_nobody(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0])
    lid = client(make_gebruiker(session, platform))
    pages = [lid.get("/moderatie").text, lid.get(f"/moderatie/{inzending.id}").text]
    moderate(lid, inzending, "plaats")
    activiteit = session.scalars(select(Activiteit)).one()
    pages += [
        client().get(f"/activiteiten/{activiteit.id}").text,
        client().get(f"/api/v1/collections/activiteiten/items/{activiteit.id}").text,
        client().get(link_of(inzending)).text,
    ]

    assert [AFZENDER in page for page in pages] == [False] * 5
    journaal = session.connection().exec_driver_sql("SELECT oud::text || nieuw::text FROM journaal")
    assert not any(AFZENDER in (row[0] or "") for row in journaal)


def test_a_private_page_is_kept_by_no_cache(client: ClientFactory, session: Session) -> None:
    inzending = make_inzending(session, make_kern(session))

    answer = client().get(link_of(inzending))

    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in answer.text


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"titel": ""}, "Vul een naam in."),
        ({"titel": "Kijk op www.spam.example"}, "Zet hier geen webadres."),
        ({"organisator": "https://spam.example"}, "Zet hier geen webadres."),
        ({"organisator": ""}, "Vul in wie het organiseert."),
        ({"datum": "12-06-2020"}, "Deze dag is al voorbij."),
        ({"kern": "", "plek": ""}, "kies een kern"),
        ({"alt": "De straat"}, "Kies de foto"),
        ({"email": ""}, "Vul je e-mailadres in."),
        ({"email": "geen adres"}, "Dit is geen e-mailadres."),
        ({"email": "a@b.nl\r\nBcc: c@d.nl"}, "Dit is geen e-mailadres."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: ClientFactory, session: Session, velden: dict[str, str], melding: str
) -> None:
    data = filled(session, make_kern(session)) | velden

    answer = client().post(PAD, data=data)

    assert answer.status_code == 422
    assert melding in answer.text
    assert session.scalars(select(Inzending)).all() == []
    assert waiting(session, "inzendingen.mail") == []


@pytest.mark.parametrize("tekst", SCHERP)
def test_what_a_resident_writes_comes_out_literally(
    client: ClientFactory, session: Session, tekst: str
) -> None:
    platform = make_platform(session)
    velden = dict.fromkeys(("titel", "organisator", "omschrijving", "plek_naam"), tekst)
    inzending = make_inzending(
        session, platform.kernen[0], vraag=tekst, antwoord=tekst, reden=tekst, **velden
    )
    lid = client(make_gebruiker(session, platform))

    for page in (
        lid.get("/moderatie").text,
        lid.get(f"/moderatie/{inzending.id}").text,
        client().get(link_of(inzending)).text,
        client().get(f"{link_of(inzending)}/intrekken").text,
    ):
        assert str(escape(tekst)) in page
        assert "<script>alert" not in page


def test_a_photo_is_shown_to_everyone_only_after_it_was_published(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    lid = client(make_gebruiker(session, platform))
    bestand = {"foto": (io.BytesIO(foto_met_gps()), "feest.jpg"), "alt": "De straat vol stoelen"}
    client().post(PAD, data=filled(session, platform.kernen[0], bron="Buurvrouw", **bestand))
    inzending = session.scalars(select(Inzending)).one()
    client().post(f"{link_of(inzending)}/bevestig")
    beeld = session.scalars(select(Beeld)).one()
    pad = f"/beelden/{beeld.publiek_id}.webp"

    assert client().get(pad).status_code == 404
    assert client().get(f"{link_of(inzending)}/foto.webp").data[8:12] == b"WEBP"
    assert lid.get(f"/moderatie/{inzending.id}/foto.webp").headers["Cache-Control"] == "no-store"
    moderate(lid, seen(session, inzending), "plaats")

    activiteit = session.scalars(select(Activiteit)).one()
    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert pad in page
    assert 'alt="De straat vol stoelen"' in page
    assert "Foto: Buurvrouw" in page
    shown = client().get(pad)
    assert shown.status_code == 200
    assert b"Exif" not in shown.data


def test_a_photo_needs_words_for_who_does_not_see_it(
    client: ClientFactory, session: Session
) -> None:
    bestand = {"foto": (io.BytesIO(foto_met_gps()), "feest.jpg")}

    answer = client().post(PAD, data=filled(session, make_kern(session), **bestand))

    assert answer.status_code == 422
    assert "Schrijf op wat er op de foto te zien is." in answer.text
    assert "Kies je foto opnieuw." in answer.text
    assert session.scalars(select(Beeld)).all() == []


def test_a_page_asks_the_database_no_more_than_eight_times(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    inzending = make_inzending(session, platform.kernen[0])
    lid, bezoeker = client(make_gebruiker(session, platform)), client()

    for browser, pad in (
        (bezoeker, PAD),
        (bezoeker, link_of(inzending)),
        (bezoeker, f"{link_of(inzending)}/wijzig"),
        (lid, "/moderatie"),
        (lid, f"/moderatie/{inzending.id}"),
        (lid, "/mijn"),
    ):
        with counted(session) as statements:
            assert browser.get(pad).status_code == 200
        assert len(statements) <= 8, (pad, statements)


def test_old_versions_change_nothing(client: ClientFactory, session: Session) -> None:
    inzending = make_inzending(session, make_kern(session), gemeld_op=now())

    answer = client().post(
        f"{link_of(inzending)}/intrekken", data={"versie": 99}, follow_redirects=True
    )

    assert "Er is intussen iets veranderd" in answer.text
    assert seen(session, inzending).status is Status.WACHT
