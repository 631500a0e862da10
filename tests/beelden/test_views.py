import uuid
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from kernenkaart.beelden.services import put_beeld, read_foto
from kernenkaart.errors import Invalid
from tests.beelden.fotos import foto, polyglots
from tests.conftest import ClientFactory


def test_a_public_picture_may_be_kept_for_ever_and_can_do_nothing(
    client: ClientFactory, session: Session
) -> None:
    made = read_foto(foto(), upload_max_mb=20)
    beeld = put_beeld(session, made, alt="Kramen", bron="", openbaar=True)

    answer = client().get(f"/beelden/{beeld.publiek_id}.webp")

    assert (answer.status_code, answer.data) == (200, made.inhoud)
    assert answer.content_type == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in answer.headers


def test_a_picture_that_nobody_has_looked_at_is_not_shown(
    client: ClientFactory, session: Session
) -> None:
    beeld = put_beeld(session, read_foto(foto(), upload_max_mb=20), alt="Kramen", bron="")

    assert client().get(f"/beelden/{beeld.publiek_id}.webp").status_code == 404
    assert client().get(f"/beelden/{uuid.uuid4()}.webp").status_code == 404
    assert client().get("/beelden/onzin.webp").status_code == 404


def test_no_file_of_forty_that_are_something_else_is_served_as_what_it_is(
    client: ClientFactory, session: Session
) -> None:
    files = list(polyglots())
    assert len(files) >= 40

    def remake(inhoud: bytes) -> bytes | None:
        try:
            return read_foto(inhoud, upload_max_mb=20).inhoud
        except Invalid:
            return None

    with ThreadPoolExecutor(2) as pool:
        made = dict(
            zip((naam for naam, _ in files), pool.map(remake, (f for _, f in files)), strict=True)
        )

    taken = {naam: inhoud for naam, inhoud in made.items() if inhoud}
    assert {naam.split("-")[0] for naam in taken} <= {"JPEG", "PNG", "WEBP"}
    for inhoud in taken.values():
        assert inhoud.startswith(b"RIFF")
        assert inhoud[8:12] == b"WEBP"
        assert b"script" not in inhoud
        assert b"alert" not in inhoud
        assert b"PK\x03\x04" not in inhoud
    assert len(taken) >= 9
