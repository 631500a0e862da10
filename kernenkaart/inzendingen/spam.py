"""Keep robots out without asking people to read crooked letters.

A browser does some arithmetic (Altcha's proof of work) while the form is filled in; who has no
script is let in as well, but less often. Every limit is counted in the database (T13).
"""

import hashlib
import hmac
from datetime import timedelta

from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution
from itsdangerous import BadData, URLSafeTimedSerializer

from kernenkaart.tijd import now
from kernenkaart.toegang.pogingen import PER_MAILADRES, Grens, Teller

UUR = timedelta(hours=1)
GELDIG = timedelta(hours=2)
SNELST = timedelta(seconds=4)  # nobody fills in the form faster
GETAL_MAX = 50_000  # so many hashes at most: about a second on a telephone
PAYLOAD_MAX = 2_000  # characters

TE_VEEL = "Er is vanaf jouw netwerk al veel ingestuurd. Wacht een uur en probeer het opnieuw."
PER_NETWERK = Grens("inzending", 12, UUR, TE_VEEL)
ZONDER_BEWIJS = Grens("inzending-kaal", 3, UUR, TE_VEEL)
PER_FOTO = Grens(
    "foto", 20, UUR, "Er zijn vanaf jouw netwerk al veel foto's gestuurd. Wacht een uur."
)  # opening one costs more than all the rest
EEN_KEER = Grens("altcha", 1, GELDIG, "Dit formulier is al verstuurd. Open het opnieuw.")


def make_opgave(geheim: str) -> dict[str, object]:
    """A sum for the browser to solve, as the script wants it.

    Args:
        geheim: the secret key of the installation.
    """
    opgave = create_challenge(
        ChallengeOptions(hmac_key=_key(geheim), max_number=GETAL_MAX, expires=now() + GELDIG)
    )
    return opgave.to_dict()


def read_bewijs(payload: str, geheim: str) -> str | None:
    """The sum that was solved; None when it was not, or not one of ours, or too old."""
    if not payload or len(payload) > PAYLOAD_MAX:
        return None
    try:
        solved = Payload.from_base64(payload)
        good, _why = verify_solution(solved, _key(geheim), check_expires=True)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return str(solved.challenge) if good else None


def tellers(netwerk: str, email: str, bewijs: str | None, geheim: str) -> list[Teller]:
    """What is counted before something is taken in.

    Args:
        netwerk: of the sender, see ``pogingen.network_of``.
        bewijs: what ``read_bewijs`` gave.
    """
    counted = [
        Teller(PER_NETWERK, netwerk, geheim),
        Teller(PER_MAILADRES, email, geheim),
    ]
    if bewijs is None:
        return [Teller(ZONDER_BEWIJS, netwerk, geheim), *counted]
    return [Teller(EEN_KEER, bewijs, geheim), *counted]


def stamp(geheim: str) -> str:
    """When a form was opened, as it carries it along."""
    return str(_clock(geheim).dumps(1))


def is_human_pace(stempel: str, geheim: str) -> bool:
    """Whether the form was open long enough for a person, and not for days."""
    try:
        _clock(geheim).loads(stempel, max_age=24 * 3600)
        _one, opened = _clock(geheim).loads(stempel, return_timestamp=True)
    except BadData:
        return False
    return bool(now() - opened >= SNELST)


def _clock(geheim: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(geheim, salt="kernenkaart-inzending-geopend")


def _key(geheim: str) -> bytes:
    return hmac.digest(geheim.encode(), b"altcha", hashlib.sha256)
