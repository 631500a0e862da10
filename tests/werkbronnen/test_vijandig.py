"""Hostile files (T5 to T8): each is refused with a sentence, and none costs much."""

import gzip
import io
import random
import resource
import zipfile

import pytest
from flask import Flask
from shapely.geometry import box
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.geo.bestand.waarden import Feature, Limieten, Onleesbaar
from kernenkaart.werkbronnen.lezen import read_rows
from kernenkaart.werkbronnen.models import Oordeel, WerkbronRij
from kernenkaart.werkbronnen.schoon import clean_velden, without_contact
from tests.conftest import ClientFactory
from tests.factories import X, Y
from tests.werkbronnen.bronnen import add_here, came_of, feature, geojson, take

KOP = '<?xml version="1.0"?>'
CONTAINER = '<mc:messageContainer xmlns:mc="m" xmlns:sit="s">{}</mc:messageContainer>'


@pytest.fixture(autouse=True)
def jobs(client: ClientFactory) -> None:
    """The jobs work in the transaction of the test."""


def zipped(naam: str, inhoud: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(naam, inhoud)
    return out.getvalue()


LACHEN = "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 9 + '">' for n in range(1, 9))
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
VIJANDIG = {
    "billion laughs": f"{KOP}<!DOCTYPE x [{LACHEN}]>{CONTAINER.format('&a8;')}".encode(),
    "external entity": (
        f'{KOP}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f"{CONTAINER.format('<sit:situation>&e;</sit:situation>')}"
    ).encode(),
    "parameter entity": f'{KOP}<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'.encode(),
    "other xml": b"<?xml version='1.0'?><rss><channel/></rss>",
    "vrt": VRT,
    "deep": ("<messageContainer>" * 500).encode(),
    "half xml": CONTAINER.format("<sit:situation id='1'>")[:-30].encode(),
    "one endless situation": CONTAINER.format(
        "<sit:situation>" + "<a/>" * 30_000 + "</sit:situation>"
    ).encode(),
    "gzip bomb": gzip.compress(b"id;titel\n" + b"0" * 60_000_000),
    "gzip in gzip": gzip.compress(gzip.compress(b"id;titel")),
    "zip bomb": zipped("x.geojson", b" " * 60_000_000),
    "xlsx bomb": zipped("xl/workbook.xml", b" " * 60_000_000),
    "no xlsx": zipped("xl/workbook.xml", b"<x/>"),
    "html": b"<!DOCTYPE html><html><body>Werk</body></html>",
    "pdf": b"%PDF-1.4\n\0\0\0",
    "old excel": b"\xd0\xcf\x11\xe0" + bytes(100),
    "empty": b"   \n",
    "one column": b"titel\nriool\n",
    "a thousand columns": b";".join(b"k%d" % n for n in range(1_000)),
    "json that is none": b"{'type': 1}",
    "deep json": b"[" * 100_000,
}  # fmt: skip


def _cpu_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


GEREGELD = {"billion laughs", "external entity", "vrt", "gzip bomb", "zip bomb", "xlsx bomb"}
GEKOZEN = [
    pytest.param(inhoud, id=naam, marks=() if naam in GEREGELD else pytest.mark.volledig)
    for naam, inhoud in VIJANDIG.items()
]


@pytest.mark.parametrize("inhoud", GEKOZEN)
def test_a_hostile_file_is_refused_soon_and_costs_little(inhoud: bytes) -> None:
    voor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = _cpu_s()

    with pytest.raises(Onleesbaar) as refused:
        list(read_rows(inhoud, kaartlaag="", limieten=Limieten()))

    assert refused.value.melding.endswith(".")
    assert _cpu_s() - begin < 2  # of the processor: what the clock says depends on the machine
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - voor < 20_000


def test_a_large_feed_is_read_situation_by_situation() -> None:
    een = (
        '<sit:situation id="S{}"><sit:situationRecord type="sit:MaintenanceWorks">'
        "<overallStartTime>2027-01-01T00:00:00Z</overallStartTime>"
        "<latitude>51.9</latitude></sit:situationRecord></sit:situation>"
    )
    feed = gzip.compress(CONTAINER.format("".join(map(een.format, range(4_000)))).encode())

    rows = read_rows(feed, kaartlaag="", limieten=Limieten())

    assert sum(isinstance(one, Feature) for one in rows) == 4_000


def test_absurd_geometry_is_a_work_or_is_explained(app: Flask, session: Session) -> None:
    """T8: NaN, too large, crossing, collapsed, elsewhere: never an error, never an invalid row."""
    kans = random.Random(8)
    absurd = [float("nan"), float("inf"), 1e308, -1.0, 0.0, 5.2, 51.9, 52.0]
    soorten = ("Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Kromme")

    def coordinates(diepte: int) -> object:
        if not diepte:
            return [kans.choice(absurd) for _ in range(kans.choice((1, 2, 2, 2, 3)))]
        return [coordinates(diepte - 1) for _ in range(kans.randint(0, 5))]

    features = []
    for n in range(100):
        soort = kans.choice(soorten)
        diepte = {"Point": 0, "LineString": 1, "Polygon": 2}.get(soort, 3)
        one = feature(id=f"W{n}")
        one["geometry"] = {"type": soort, "coordinates": coordinates(diepte)}
        features.append(one)
    features.append(feature(box(X, Y, X + 10, Y + 10), id="goed"))
    bron = add_here(app, session, geojson(*features))

    rijen = session.scalars(select(WerkbronRij)).all()

    assert len(rijen) == 101
    assert all((r.reden or "").endswith(".") for r in rijen if r.oordeel is Oordeel.GEWEIGERD)
    assert "goed" in {r.sleutel for r in rijen if r.oordeel is Oordeel.NIEUW}
    assert all(werk.geom.is_valid for werk in came_of(session, take(app, session, bron)))


LASTIG = (
    "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "\u202egnirts\u202c", "a\0b",
    "'; DROP TABLE kern; --", "%s {0}", "\ud800", "x" * 20_000, "-1+1", "😀" * 300,
)  # fmt: skip


def test_hostile_texts_come_in_as_plain_texts(app: Flask, session: Session) -> None:
    rows = [feature(id=f"W{n}", titel=t, omschrijving=t) for n, t in enumerate(LASTIG)]

    bron = take(app, session, add_here(app, session, geojson(*rows)))

    werken = came_of(session, bron)
    assert len(werken) == len(LASTIG)
    assert all(1 <= len(w.titel) <= 200 and len(w.omschrijving) <= 5_000 for w in werken)
    assert not any("\0" in w.omschrijving for w in werken)


@pytest.mark.parametrize(
    ("tekst", "blijft"),
    [
        ("Riool. Contactpersoon: Jan Jansen.", "Riool."),
        ("Bel 06-12345678 voor vragen.", ""),
        ("Riool.\nVragen? mail j.jansen@bedrijf.example", "Riool."),
        ("Werk door dhr. De Boer. Daarna asfalt.", "Daarna asfalt."),
        ("Bel 0345 12 34 56. Klaar in 2027.", "Klaar in 2027."),
        ("Contact: +31 6 1234 5678", ""),
        ("WIOR 20192372, van 01-03-2027 tot 30-04-2027.", None),
        ("De aannemer begint op 1 maart. Contact met het asfalt is er niet.", None),
        ("Tussen nummer 10 en 0123.", None),
    ],
)
def test_who_can_be_called_is_left_out_and_nothing_else(tekst: str, blijft: str | None) -> None:
    assert without_contact(tekst) == (tekst if blijft is None else blijft)


@pytest.mark.parametrize(
    "vorm",
    [
        "LINESTRING(140123.0 431234.5, 140223.0 431234.5)",
        "SRID=4326;MULTILINESTRING ((5.031234 52.101234, 5.041234 52.1))",
        '{"type": "Point", "coordinates": [5.0612345678, 51.8]}',
    ],
)
def test_numbers_of_a_geometry_are_no_telephone(vorm: str) -> None:
    assert clean_velden({"vorm": vorm}) == ({"vorm": vorm}, set())


def test_words_beside_a_geometry_are_read_as_words() -> None:
    velden, gedaan = clean_velden({"vorm": "POINT(1 1) bel 0612345678"})

    assert velden == {"vorm": ""}
    assert gedaan == {"contactgegevens zijn weggelaten"}


def test_columns_about_somebody_are_left_out() -> None:
    velden, gedaan = clean_velden({
        "titel": "Riool", "Contactpersoon": "Jan", "E-mail": "j@x.nl", "tel": "1",
        "internalNote": "x", "created_user": "jan", "telefoonnummer": None,
    })  # fmt: skip

    assert velden == {"titel": "Riool"}
    assert gedaan == {"contactgegevens zijn weggelaten"}
