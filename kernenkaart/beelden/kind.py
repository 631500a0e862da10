"""The child process that opens a picture: ``python -m kernenkaart.beelden.kind``.

It limits itself first, reads a file from standard input and writes the picture anew: width and
height, then a WebP file. Only pixels go from the one to the other, so nothing else of the file that
was sent is left: no place where it was taken, no second file hidden behind the first (T4, T23).
"""

import io
import resource
import struct
import sys

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MODULE = "kernenkaart.beelden.kind"
KOP = struct.Struct("<II")  # width and height, pixels
GEWEIGERD = 3  # exit code: standard error then holds the sentence for the screen

SOORTEN = ("JPEG", "PNG", "WEBP")
ZIJDE_MAX_PX = 1600
PIXELS_MAX = 80_000_000
BYTES_MAX = 1_500_000
KWALITEITEN = (82, 70, 55, 40)
GEHEUGEN_MB = 1200
CPU_S = 15
TE_GROOT = "Deze foto is te groot. Kies een kleinere."


class Geweigerd(Exception):
    """The file is no picture that we take; the text is Dutch and fit for the screen."""


def limit_self() -> None:
    """Give up what a reader does not need: memory, time, files."""
    memory = GEHEUGEN_MB << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def remake(inhoud: bytes) -> tuple[int, int, bytes]:
    """Width, height and a WebP file of the picture in ``inhoud``.

    Args:
        inhoud: a JPEG, PNG or WebP file; of a moving one the first picture counts.

    Raises:
        Geweigerd: if it is none of these, broken, or too large.
    """
    try:
        with Image.open(io.BytesIO(inhoud), formats=SOORTEN) as found:
            if found.width * found.height > PIXELS_MAX:
                raise Geweigerd(TE_GROOT)
            found.draft("RGB", (ZIJDE_MAX_PX, ZIJDE_MAX_PX))  # a large JPEG is read smaller
            pixels = _to_pixels(found)
    except UnidentifiedImageError as error:
        raise Geweigerd("Dit is geen foto die we kennen. Kies een JPEG, PNG of WebP.") from error
    except Image.DecompressionBombError as error:
        raise Geweigerd(TE_GROOT) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Geweigerd("Deze foto is stuk of niet compleet. Kies een andere.") from error
    for kwaliteit in KWALITEITEN:
        uit = io.BytesIO()
        pixels.save(uit, "WEBP", quality=kwaliteit, method=4)
        if uit.tell() <= BYTES_MAX:
            return pixels.width, pixels.height, uit.getvalue()
    raise Geweigerd(TE_GROOT)


def _to_pixels(found: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, on white where it was transparent; no larger than needed."""
    found.seek(0)
    profile = found.info.get("icc_profile")
    image: Image.Image = ImageOps.exif_transpose(found)
    image.thumbnail((ZIJDE_MAX_PX, ZIJDE_MAX_PX))
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        image = _to_srgb(image, profile)
    image = image.convert("RGBA")
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A"))
    return clean


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        found = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )  # fmt: skip
    except (ImageCms.PyCMSError, OSError):  # a profile that is no good: the colours as they are
        return image
    return found or image


def main() -> int:
    """Remake what comes on standard input; the exit code."""
    limit_self()
    try:
        breedte, hoogte, webp = remake(sys.stdin.buffer.read())
    except Geweigerd as error:
        sys.stderr.buffer.write(str(error).encode())
        return GEWEIGERD
    sys.stdout.buffer.write(KOP.pack(breedte, hoogte) + webp)
    return 0


if __name__ == "__main__":
    sys.exit(main())
