"""A resident looks at it before sending, says for whom it is, and chooses a hall."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Doelgroep
from kernenkaart.inzendingen.links import make_token
from kernenkaart.inzendingen.models import Inzending
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform
from tests.beelden.fotos import foto_met_gps
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_platform, make_zaal
from tests.formulieren import hidden
from tests.inzendingen.insturen import GEHEIM, PAD, filled, make_inzending, moderate, seen


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def kern(platform: Platform) -> Kern:
    return platform.kernen[0]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Inzending)) or 0


def carried(page: str, velden: dict[str, Any]) -> dict[str, str]:
    """What the preview carries along of what was filled in."""
    return {naam: hidden(page, naam) for naam in velden if naam != "website"}


def test_it_is_looked_at_first_and_then_sent(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    velden = filled(session, kern)

    page = client().post(PAD, data=velden | {"actie": "bekijk"})
    kept = count(session)
    answer = client().post(PAD, data=carried(page.text, velden) | {"actie": "stuur"})

    assert page.status_code == 200
    assert "Zo komt het erin" in page.text
    assert "Buurt Nieuwstraat" in page.text
    assert kept == 0
    assert answer.location.endswith("/activiteiten/insturen/mail")
    assert session.scalars(select(Inzending)).one().titel == "Straatfeest"


def test_who_changes_something_after_all_finds_what_was_typed(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    velden = filled(session, kern)
    page = client().post(PAD, data=velden | {"actie": "bekijk"}).text

    form = client().post(PAD, data=carried(page, velden) | {"alt": "Vlaggen", "actie": "terug"})

    assert form.status_code == 200
    assert hidden(form.text, "titel") == "Straatfeest"
    assert hidden(form.text, "email") == velden["email"]
    assert hidden(form.text, "geopend") == velden["geopend"]
    assert hidden(form.text, "alt") == "Vlaggen"
    assert count(session) == 0


@pytest.mark.parametrize(
    ("velden", "fout"),
    [
        ({"datum": "01-01-2020"}, "datum"),
        ({"titel": "www.kijk.nl"}, "titel"),
        ({"email": "x"}, "email"),
    ],
)
def test_what_would_be_refused_is_refused_before_it_is_looked_at(
    client: ClientFactory, session: Session, kern: Kern, velden: dict[str, str], fout: str
) -> None:
    answer = client().post(PAD, data=filled(session, kern, actie="bekijk", **velden))

    assert answer.status_code == 422
    assert f'id="{fout}-fout"' in answer.text


def test_a_photo_is_chosen_beside_the_preview_and_asked_again_when_it_is_wrong(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    velden = filled(session, kern, actie="stuur")

    wrong = client().post(
        PAD, data=velden | {"alt": "Vlaggen", "foto": (io.BytesIO(b"geen foto"), "f.jpg")}
    )
    right = client().post(
        PAD, data=velden | {"alt": "Vlaggen", "foto": (io.BytesIO(foto_met_gps()), "f.jpg")}
    )

    assert wrong.status_code == 422
    assert "Zo komt het erin" in wrong.text
    assert 'id="foto-fout"' in wrong.text
    assert hidden(wrong.text, "titel") == "Straatfeest"
    assert right.status_code == 302
    assert session.scalars(select(Inzending)).one().beeld_id is not None


def test_the_public_and_the_hall_go_along_into_the_calendar(
    client: ClientFactory, session: Session, platform: Platform, kern: Kern
) -> None:
    zaal = make_zaal(session, kern=kern, naam="Dorpshuis De Kern")
    doelgroep = session.scalars(select(Doelgroep).order_by(Doelgroep.volgorde)).first()
    assert doelgroep is not None
    velden = filled(session, kern, doelgroep=doelgroep.id, zaal=zaal.id, plek="") | {"kern": ""}

    page = client().post(PAD, data=velden | {"actie": "bekijk"}).text
    client().post(PAD, data=velden)
    inzending = session.scalars(select(Inzending)).one()
    inzending.status, inzending.bevestigd_op = "wacht", inzending.created_at
    session.flush()
    lid = client(make_gebruiker(session, platform))
    seen_by_moderator = lid.get(f"/moderatie/{inzending.id}").text
    moderate(lid, seen(session, inzending), "plaats")

    for text in (page, seen_by_moderator):
        assert "Dorpshuis De Kern" in text
        assert doelgroep.naam in text
    activiteit = session.scalars(select(Activiteit)).one()
    assert (activiteit.zaal_id, activiteit.doelgroep_id) == (zaal.id, doelgroep.id)
    assert activiteit.plek_naam == "Dorpshuis De Kern"
    assert activiteit.geom.distance(zaal.geom) < 1


def test_a_change_is_looked_at_too_and_keeps_a_hall_that_is_out_of_use(
    client: ClientFactory, session: Session, kern: Kern
) -> None:
    zaal = make_zaal(session, kern=kern)
    inzending = make_inzending(session, kern, zaal_id=zaal.id)
    zaal.actief = False
    session.flush()
    adres = f"/ingestuurd/{make_token(inzending.publiek_id, GEHEIM)}/wijzig"
    form = client().get(adres).text
    velden = filled(
        session, kern, titel="Later feest", zaal=zaal.id, plek="",
        versie=hidden(form, "versie"), was=hidden(form, "was"),
    )  # fmt: skip

    page = client().post(adres, data=velden | {"actie": "bekijk"})
    kept = seen(session, inzending).titel
    answer = client().post(adres, data=velden | {"actie": "stuur"})

    assert "Later feest" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert kept != "Later feest"
    assert answer.status_code == 302
    assert (seen(session, inzending).titel, inzending.zaal_id) == ("Later feest", zaal.id)
