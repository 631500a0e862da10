"""From a file to rows: what kind of file it is, its columns, and each row cleaned."""

import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.kind import MODULE as GEO
from kernenkaart.geo.bestand.lezen import stream_geobestand
from kernenkaart.geo.bestand.waarden import Feature, Limieten, Onleesbaar
from kernenkaart.werkbronnen.kind import MODULE as TABEL
from kernenkaart.werkbronnen.koppeling import WAARDEN_MAX, Kolom
from kernenkaart.werkbronnen.schoon import clean_velden
from kernenkaart.werkbronnen.vormen import repair

SOORTEN = (
    "Kies GeoJSON, GeoPackage, GML of een shapefile in een zip, een tabel (.csv, .xlsx) "
    "of DATEX II (.xml)."
)
WAARDE_TEKENS = 80  # of a value that is remembered
ONTHOUDEN = 300  # different values of one column
KOP = 4_000  # bytes that tell what a file is


def suffix_of(data: bytes) -> tuple[str, str]:
    """The child that reads a file, and the ending it must have there; seen by its content.

    Raises:
        Onleesbaar: if it is of no kind that we know.
    """
    if data.startswith(b"\x1f\x8b"):
        module, suffix = suffix_of(_peek(data))
        if suffix in {".zip", ".xlsx", ".gpkg"}:
            raise Onleesbaar("In dit gz-bestand zit nog een archief. Pak dat eerst uit.")
        return module, f"{suffix}.gz"
    kop = data[:KOP].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(b"SQLite format 3\0"):
        return GEO, ".gpkg"
    if data.startswith(b"PK"):
        return (TABEL, ".xlsx") if b"xl/workbook.xml" in data else (GEO, ".zip")
    if kop.startswith((b"{", b"[")):
        return GEO, ".geojson"
    if b"<html" in kop.lower():
        raise Onleesbaar("Dit is een webpagina, geen bestand met werk. Zoek het echte adres.")
    if kop.startswith(b"<"):
        return (GEO, ".gml") if b"opengis.net/gml" in kop and b"datex" not in kop else (
            TABEL, ".xml")  # fmt: skip
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Onleesbaar("Dit is een oud Excel-bestand. Bewaar het als .xlsx.")
    if b"\0" in kop and not kop.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Onleesbaar(f"Dit bestand kunnen we niet lezen. {SOORTEN}")
    return TABEL, ".csv"


def _peek(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, KOP)
    except zlib.error as error:
        raise Onleesbaar("Dit gz-bestand is beschadigd.") from error


def read_rows(data: bytes, *, kaartlaag: str, limieten: Limieten) -> Iterator[Feature | str]:
    """The rows of a file one by one, and remarks about it as texts; a child reads it.

    Raises:
        Onleesbaar: if it cannot be read, also halfway.
    """
    if not data.strip():
        raise Onleesbaar("Dit bestand is leeg.")
    module, suffix = suffix_of(data)
    with tempfile.TemporaryDirectory(prefix="kernenkaart-werk-") as folder:
        path = Path(folder, f"bron{suffix}")
        path.write_bytes(data)
        yield from stream_geobestand(path, laag=kaartlaag or None, limieten=limieten, module=module)


@dataclass
class Verzameld:
    """What is seen of a file while its rows pass: its columns and the values in them."""

    aantal: int = 0
    tellers: dict[str, Counter[str]] = field(default_factory=dict)
    vol: set[str] = field(default_factory=set)

    def to_rij(self, feature: Feature) -> dict[str, Any]:
        """The values of a ``WerkbronRij``, by column; remembers what stands in it."""
        self.aantal += 1
        velden, gedaan = clean_velden(feature.velden)
        hersteld = [*feature.hersteld]
        geom: BaseGeometry | None = None
        leesfout = f"Dit {feature.reden}." if feature.reden else None
        if leesfout == "Dit heeft geen vorm.":
            leesfout = None  # the mapping may know a column with its place
        if feature.geom is not None:
            try:
                geom, clauses = repair(feature.geom)
                hersteld += clauses
            except Invalid as error:
                leesfout = error.melding
        self._remember(velden)
        return {
            "nummer": self.aantal,
            "velden": velden,
            "geom": geom,
            "leesfout": leesfout,
            "hersteld": [*hersteld, *sorted(gedaan)],
        }

    def _remember(self, velden: dict[str, str]) -> None:
        for naam, waarde in velden.items():
            teller = self.tellers.setdefault(naam, Counter())
            if not waarde:
                continue
            kort = waarde[:WAARDE_TEKENS]
            if kort in teller or len(teller) < ONTHOUDEN:
                teller[kort] += 1
            else:
                self.vol.add(naam)

    def kolommen(self) -> Sequence[Kolom]:
        """The columns in the order of the file, each with its commonest values."""
        return [
            Kolom(
                naam,
                tuple(waarde for waarde, _ in teller.most_common(WAARDEN_MAX)),
                naam in self.vol or len(teller) > WAARDEN_MAX,
            )
            for naam, teller in self.tellers.items()
        ]
