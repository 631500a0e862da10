"""Texts from elsewhere without their mark-up."""

import re
from html.parser import HTMLParser

_OPMAAK = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|div|em|font|h[1-6]|head|hr|html|i|img|li|"
    r"meta|o:p|ol|p|pre|s|small|span|strong|style|sub|sup|table|tbody|td|th|title|tr|u|ul)\b[^>]*>",
    re.IGNORECASE,
)
_NIEUWE_REGEL = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr"}


def to_text(tekst: str) -> str:
    """``tekst`` without HTML, when it is HTML; the lines of paragraphs and lists stay."""
    if not _OPMAAK.search(tekst):
        return tekst
    lezer = _Tekst()
    lezer.feed(tekst)
    lezer.close()
    lines = (" ".join(line.split()) for line in "".join(lezer.delen).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Tekst(HTMLParser):
    """Collects what a browser would show, without links: only a link's address is told."""

    def __init__(self) -> None:
        super().__init__()
        self.delen: list[str] = []
        self.stil = 0  # within style or script
        self.href = ""
        self.sinds = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "title"}:
            self.stil += 1
        if tag in _NIEUWE_REGEL:
            self.delen.append("\n")
        if tag == "li":
            self.delen.append("- ")
        if tag == "a":
            self.href, self.sinds = dict(attrs).get("href") or "", len(self.delen)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "title"}:
            self.stil = max(0, self.stil - 1)
        if tag in {"p", "div", "ul", "ol"}:
            self.delen.append("\n")
        if tag == "a":
            shown = "".join(self.delen[self.sinds :])
            if self.href.startswith(("http://", "https://")) and self.href not in shown:
                self.delen.append(f" ({self.href})")
            self.href = ""

    def handle_data(self, data: str) -> None:
        if not self.stil:
            self.delen.append(data)
