"""The background through our own server: kept, checked, bounded, and quickly given up."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kernenkaart.kaart.achtergrond import OUD_S, Achtergrond, image_type, in_nederland
from kernenkaart.kaart.ophalen import FOUTEN_MAX
from tests.conftest import ClientFactory
from tests.kaart.stubs import Answer, Stub, cut_off, drip, hang, send, serve

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff" + b"\0" * 60 + b"\xff\xd9"
TEGEL = (12, 2107, 1353)  # in the Betuwe


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serve() as running:
        running.answer = send(PNG, kind="image/png")
        yield running


@pytest.fixture
def achtergrond(stub: Stub, tmp_path: Path) -> Achtergrond:
    return Achtergrond(stub.url + "/{z}/{x}/{y}.png", tmp_path, cache_mb=1)


def tiles(achtergrond: Achtergrond) -> list[Path]:
    return [path for path in achtergrond.folder.rglob("*") if path.is_file()]


def test_a_tile_is_fetched_once_and_kept(stub: Stub, achtergrond: Achtergrond) -> None:
    assert [achtergrond.tile(*TEGEL) for _ in range(3)] == [PNG] * 3
    assert stub.asked == ["/12/2107/1353.png"]
    assert len(tiles(achtergrond)) == 1


@pytest.mark.parametrize(
    ("tegel", "bestaat"),
    [
        ((12, 2107, 1353), True),
        ((6, 32, 21), True),
        ((5, 16, 10), False),
        ((20, 539_392, 346_368), False),
        ((12, 0, 0), False),
        ((12, 4095, 1353), False),
        ((19, 269_696, 173_184), True),
        ((12, 10**9, 1353), False),
    ],
)
def test_only_tiles_of_the_netherlands_are_asked(
    stub: Stub, achtergrond: Achtergrond, tegel: tuple[int, int, int], bestaat: bool
) -> None:
    assert in_nederland(*tegel) == bestaat
    assert (achtergrond.tile(*tegel) is not None) == bestaat
    assert len(stub.asked) == bestaat


@pytest.mark.parametrize(
    "answer",
    [
        send(b"<html>", kind="image/png"),
        send(PNG[:-20], kind="image/png"),
        send(b"", kind="image/png"),
        send(PNG, status=404),
        send(PNG[:40] + b"\0" * 1_100_000 + PNG[-8:]),
        cut_off,
        hang,
        drip,
    ],
)
def test_what_is_no_picture_is_neither_shown_nor_kept(
    stub: Stub, achtergrond: Achtergrond, answer: Answer
) -> None:
    stub.answer = answer
    begin = time.monotonic()

    assert achtergrond.tile(*TEGEL) is None
    assert time.monotonic() - begin < 3
    assert tiles(achtergrond) == []


def test_a_service_that_keeps_failing_is_left_alone(stub: Stub, achtergrond: Achtergrond) -> None:
    stub.answer = send(b"", status=500)

    for x in range(2100, 2120):
        assert achtergrond.tile(12, x, 1353) is None

    assert len(stub.asked) == FOUTEN_MAX


def test_an_old_tile_is_fetched_again_and_kept_while_that_fails(
    stub: Stub, achtergrond: Achtergrond
) -> None:
    achtergrond.tile(*TEGEL)
    (path,) = tiles(achtergrond)
    os.utime(path, (time.time() - OUD_S - 1,) * 2)

    stub.answer = send(b"", status=500)
    assert achtergrond.tile(*TEGEL) == PNG
    stub.answer = send(JPEG)
    assert achtergrond.tile(*TEGEL) == JPEG


def test_a_broken_file_in_the_cache_is_replaced(stub: Stub, achtergrond: Achtergrond) -> None:
    achtergrond.tile(*TEGEL)
    (path,) = tiles(achtergrond)
    path.write_bytes(PNG[:20])

    assert achtergrond.tile(*TEGEL) == PNG


def test_the_cache_stays_within_its_size(stub: Stub, achtergrond: Achtergrond) -> None:
    stub.answer = send(PNG[:40] + b"\0" * 100_000 + PNG[-8:])
    for x in range(2100, 2115):
        achtergrond.tile(12, x, 1353)

    achtergrond.prune()

    assert sum(path.stat().st_size for path in tiles(achtergrond)) <= 1024 * 1024
    assert tiles(achtergrond)


def test_a_disk_that_cannot_be_written_costs_nothing_but_speed(stub: Stub, tmp_path: Path) -> None:
    (tmp_path / "tegels").write_text("in the way")

    assert Achtergrond(stub.url + "/{z}/{x}/{y}", tmp_path, 1).tile(*TEGEL) == PNG


@pytest.mark.parametrize(
    ("body", "soort"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (b"GIF89a", None), (b"", None)]
)
def test_pictures_are_known_by_their_bytes(body: bytes, soort: str | None) -> None:
    assert image_type(body) == soort


def test_off_is_off(app: Flask, client: ClientFactory, achtergrond: Achtergrond) -> None:
    assert client().get("/achtergrond/standaard/12/2107/1353").status_code == 404
    assert client().get("/achtergrond/onbekend/12/2107/1353").status_code == 404
    achtergronden = app.extensions["kernenkaart.kaart"].achtergronden
    achtergronden["proef"] = achtergrond
    response = client().get("/achtergrond/proef/12/2107/1353")
    del achtergronden["proef"]

    assert response.content_type == "image/png"
    assert "max-age" in response.headers["Cache-Control"]
