"""The second step of logging in: a code of an app (TOTP, RFC 6238) or one of ten recovery codes."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno

from kernenkaart.errors import Invalid
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Gebruiker

STEP_S = 30
AANTAL_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else


def make_secret() -> str:
    """A new secret to share with an app."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, email: str, titel: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=titel)


def qr_code(text: str) -> str:
    """A QR code as a ``data:`` address of an SVG picture."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=2))


def set_up(gebruiker: Gebruiker, secret: str, code: str) -> list[str]:
    """Ask for a code at every next login. The caller commits; all sessions end.

    Returns:
        The recovery codes, to be shown once.

    Raises:
        Invalid: if ``code`` is not the one of ``secret`` now.
    """
    step = _matching_step(secret, code, now())
    if step is None:
        raise Invalid("Deze code klopt niet. Kijk of de klok van je telefoon goed staat.", "code")
    gebruiker.totp_secret = secret
    gebruiker.totp_step = step
    return renew_codes(gebruiker)


def renew_codes(gebruiker: Gebruiker) -> list[str]:
    """Ten new recovery codes, to be shown once; the old ones are void. The caller commits."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(AANTAL_CODES)]
    gebruiker.recovery_codes = [_hash(code) for code in codes]
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def stop(gebruiker: Gebruiker) -> None:
    """Ask for a password only. The caller commits; all sessions end."""
    gebruiker.totp_secret = gebruiker.totp_step = gebruiker.recovery_codes = None


def accept_code(gebruiker: Gebruiker, code: str) -> bool:
    """Whether ``code`` is right, now and for the first time; it is used up. The caller commits.

    The row of ``gebruiker`` must be locked, else two requests could use one code twice.
    """
    plain = "".join(teken for teken in code.lower() if teken.isalnum())
    if plain.isdecimal() and len(plain) == 6:
        step = _matching_step(gebruiker.totp_secret or "", plain, now())
        if step is None or step <= (gebruiker.totp_step or 0):
            return False
        gebruiker.totp_step = step
        return True
    left = [h for h in gebruiker.recovery_codes or () if not hmac.compare_digest(h, _hash(plain))]
    if len(left) == len(gebruiker.recovery_codes or ()):
        return False
    gebruiker.recovery_codes = left
    return True


def _matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The time step ``code`` belongs to: this one, the one before or the one after."""
    if not secret:
        return None
    totp = pyotp.TOTP(secret)
    step = int(moment.timestamp()) // STEP_S
    plain = "".join(code.split())
    for near in (step, step - 1, step + 1):
        if hmac.compare_digest(totp.generate_otp(near).encode(), plain.encode()):
            return near
    return None


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
