"""Passwords: argon2 hashes, rules that help, and an answer that takes as long for a stranger."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernenkaart.errors import Invalid

MIN_TEKENS = 12
MAX_TEKENS = 128

# OWASP's choice for argon2id: enough against guessing, little memory per process
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_wachtwoord(wachtwoord: str) -> str:
    """The hash to store; takes some tens of milliseconds."""
    return _HASHER.hash(wachtwoord)


def is_wachtwoord(opgeslagen: str | None, wachtwoord: str) -> bool:
    """Whether ``wachtwoord`` is the one that was stored; as slow when nothing was stored."""
    try:
        return _HASHER.verify(opgeslagen or _nobody(), wachtwoord) and opgeslagen is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(opgeslagen: str) -> bool:
    """Whether a stored hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(opgeslagen)


def check_wachtwoord(wachtwoord: str, *verboden: str) -> None:
    """Refuse a password that is easily guessed.

    Args:
        verboden: what it may not contain: the own name and address.

    Raises:
        Invalid: with what to do, beside the field ``wachtwoord``.
    """
    if len(wachtwoord) < MIN_TEKENS:
        melding = f"Kies een wachtwoord van {MIN_TEKENS} tekens of meer. Drie of vier woorden mag."
    elif len(wachtwoord) > MAX_TEKENS:
        melding = f"Kies een wachtwoord van hoogstens {MAX_TEKENS} tekens."
    elif len(set(wachtwoord)) < 5 or _is_row(wachtwoord):
        melding = "Dit wachtwoord is makkelijk te raden. Kies een ander."
    elif any(len(deel) > 3 and deel.lower() in wachtwoord.lower() for deel in verboden):
        melding = "Gebruik je naam of mailadres niet in je wachtwoord."
    else:
        return
    raise Invalid(melding, veld="wachtwoord")


def _is_row(wachtwoord: str) -> bool:
    """Whether it is only neighbours on the keyboard or in the alphabet, like 1234567890ab."""
    rows = ("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    small = wachtwoord.lower()
    pairs = sum(any(pair in row or pair[::-1] in row for row in rows) for pair in _pairs(small))
    return pairs >= len(small) - 3


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


@cache
def _nobody() -> str:
    return hash_wachtwoord(secrets.token_urlsafe(32))
