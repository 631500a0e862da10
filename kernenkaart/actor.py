"""Who is asking: a frozen value passed as an argument, never ambient."""

from dataclasses import dataclass, field
from enum import StrEnum


class Rol(StrEnum):
    """The fixed roles; what each may do stands in the policies."""

    BEZOEKER = "bezoeker"
    INWONER = "inwoner"
    PLATFORMLID = "platformlid"
    KETENPARTNER = "ketenpartner"
    MEDEWERKER = "medewerker"
    GEBIEDSMAKELAAR = "gebiedsmakelaar"
    BEHEERDER = "beheerder"


STAF = frozenset({Rol.MEDEWERKER, Rol.GEBIEDSMAKELAAR, Rol.BEHEERDER})


@dataclass(frozen=True)
class Actor:
    """Somebody with the facts that rules ask about.

    Attributes:
        gebruiker_id: key of the account; None for a visitor.
        naam: what the page shows as "logged in as".
        rol: the one role of the account.
        platform_ids: platforms this person speaks for, today.
        organisatie_id: organisation this person works for; None for residents.
        kern_ids: kernen assigned to this gebiedsmakelaar, today.
    """

    gebruiker_id: int | None = None
    naam: str = ""
    rol: Rol = Rol.BEZOEKER
    platform_ids: frozenset[int] = field(default_factory=frozenset)
    organisatie_id: int | None = None
    kern_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_ingelogd(self) -> bool:
        """Whether there is an account behind this actor."""
        return self.gebruiker_id is not None

    @property
    def is_medewerker(self) -> bool:
        """Whether this is staff of the municipality (gebiedsmakelaars and beheerders included)."""
        return self.rol in STAF

    @property
    def is_gebiedsmakelaar(self) -> bool:
        """Whether this is a gebiedsmakelaar."""
        return self.rol is Rol.GEBIEDSMAKELAAR

    @property
    def is_ketenpartner(self) -> bool:
        """Whether this person plans works for another organisation than the municipality."""
        return self.rol is Rol.KETENPARTNER

    @property
    def is_beheerder(self) -> bool:
        """Whether this person manages accounts, platforms, organisations and lists."""
        return self.rol is Rol.BEHEERDER


BEZOEKER = Actor()
