"""Settings from the environment: everything that differs per municipality or machine.

Each setting is read from ``KERNENKAART_<NAME>``; docs/configuratie.md describes them all. What the
municipality is called stands in ``geodata/gemeente.toml``.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "KERNENKAART_"
VAKANTIEREGIOS = ("noord", "midden", "zuid", "")


@dataclass(frozen=True)
class Settings:
    """All settings, typed. A number carries its unit in its name."""

    # --- database ---
    database_url: str = ""
    beheer_url: str = ""
    lees_url: str = ""
    voorbereid: bool = True
    statement_timeout_s: float = 5.0
    lock_timeout_s: float = 2.0
    idle_in_transaction_s: float = 15.0
    pool_size: int = 6
    pool_timeout_s: float = 1.5

    # --- web ---
    secret_key: str = field(default="", repr=False)
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    insluiten_door: tuple[str, ...] = ()
    veilige_cookies: bool = False
    upload_max_mb: int = 20
    ophalen_toegestaan: tuple[str, ...] = ()

    # --- municipality ---
    gemeente_code: str = field(default_factory=lambda: _of_gemeente("gemeente_code"))
    gemeente_naam: str = field(default_factory=lambda: _of_gemeente("gemeente_naam"))
    contact_email: str = ""  # of nobody in particular; empty is the sender of our mail
    contact_url: str = ""
    gemeente_telefoon: str = field(default_factory=lambda: _of_gemeente("gemeente_telefoon"))
    vakantieregio: str = field(default_factory=lambda: _of_gemeente("vakantieregio"))
    titel: str = "Kernenkaart"
    thema: str = "css/thema.css"
    demo: bool = False
    marge_m: float = 5000.0
    kalender_buren_m: float = 3000.0
    lang_geleden_dagen: int = 90
    bevestig_weken: int = 12
    startcheck_verplicht: bool = True
    botsing_afstand_m: float = 10_000.0
    weg_tolerantie_m: float = 1.0  # ends of roads that lie no further apart meet
    open_data_licentie: str = "CC0 1.0"
    open_data_licentie_url: str = "http://publications.europa.eu/resource/authority/licence/CC0"

    # --- map ---
    tegels_url: str = (
        "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png"
    )
    luchtfoto_url: str = "https://service.pdok.nl/hwh/luchtfotorgb/wmts/v1_0/Actueel_ortho25/EPSG:3857/{z}/{x}/{y}.jpeg"
    tegels_bron: str = "Kaartgegevens © Kadaster"
    geocoder_url: str = "https://api.pdok.nl/bzk/locatieserver/search/v3_1"
    geocoder_timeout_s: float = 1.5
    tegels_cache_mb: int = 500  # per kind of background
    cache_map: Path = ROOT / "var" / "cache"

    # --- login and mail ---
    mfa_verplicht: bool = False
    sessie_idle_min: int = 30
    mail_server: str = ""
    mail_poort: int = 25
    mail_gebruiker: str = ""
    mail_wachtwoord: str = field(default="", repr=False)
    mail_tls: bool = False
    mail_afzender: str = "kernenkaart@localhost"
    basis_url: str = "http://127.0.0.1:8000"
    volgen_uur: int = 7  # from this hour in Amsterdam followers get their mail

    def __post_init__(self) -> None:
        """Refuse what would only be noticed on a page.

        Raises:
            ValueError: if a value is none of those that exist; the text names the variable.
        """
        if self.vakantieregio not in VAKANTIEREGIOS:
            raise ValueError(
                f"{PREFIX}VAKANTIEREGIO={self.vakantieregio!r} is geen noord, midden of zuid"
            )

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None) -> Self:
        """Read the settings.

        Raises:
            ValueError: if a value is not of its setting's type; the text names the variable.
        """
        source = dict(os.environ) if environ is None else environ
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            if name in source:
                values[setting.name] = _parse(name, setting.type, source[name])
        if not values.get("secret_key"):
            # without a stored key a restart logs everybody out; `make run` stores one
            values["secret_key"] = secrets.token_urlsafe(32)
        return cls(**values)


@cache
def _gemeente() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((ROOT / "geodata/gemeente.toml").read_text("utf-8"))
    return found


def _of_gemeente(name: str) -> str:
    return _gemeente()[name]


def _parse(name: str, kind: object, text: str) -> Any:
    type_name = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    try:
        match type_name:
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return {
                    "1": True,
                    "true": True,
                    "ja": True,
                    "0": False,
                    "false": False,
                    "nee": False,
                }[text.strip().lower()]
            case "Path":
                return Path(text)
            case "str":
                return text
            case _:
                return tuple(part.strip() for part in text.split(",") if part.strip())
    except (ValueError, KeyError) as error:
        raise ValueError(f"{name}={text!r} is geen {type_name}") from error
