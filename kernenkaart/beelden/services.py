"""Take in a picture, show it to everyone, take it away. The caller commits."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from kernenkaart.beelden.models import Beeld
from kernenkaart.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
MODULE = "kernenkaart.beelden.kind"  # not imported: the library stays out of this process
GEWEIGERD = 3
KOP_BYTES = 8
WACHT_S = 30
# an isolated interpreter, with nothing in its environment, has to be told where we are
_START = (
    "import runpy, sys; sys.path.insert(0, sys.argv[1]); "
    f"runpy.run_module({MODULE!r}, run_name='__main__')"
)


@dataclass(frozen=True)
class Foto:
    """A picture made anew, ready to be stored.

    Attributes:
        inhoud: a WebP file.
    """

    inhoud: bytes
    breedte_px: int
    hoogte_px: int


def read_foto(inhoud: bytes, *, upload_max_mb: int) -> Foto:
    """The picture in a file from outside, made anew in a process of its own.

    Args:
        inhoud: what was sent; JPEG, PNG or WebP, whatever its name says.
        upload_max_mb: largest file, MB.

    Raises:
        Invalid: beside the field ``foto``, if it is no picture, broken or too large.
    """
    if len(inhoud) > upload_max_mb * 1_000_000:
        raise Invalid(f"Deze foto is groter dan {upload_max_mb} MB.", veld="foto")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, str(ROOT)],
            input=inhoud, capture_output=True, check=False, timeout=WACHT_S, env={}, cwd="/",
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Invalid("Deze foto konden we niet openen. Kies een andere.", veld="foto") from error
    if done.returncode == GEWEIGERD:
        raise Invalid(done.stderr.decode(), veld="foto")
    if done.returncode != 0 or len(done.stdout) <= KOP_BYTES:
        raise Invalid("Deze foto konden we niet openen. Kies een andere.", veld="foto")
    kop, webp = done.stdout[:KOP_BYTES], done.stdout[KOP_BYTES:]
    return Foto(webp, int.from_bytes(kop[:4], "little"), int.from_bytes(kop[4:], "little"))


def put_beeld(
    session: Session, foto: Foto, *, alt: str, bron: str, openbaar: bool = False
) -> Beeld:
    """Store a picture.

    Args:
        alt: what there is to see, 1 to 300 characters.
        bron: who made it, at most 200 characters.
        openbaar: whether everyone may see it.

    Raises:
        Invalid: if it is not told what there is to see.
    """
    if not alt:
        raise Invalid(
            "Schrijf op wat er op de foto te zien is. Bijvoorbeeld: kramen op het plein.",
            veld="alt",
        )
    beeld = Beeld(
        inhoud=foto.inhoud,
        breedte_px=foto.breedte_px,
        hoogte_px=foto.hoogte_px,
        alt=alt,
        bron=bron,
        openbaar=openbaar,
    )
    session.add(beeld)
    session.flush()
    return beeld


def remove_beeld(session: Session, beeld: Beeld) -> None:
    """Take a picture away; what showed it goes on without."""
    session.delete(beeld)
    session.flush()
