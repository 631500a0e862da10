"""What is new and changed, as Atom (RFC 4287) and as RSS 2.0."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from kernenkaart.feeds.ics import plain
from kernenkaart.feeds.queries import Bericht
from kernenkaart.web.dingen import to_rij

ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
_NS = "http://www.w3.org/2005/Atom"
_ZONDER_JAAR = date(1, 1, 1)  # of no day is the year left out: it reads the same for ever


@dataclass(frozen=True)
class Feedkop:
    """What a feed says of itself.

    Attributes:
        bron: the address of this feed.
        url: the page where the same can be read.
        wie: who publishes it.
        leeg_op: when an empty feed last changed.
    """

    titel: str
    omschrijving: str
    bron: str
    url: str
    wie: str
    leeg_op: datetime


@dataclass(frozen=True)
class Item:
    """One message.

    Attributes:
        id: a tag URI (RFC 4151): the same for ever.
    """

    id: str
    titel: str
    url: str
    tekst: str
    soort: str
    op: datetime


def to_items(berichten: Iterable[Bericht], basis: str) -> list[Item]:
    """Messages as texts.

    Args:
        basis: the address of the kernenkaart, without a slash at its end.
    """
    items = []
    for bericht in berichten:
        rij = to_rij(bericht.ding, _ZONDER_JAAR)
        merkjes = ", ".join(merkje.tekst for merkje in rij.merkjes)
        parts = (merkjes, rij.wanneer, rij.waar, rij.kort)
        items.append(
            Item(
                id=f"tag:{urlsplit(basis).hostname},2026:{rij.url}",
                titel=rij.titel,
                url=f"{basis}{rij.url}",
                tekst="\n".join(part for part in parts if part),
                soort=rij.soort,
                op=bericht.op,
            )
        )
    return items


def to_atom(kop: Feedkop, items: Sequence[Item]) -> bytes:
    """The feed as Atom 1.0."""
    feed = Element("feed", {"xmlns": _NS, "xml:lang": "nl"})
    _add(feed, "id", kop.bron)
    _add(feed, "title", kop.titel)
    _add(feed, "subtitle", kop.omschrijving)
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=kop.bron)
    SubElement(feed, "link", rel="alternate", type="text/html", href=kop.url)
    _add(feed, "updated", _rfc3339(_updated(kop, items)))
    _add(SubElement(feed, "author"), "name", kop.wie)
    for item in items:
        entry = SubElement(feed, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.titel)
        SubElement(entry, "link", rel="alternate", type="text/html", href=item.url)
        _add(entry, "updated", _rfc3339(item.op))
        SubElement(entry, "category", term=plain(item.soort))
        _add(entry, "summary", item.tekst)
    return _write(feed)


def to_rss(kop: Feedkop, items: Sequence[Item]) -> bytes:
    """The same as RSS 2.0."""
    rss = Element("rss", {"version": "2.0", "xmlns:atom": _NS})
    channel = SubElement(rss, "channel")
    _add(channel, "title", kop.titel)
    _add(channel, "link", kop.url)
    _add(channel, "description", kop.omschrijving)
    _add(channel, "language", "nl")
    _add(channel, "lastBuildDate", _rfc822(_updated(kop, items)))
    SubElement(channel, "atom:link", rel="self", type="application/rss+xml", href=kop.bron)
    for item in items:
        entry = SubElement(channel, "item")
        _add(entry, "title", item.titel)
        _add(entry, "link", item.url)
        _add(entry, "guid", item.id).set("isPermaLink", "false")
        _add(entry, "pubDate", _rfc822(item.op))
        _add(entry, "category", item.soort)
        _add(entry, "description", item.tekst)
    return _write(rss)


def _updated(kop: Feedkop, items: Sequence[Item]) -> datetime:
    return max((item.op for item in items), default=kop.leeg_op)


def _add(parent: Element, name: str, value: str) -> Element:
    child = SubElement(parent, name)
    child.text = plain(value)
    return child


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _write(root: Element) -> bytes:
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()
