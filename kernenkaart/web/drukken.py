"""Print a sheet as PDF, in a process of its own: WeasyPrint is big, and reads what others wrote.

``python -m kernenkaart.web.drukken`` reads one line of JSON: ``pogingen``, a list of ``html``
and ``css``, the ``qr`` as SVG, and ``pad``. The first attempt that fits on one page is written, or
the last; the file appears under ``pad`` when it is whole, not before. Nothing is ever fetched: a
sheet may ask for the letter of the site and for the code, and both are at hand.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from kernenkaart.config import ROOT

LETTER, QR = "kk:letter", "kk:qr"
LETTERBESTAND = ROOT / "static/fonts/noto-sans-latin-wght-normal.woff2"
GEZICHT = f"""@font-face {{
    font-family: "Noto Sans"; font-weight: 100 900; src: url("{LETTER}") format("woff2")
}}"""
VARIANT = "pdf/ua-1"  # ISO 14289-1: a screen reader can tell the headings and lists


class AtHandOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint tells no types here
    """Refuses every address but those at hand, so that no text on a sheet can fetch anything.

    Args:
        bij_de_hand: media type and content by address.
    """

    def __init__(self, bij_de_hand: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__()
        self.bij_de_hand = bij_de_hand

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """What is at hand under an address.

        Raises:
            PermissionError: for any other address.
        """
        if url not in self.bij_de_hand:
            raise PermissionError(f"not fetched: {url[:80]}")
        media_type, content = self.bij_de_hand[url]
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def write(pogingen: Sequence[Mapping[str, str]], qr: str, pad: Path) -> int:
    """Write the first attempt that fits on one page, or else the last.

    Returns:
        Which one that was, counted from 0.
    """
    fonts = FontConfiguration()
    fetcher = AtHandOnly(
        {
            LETTER: ("font/woff2", LETTERBESTAND.read_bytes()),
            QR: ("image/svg+xml", qr.encode()),
        }
    )
    letter = CSS(string=GEZICHT, font_config=fonts, url_fetcher=fetcher)  # unpacked once
    for number, poging in enumerate(pogingen):
        sheet = CSS(string=poging["css"], font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=poging["html"], url_fetcher=fetcher).render(
            stylesheets=[letter, sheet], font_config=fonts, pdf_variant=VARIANT
        )
        if len(document.pages) == 1 or poging is pogingen[-1]:
            deel = pad.with_suffix(".deel")
            document.write_pdf(deel, pdf_variant=VARIANT)
            os.replace(deel, pad)
            return number
    raise ValueError("There is nothing to print.")


def main() -> None:
    """Do what the line on standard input says."""
    opdracht = json.loads(sys.stdin.readline())
    write(opdracht["pogingen"], opdracht["qr"], Path(opdracht["pad"]))


if __name__ == "__main__":
    main()
