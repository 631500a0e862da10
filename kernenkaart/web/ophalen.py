"""Fetch a file from an address that somebody typed, without ever asking our own network (T9).

A host is resolved once. If any of its addresses is not public nothing is fetched; else one is
pinned, so that a name cannot point elsewhere a moment later. Redirects are walked by ourselves,
each under the same rules.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3

from kernenkaart.errors import Invalid

TIJD_S = 10.0
BYTES_MAX = 10_000_000
VERDER_MAX = 3
POORTEN = {"http": 80, "https": 443}
LENGTE_MAX = 2000
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address is the last 32 bits
OMGELEID = {301, 302, 303, 307, 308}

NIET_OPENBAAR = "Dit adres is niet openbaar op internet. Vul een adres in dat iedereen kan openen."
Resolve = Callable[[str, int], Collection[str]]


@dataclass(frozen=True)
class Wat:
    """What is fetched, as sentences call it.

    Attributes:
        naam: with its article "een": "een agenda".
        dit: "Deze agenda".
        voorbeeld: an address of one.
        accept: what is asked of the server.
        bytes_max: larger ones are left.
    """

    naam: str
    dit: str
    voorbeeld: str
    accept: str
    bytes_max: int = BYTES_MAX

    @property
    def adres_fout(self) -> str:
        """What to say of an address that is none."""
        return f"Dit is geen adres van {self.naam}. Bijvoorbeeld: {self.voorbeeld}."


BESTAND = Wat("een bestand", "Dit bestand", "https://www.voorbeeld.nl/werk.geojson", "*/*")


class NietOpgehaald(Invalid):
    """It could not be fetched; the sentence says why and what to do."""

    def __init__(self, melding: str) -> None:
        super().__init__(melding, veld="adres")


@dataclass(frozen=True)
class Opgehaald:
    """An answer.

    Attributes:
        inhoud: None when nothing changed since last time.
        etag: to ask next time whether it changed; empty without.
        gewijzigd: Last-Modified as the server wrote it, for the same.
    """

    inhoud: bytes | None
    etag: str = ""
    gewijzigd: str = ""


def resolve(host: str, poort: int) -> Collection[str]:
    """All IP addresses of a host.

    Raises:
        OSError: if there are none.
    """
    found = socket.getaddrinfo(host, poort, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(adres: str) -> bool:
    """Whether an IP address lies on the internet, also when an IPv4 address hides in it."""
    ip = ipaddress.ip_address(adres.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in NAT64 or int(ip) >> 32 == 0:  # translated, or the old "compatible" form
            within.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(v4 is not None and not _is_public(v4) for v4 in within):
            return False
        if ip.ipv4_mapped is not None:
            return True
    return _is_public(ip)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or site_local)


def clean_adres(tekst: str, wat: Wat = BESTAND) -> str:
    """An address as it is fetched; ``webcal`` is https.

    Raises:
        NietOpgehaald: if it is none, or of a kind that is not fetched.
    """
    tekst = tekst.strip()
    schema, found, rest = tekst.partition("://")
    if not found:
        schema, rest = "https", tekst
    if schema.lower() in {"webcal", "webcals"}:
        schema = "https"
    adres = f"{schema.lower()}://{rest}"
    delen = _split(adres, wat)
    if delen.scheme not in POORTEN:
        raise NietOpgehaald(wat.adres_fout)
    return delen._replace(fragment="").geturl()


def _split(adres: str, wat: Wat) -> SplitResult:
    """Raises NietOpgehaald: if it has no host, or holds what no address of a file needs."""
    try:
        if len(adres) > LENGTE_MAX or not adres.isprintable() or set(adres) & set(' "<>\\^`{|}'):
            raise ValueError
        delen = urlsplit(adres)
        host = delen.hostname or ""
        host.encode("idna")
        _ = delen.port
    except ValueError as error:  # UnicodeError is one
        raise NietOpgehaald(wat.adres_fout) from error
    if not host or "@" in delen.netloc:
        raise NietOpgehaald(wat.adres_fout)
    return delen


@dataclass(frozen=True)
class Ophaler:
    """Fetches files.

    Attributes:
        toegestaan: ``host:port`` of servers in the own network that may be asked all the same.
        resolve: gives the IP addresses of a host.
        wat: what is fetched.
    """

    toegestaan: Collection[str] = ()
    resolve: Resolve = field(default=resolve)
    wat: Wat = BESTAND

    def fetch(self, adres: str, *, etag: str = "", gewijzigd: str = "") -> Opgehaald:
        """What is at an address, or that it is as it was.

        Args:
            etag: of the last answer; with ``gewijzigd`` asks for changes only.

        Raises:
            NietOpgehaald: if it cannot be, or may not be, fetched.
        """
        until = time.monotonic() + TIJD_S
        headers = {
            "User-Agent": "kernenkaart",
            "Accept": self.wat.accept,
            "Accept-Encoding": "identity",
        }
        if etag:
            headers["If-None-Match"] = etag
        if gewijzigd:
            headers["If-Modified-Since"] = gewijzigd
        for _ in range(VERDER_MAX + 1):
            adres = clean_adres(adres, self.wat)
            answer = self._open(_split(adres, self.wat), headers, until)
            try:
                if answer.status in OMGELEID and (naar := answer.headers.get("Location")):
                    adres = urljoin(adres, naar.encode("latin-1").decode("utf-8", "replace"))
                    continue
                return _read(answer, until, self.wat)
            except (urllib3.exceptions.HTTPError, OSError, UnicodeError, ValueError) as error:
                raise NietOpgehaald(_unreachable(adres)) from error
            finally:
                answer.close()
        raise NietOpgehaald("Dit adres stuurt te vaak door. Vul het laatste adres in.")

    def _open(
        self, delen: SplitResult, headers: dict[str, str], until: float
    ) -> urllib3.BaseHTTPResponse:
        host = (delen.hostname or "").encode("idna").decode()
        poort = delen.port or POORTEN[delen.scheme]
        ip = self._pin(host, poort)
        pad = (delen.path or "/") + (f"?{delen.query}" if delen.query else "")
        naam = f"[{host}]" if ":" in host else host
        if poort != POORTEN[delen.scheme]:
            naam = f"{naam}:{poort}"
        over_s = max(until - time.monotonic(), 0.1)
        try:
            return _pool(delen.scheme, ip, poort, host).urlopen(
                "GET", _quoted(pad), headers=headers | {"Host": naam}, redirect=False,
                retries=False, assert_same_host=False, preload_content=False,
                timeout=urllib3.Timeout(total=over_s), release_conn=False,
            )  # fmt: skip
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise NietOpgehaald(_unreachable(delen.geturl())) from error

    def _pin(self, host: str, poort: int) -> str:
        """The one IP address that is asked.

        Raises:
            NietOpgehaald: if one of its addresses is not public, or the port is not of the web.
        """
        try:
            found = list(self.resolve(host, poort))
        except (OSError, UnicodeError) as error:
            raise NietOpgehaald(f"{host} bestaat niet. Kijk het adres na.") from error
        if f"{host}:{poort}" in self.toegestaan:
            return found[0]
        if poort not in POORTEN.values() or not found or not all(map(is_public, found)):
            raise NietOpgehaald(NIET_OPENBAAR)
        return found[0]


def _pool(schema: str, ip: str, poort: int, host: str) -> urllib3.HTTPConnectionPool:
    """A pool of one connection to an IP address; the host's name counts for its certificate."""
    if schema == "http":
        return urllib3.HTTPConnectionPool(ip, poort, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        ip, poort, maxsize=1, server_hostname=host, assert_hostname=host,
        ssl_context=ssl.create_default_context(),
    )  # fmt: skip


def _read(answer: urllib3.BaseHTTPResponse, until: float, wat: Wat) -> Opgehaald:
    if answer.status == 304:
        return Opgehaald(None)
    if answer.status in {401, 403}:
        raise NietOpgehaald(
            f"{wat.dit} is niet openbaar. Zet hem open voor iedereen, of vul het geheime adres in."
        )
    if answer.status in {404, 410}:
        raise NietOpgehaald(
            f"Op dit adres staat {wat.naam.replace('een ', 'geen ', 1)} (meer). Kijk het adres na."
        )
    if answer.status != 200:
        raise NietOpgehaald(f"De server van {wat.dit.lower()} geeft een fout ({answer.status}).")
    body = b"".join(_parts(answer, until, wat))
    etag, gewijzigd = (answer.headers.get(naam, "") for naam in ("ETag", "Last-Modified"))
    return Opgehaald(body, *(text if len(text) < 500 else "" for text in (etag, gewijzigd)))


def _parts(answer: urllib3.BaseHTTPResponse, until: float, wat: Wat) -> Iterator[bytes]:
    size = 0
    while part := answer.read1(65_536):
        size += len(part)
        if size > wat.bytes_max:
            raise NietOpgehaald(f"{wat.dit} is groter dan {wat.bytes_max // 1_000_000} MB.")
        if time.monotonic() > until:  # a drip of bytes never reaches the read timeout
            raise NietOpgehaald(f"Het antwoord duurt langer dan {TIJD_S:.0f} seconden.")
        yield part


def _quoted(pad: str) -> str:
    """A path as it goes over the line: what is not ASCII in percent signs."""
    return "".join(t if ord(t) < 128 else "".join(f"%{b:02X}" for b in t.encode()) for t in pad)


def _unreachable(adres: str) -> str:
    return f"{urlsplit(adres).hostname} antwoordt niet. Kijk het adres na, of probeer het later."
