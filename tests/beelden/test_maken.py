import io
import time

import pytest
from PIL import Image

from kernenkaart.beelden import kind
from kernenkaart.beelden.services import GEWEIGERD, KOP_BYTES, MODULE, read_foto
from kernenkaart.errors import Invalid
from tests.beelden.fotos import bomb, foto, foto_met_gps


def opened(inhoud: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(inhoud))
    image.load()
    return image


def test_both_processes_speak_the_same_language() -> None:
    assert (kind.MODULE, kind.GEWEIGERD, kind.KOP.size) == (MODULE, GEWEIGERD, KOP_BYTES)


@pytest.mark.parametrize("soort", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_webp_and_keeps_what_is_to_be_seen(soort: str) -> None:
    made = read_foto(foto(soort), upload_max_mb=20)

    image = opened(made.inhoud)
    assert (image.format, image.size) == ("WEBP", (320, 200))
    assert (made.breedte_px, made.hoogte_px) == (320, 200)
    rood, _groen, _blauw = image.convert("RGB").getpixel((40, 100))
    _rood, _groen, blauw = image.convert("RGB").getpixel((280, 100))
    assert min(rood, blauw) > 200


def test_nothing_of_where_and_with_what_a_photo_was_taken_is_left() -> None:
    bron = foto_met_gps()
    assert b"Merkcamera" in bron

    made = read_foto(bron, upload_max_mb=20)

    image = opened(made.inhoud)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
    for rest in (b"Exif", b"EXIF", b"Merkcamera", b"XMP", b"xmpmeta", b"ICCP", b"geheime"):
        assert rest not in made.inhoud


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    made = read_foto(foto_met_gps(), upload_max_mb=20)

    assert (made.breedte_px, made.hoogte_px) == (200, 320)


def test_a_large_photo_is_made_smaller() -> None:
    made = read_foto(foto(size=(4_000, 3_000)), upload_max_mb=20)

    assert (made.breedte_px, made.hoogte_px) == (1_600, 1_200)


def test_what_is_transparent_becomes_white() -> None:
    uit = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(uit, "PNG")

    made = read_foto(uit.getvalue(), upload_max_mb=20)

    assert min(opened(made.inhoud).convert("RGB").getpixel((5, 5))) > 250


def test_a_file_over_the_limit_is_not_opened() -> None:
    with pytest.raises(Invalid, match="groter dan 1 MB"):
        read_foto(foto() + bytes(1_000_000), upload_max_mb=1)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_at_once() -> None:
    begin = time.monotonic()

    with pytest.raises(Invalid, match="te groot"):
        read_foto(bomb(), upload_max_mb=20)

    assert time.monotonic() - begin < 5


def test_what_is_wrong_is_said_beside_the_photo() -> None:
    with pytest.raises(Invalid, match="JPEG, PNG of WebP") as caught:
        read_foto(b"%PDF-1.7", upload_max_mb=20)

    assert caught.value.veld == "foto"
