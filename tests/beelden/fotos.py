"""Pictures as people send them, and files that only say they are pictures."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def foto(soort: str = "JPEG", size: tuple[int, int] = (320, 200), **save: object) -> bytes:
    """A picture with a red left half and a blue right half."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    uit = io.BytesIO()
    image.save(uit, soort, **save)
    return uit.getvalue()


def foto_met_gps() -> bytes:
    """A JPEG that says where it was taken, with what, and that it lies on its side."""
    exif = Image.Exif()
    exif[Base.Make] = "Merkcamera"
    exif[Base.Orientation] = 6
    deel = TiffImagePlugin.IFDRational
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (deel(51), deel(53), deel(21)),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (deel(5), deel(15), deel(58)),
        }
    )
    return foto(exif=exif, comment=b"geheime aantekening", xmp=b"<x:xmpmeta>plek</x:xmpmeta>")


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    kop = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    inhoud = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", kop) + chunk(b"IDAT", inhoud) + chunk(b"IEND", b"")


def polyglots() -> Iterator[tuple[str, bytes]]:
    """Forty files that are something else, or something else as well, with a name for each."""
    kaal = {
        "html": b"<!doctype html>" + SCRIPT,
        "svg": SVG,
        "svg-xml": b'<?xml version="1.0"?>' + SVG,
        "pdf": b"%PDF-1.7\n" + SCRIPT,
        "js": b"alert(1)//",
        "zip": b"PK\x03\x04" + SCRIPT,
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n" + SCRIPT,
        "leeg": b"",
        "nullen": bytes(2_000),
        "bom": bomb(),
        "tiff": foto("TIFF"),
        "bmp": foto("BMP"),
        "gif": foto("GIF"),
        "ico": foto("ICO", size=(32, 32)),
        "ppm": foto("PPM"),
        "pdf-foto": foto("PDF"),
    }
    yield from kaal.items()
    for soort in ("JPEG", "PNG", "WEBP"):
        echt = foto(soort)
        for naam, actief in (
            ("html", b"<html>" + SCRIPT),
            ("svg", SVG),
            ("zip", b"PK\x03\x04" + SCRIPT),
        ):
            yield f"{soort}-met-{naam}-erachter", echt + actief
            yield f"{naam}-met-{soort}-erachter", actief + echt
        yield f"{soort}-half", echt[: len(echt) // 2]
        yield f"{soort}-kop", echt[:12] + SCRIPT
    yield "gif-js", b"GIF89a/*" + foto("GIF")[6:] + b"*/=1;alert(1)"


def polyglot_names() -> list[str]:
    """The names of ``polyglots``."""
    return [naam for naam, _inhoud in polyglots()]
