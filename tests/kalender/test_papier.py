"""The year on one page: everything on it, tagged, and nothing fetched."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.config import ROOT
from kernenkaart.kalender import papier
from kernenkaart.kalender.indeling import Maand, Vermelding
from kernenkaart.kalender.papier import STAPPEN, Stap, set_months, steps_for
from kernenkaart.kernen.models import Kern
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform
from tests.kalender.test_indeling import at

MM = 72 / 25.4
JAAR = today().year + 1


def fill(session: Session, maanden: range, per_maand: int) -> tuple[str, list[str]]:
    """A kern with so many different activities in each month: its slug, and their titles."""
    platform = make_platform(session, kernen=[make_kern(session, naam="Proefdorp")],
                             naam="Dorpsraad Proefdorp")  # fmt: skip
    titels = []
    for maand in maanden:
        for number in range(per_maand):
            dag = f"{JAAR}-{maand:02}-{number % 28 + 1:02}"
            titels.append(f"Bijeenkomst{maand}x{number}")
            make_activiteit(
                session, platform=platform, titel=titels[-1], plek_naam="Dorpshuis",
                begint_op=at(f"{dag} 10:00"), eindigt_op=at(f"{dag} 11:00"),
            )  # fmt: skip
    return platform.kernen[0].slug, titels


def platform_of(session: Session, slug: str) -> Platform:
    return session.scalars(select(Platform).join(Platform.kernen).where(Kern.slug == slug)).one()


def read(client: ClientFactory, slug: str) -> PdfReader:
    answer = client().get(f"/kernen/{slug}/kalender.pdf?jaar={JAAR}")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    return PdfReader(BytesIO(answer.data))


def tags(node: Any) -> Iterator[str]:
    """The tags of a document, in the order in which they are read out."""
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"]).removeprefix("/")
        kids = node.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from tags(kid) if hasattr(kid, "get_object") else ()


def test_a_year_is_one_tagged_page_with_everything_on_it(
    client: ClientFactory, session: Session
) -> None:
    slug, titels = fill(session, range(1, 13), 2)
    for status in (Status.VERWACHT, Status.AFGELAST, Status.CONCEPT):
        make_activiteit(
            session, platform=platform_of(session, slug), titel=f"Iets{status}", status=status,
            begint_op=at(f"{JAAR}-06-05 10:00"), eindigt_op=at(f"{JAAR}-06-05 11:00"),
        )  # fmt: skip

    pdf = read(client, slug)

    [page] = pdf.pages
    text = page.extract_text()
    assert [titel for titel in titels if titel not in text] == []
    for words in (
        f"Proefdorp {JAAR}",
        "Dorpsraad Proefdorp",
        "bekend zijn op",
        "Koningsdag",
        f"/kernen/{slug}/kalender",
        "Ietsverwacht",
        "Ietsafgelast",
        "afgelast\n",
        " ?",
    ):
        assert words in text
    assert "Ietsconcept" not in text
    assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]
    found = list(tags(pdf.trailer["/Root"]["/StructTreeRoot"]))
    assert (found.count("H1"), found.count("H2"), found.count("L")) == (1, 12, 12)
    assert "Figure" in found
    assert pdf.trailer["/Root"]["/Lang"] == "nl"
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_a_year_that_is_too_full_is_still_one_page_and_says_what_is_missing(
    client: ClientFactory, session: Session
) -> None:
    slug, titels = fill(session, range(5, 8), 60)

    [page] = read(client, slug).pages

    text = " ".join(page.extract_text().split())
    weg = [titel for titel in titels if titel not in text.split()]
    assert weg
    assert f"nog {len(weg)} regels staan alleen op de pagina van de code" in text
    assert "Op A3 past meer." in text


def test_a_sheet_is_printed_once_for_each_version_of_the_data(
    client: ClientFactory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = make_platform(session)
    pad = f"/kernen/{platform.kernen[0].slug}/kalender.pdf?jaar={JAAR}"
    printed: list[str] = []

    def count(todo: dict[str, Any]) -> None:
        printed.append(todo["pogingen"][0]["css"])
        Path(todo["pad"]).write_bytes(b"%PDF")

    monkeypatch.setattr(papier, "print_sheet", count)

    first = client().get(pad)
    again = client().get(pad)
    known = client().get(pad, headers={"If-None-Match": first.headers["ETag"]})
    make_activiteit(session, platform=platform)
    changed = client().get(pad)
    groot = client().get(f"{pad}&papier=a3")

    assert groot.status_code == 200
    assert [re.findall(r"size: (\w+) portrait", css) for css in printed] == [["A4"], ["A4"], ["A3"]]
    assert first.headers["ETag"] == again.headers["ETag"] != changed.headers["ETag"]
    assert known.status_code == 304


@pytest.mark.parametrize(
    ("vraag", "status"),
    [("papier=a5", 422), (f"jaar={JAAR + 5}", 404), ("jaar=1999", 404)],
)
def test_only_paper_and_years_that_people_print_are_made(
    client: ClientFactory, session: Session, vraag: str, status: int
) -> None:
    kern = make_kern(session)

    assert client().get(f"/kernen/{kern.slug}/kalender.pdf?{vraag}").status_code == status


def test_nothing_is_fetched_whatever_a_sheet_asks_for(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("zeer geheim")
    html = (
        f"<title>x</title><link rel=stylesheet href='file://{secret}'><p>Tekst"
        f"<a rel=attachment href='file://{secret}'>x</a><img src='file://{secret}' alt=x>"
        "<img src='http://127.0.0.1:9/x.png' alt=x><object data='http://127.0.0.1:9/y'></object>"
    )
    css = f"@import url('file://{secret}'); p {{ background: url('file://{secret}') }}"
    todo = {"pogingen": [{"html": html, "css": css}], "qr": "", "pad": str(tmp_path / "uit.pdf")}
    probe = (
        "import sys; sys.addaudithook(lambda e, a: sys.stderr.write(f'VRAAG {e} {a}\\n')"
        " if e == 'socket.connect' or (e == 'open' and 'geheim' in str(a[0])) else None);"
        "from kernenkaart.web.drukken import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, input=json.dumps(todo), text=True,
        capture_output=True, check=True,
    )  # fmt: skip

    assert "VRAAG" not in done.stderr
    assert "Tekst" in PdfReader(tmp_path / "uit.pdf").pages[0].extract_text()


def test_what_does_not_fit_is_counted() -> None:
    koor = [Vermelding(date(JAAR, 6, dag), "eigen", "Koor") for dag in (1, 8)]
    bal = [Vermelding(date(JAAR, 6, dag), "eigen", f"Bal {dag}") for dag in (2, 3)]
    juni = Maand(date(JAAR, 6, 1), (*koor, *bal), activiteiten=9, gaan_door=9, meer=5)

    [gezet], weg = set_months([juni], Stap(8, samen=True, hoogstens=2))

    assert [line.titel for line in gezet.vermeldingen] == ["Koor", "Bal 2"]
    assert weg == 1 + 5


@pytest.mark.parametrize(("per_maand", "eerste"), [(1, 0), (60, 8)])
def test_steps_that_cannot_fit_are_not_tried(per_maand: int, eerste: int) -> None:
    lines = tuple(Vermelding(date(JAAR, 1, 1), "eigen", f"Bal {n}") for n in range(per_maand))
    maanden = [Maand(date(JAAR, maand, 1), lines, 0, 0, 0) for maand in range(1, 13)]

    assert steps_for("a4", maanden)[0] is STAPPEN[eerste:][0]


def test_steps_go_from_roomy_to_tight() -> None:
    assert [stap.hoogstens or 99 for stap in STAPPEN] == sorted(
        (stap.hoogstens or 99 for stap in STAPPEN), reverse=True
    )
    assert STAPPEN[-1].hoogstens
