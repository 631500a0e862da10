"""Counted tries: against guessing passwords and bombing mailboxes. The count is in the database.

So it holds over all web processes and after a restart. Keys are hashed with the secret of the
installation: the table says nothing about who tried.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, insert, select, text
from sqlalchemy.orm import Session

from kernenkaart.errors import TooOften
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Poging


@dataclass(frozen=True)
class Grens:
    """At most ``aantal`` tries of one kind by one key within ``venster``."""

    soort: str
    aantal: int
    venster: timedelta
    melding: str


KWARTIER = timedelta(minutes=15)
TE_VAAK = "Je hebt het te vaak geprobeerd. Wacht een kwartier en probeer het dan opnieuw."
PER_ACCOUNT = Grens("inloggen", 5, KWARTIER, TE_VAAK)
PER_CODE = Grens("code", 5, KWARTIER, TE_VAAK)
PER_NETWERK = Grens("netwerk", 30, KWARTIER, TE_VAAK)
PER_SLEUTEL = Grens(
    "sleutel", 30, KWARTIER, "Er kwamen te veel sleutels die niet klopten. Wacht een kwartier."
)
PER_MAILADRES = Grens(
    "mail", 5, timedelta(hours=1), "Er zijn al 5 mails naar dit adres gestuurd. Wacht een uur."
)


@dataclass(frozen=True)
class Teller:
    """One limit for one key.

    Args:
        waarde: whose tries are counted: an address, a network, an account.
        geheim: the secret key of the installation.
    """

    grens: Grens
    waarde: str
    geheim: str

    @property
    def sleutel(self) -> bytes:
        """The key under which tries are stored."""
        bron = f"{self.grens.soort}:{self.waarde}".encode()
        return hmac.digest(self.geheim.encode(), bron, hashlib.sha256)


def count_try(session: Session, tellers: Iterable[Teller]) -> list[int]:
    """Count one try for each of ``tellers``, all or none. The caller commits before what follows.

    Two processes that count the same key wait for one another, so that never more than the
    limit get through.

    Returns:
        Ids to give to ``forget_tries`` when the try turns out to be a good one.

    Raises:
        TooOften: if one of them is at its limit.
    """
    tellers = tuple(tellers)
    for teller in tellers:
        number = int.from_bytes(teller.sleutel[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        if not session.scalar(select(may_try(teller))):
            raise TooOften(teller.grens.melding, wacht_s=int(teller.grens.venster.total_seconds()))
    return [
        session.execute(
            insert(Poging)
            .values(soort=teller.grens.soort, sleutel=teller.sleutel, op=now())
            .returning(Poging.id)
        ).scalar_one()
        for teller in tellers
    ]


def may_try(teller: Teller) -> ColumnElement[bool]:
    """Whether there is still a try left, as a condition for ``where``; nothing is counted."""
    return _tries(teller) < teller.grens.aantal


def forget_tries(session: Session, ids: Iterable[int]) -> None:
    """Take back tries that were good. The caller commits."""
    session.execute(delete(Poging).where(Poging.id.in_(tuple(ids))))


def forget_all(session: Session, teller: Teller) -> None:
    """Take back every try of this key: its owner has shown up. The caller commits."""
    session.execute(
        delete(Poging).where(Poging.soort == teller.grens.soort, Poging.sleutel == teller.sleutel)
    )


def network_of(address: str | None) -> str:
    """The network an address belongs to: the /24 of IPv4, the /48 of IPv6."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "onbekend"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    prefix = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network((ip, prefix), strict=False))


def _tries(teller: Teller) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Poging)
        .where(
            Poging.soort == teller.grens.soort,
            Poging.sleutel == teller.sleutel,
            Poging.op > now() - teller.grens.venster,
        )
        .scalar_subquery()
    )
