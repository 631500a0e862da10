import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.beelden.models import Beeld
from tests.beelden.fotos import foto, foto_met_gps
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform


def photo(inhoud: bytes, **velden: str) -> dict[str, object]:
    return {"foto": (io.BytesIO(inhoud), "foto.jpg"), "alt": "Kramen op het plein"} | velden


def test_a_group_shows_a_photo_with_its_activity_and_another_takes_its_place(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    lid = client(make_gebruiker(session, platform))
    pad = f"/activiteiten/{activiteit.id}/foto"

    assert lid.get(pad).status_code == 200
    assert lid.post(pad, data=photo(foto(), bron="De buurvrouw")).status_code == 302
    eerste = session.scalars(select(Beeld)).one().publiek_id
    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert f"/beelden/{eerste}.webp" in page
    assert "Foto: De buurvrouw" in page
    lid.post(pad, data=photo(foto_met_gps()))

    session.expire_all()
    [beeld] = session.scalars(select(Beeld)).all()
    assert beeld.publiek_id != eerste
    assert client().get(f"/beelden/{eerste}.webp").status_code == 404


def test_a_photo_is_taken_away(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    lid = client(make_gebruiker(session, platform))
    pad = f"/activiteiten/{activiteit.id}/foto"
    lid.post(pad, data=photo(foto()))

    assert lid.post(pad, data={"actie": "weg"}).status_code == 302

    session.expire_all()
    assert session.scalars(select(Beeld)).all() == []
    assert "/beelden/" not in client().get(f"/activiteiten/{activiteit.id}").text


def test_what_is_missing_stands_beside_its_field(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    lid = client(make_gebruiker(session, platform))
    pad = f"/activiteiten/{activiteit.id}/foto"

    for data, melding in (
        ({}, "Kies een foto."),
        (photo(foto(), alt=""), "Schrijf op wat er op de foto te zien is."),
        (photo(b"<svg/>"), "JPEG, PNG of WebP"),
    ):
        answer = lid.post(pad, data=data)
        assert answer.status_code == 422
        assert melding in answer.text

    assert session.scalars(select(Beeld)).all() == []


def test_nobody_puts_a_photo_with_the_activity_of_another_group(
    client: ClientFactory, session: Session
) -> None:
    activiteit = make_activiteit(session)
    ander = client(make_gebruiker(session, make_platform(session)))

    answer = ander.post(f"/activiteiten/{activiteit.id}/foto", data=photo(foto()))

    assert answer.status_code == 403
    assert session.scalars(select(Beeld)).all() == []
