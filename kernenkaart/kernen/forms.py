"""The fields of a place as the value of a place."""

from dataclasses import replace
from typing import Any

from flask import current_app

from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.kernen.adres import Adres, find_adres
from kernenkaart.kernen.plek import Plek
from kernenkaart.web.forms import PlekVelden, show_error


def marge_m() -> float:
    """How far a place may lie outside every kern, metres, by the settings."""
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    return settings.marge_m


class PlekForm(PlekVelden):
    """A form of something that lies somewhere.

    Attributes:
        adres: the address that was looked up; None as long as that was not needed.
    """

    adres: Adres | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then what must fit together; all errors at once."""
        super().validate(extra_validators)
        for check in self.checks():
            try:
                check()
            except Invalid as error:
                show_error(self, error)
        return not self.errors

    def checks(self) -> tuple[Any, ...]:
        """What must fit together; each raises Invalid when it does not."""
        return (self.to_plek,)

    def to_plek(self) -> Plek:
        """The place that was filled in. Without a point and a kern its text is an address.

        Raises:
            Invalid: if it cannot be, or there is neither a point nor a kern nor an address.
        """
        plek = Plek(
            punt=None if self.lon.errors or self.lat.errors else self.to_punt(),
            kern_id=self.kern.data,
            naam=self.plek.data or "",
            onbekend=self.plek_onbekend.data,
        )
        if self._says_address(plek):
            self.adres = find_adres(plek.naam)
            return replace(plek, punt=self.adres.punt)
        if plek.punt is None and plek.kern_id is None and not self.kern.errors:
            raise Invalid("Kies een plek op de kaart, of kies een kern.", veld="kern")
        return plek

    def _says_address(self, plek: Plek) -> bool:
        wrong = self.plek.errors or self.lon.errors or self.lat.errors or self.kern.errors
        chosen = plek.punt or plek.kern_id or plek.onbekend
        return bool(plek.naam and not chosen and not wrong)
