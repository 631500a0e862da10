"""The fields with which somebody adds a photo."""

from typing import Any

from flask import current_app
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from kernenkaart.beelden.services import Foto, read_foto
from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.web.forms import Formulier
from kernenkaart.web.velden import TekstVeld, hoogstens

ALT_MIST = "Schrijf op wat er op de foto te zien is. Bijvoorbeeld: kramen op het plein."


class FotoVelden(Formulier):
    """A photo with what is to be seen on it and who made it; all may stay empty."""

    foto = FileField("Foto", description="JPEG, PNG of WebP. De foto wordt opnieuw gemaakt: waar "
                     "en waarmee hij genomen is, bewaren we niet.")  # fmt: skip
    alt = TekstVeld(
        "Wat is er op de foto te zien?",
        [hoogstens(300)],
        description="Voor wie de foto niet ziet. Bijvoorbeeld: kramen op het plein",
    )
    bron = TekstVeld(
        "Wie heeft de foto gemaakt?",
        [hoogstens(200)],
        description="Komt onder de foto te staan. Vraag het eerst aan de maker",
    )

    @property
    def has_foto(self) -> bool:
        """Whether a file was sent."""
        sent: Any = self.foto.data
        return isinstance(sent, FileStorage) and bool(sent.filename)

    def read_foto(self) -> Foto | None:
        """The picture that was sent, made anew; None when none was.

        Raises:
            Invalid: if it cannot be used, if it is not said what is to be seen on it, or if only
                that is said.
        """
        sent: Any = self.foto.data
        if not self.has_foto:
            if self.alt.data or self.bron.data:
                raise Invalid("Kies de foto, of maak de velden hieronder leeg.", veld="foto")
            return None
        if not self.alt.data:
            raise Invalid(ALT_MIST, veld="alt")
        settings: Settings = current_app.extensions["kernenkaart.settings"]
        return read_foto(sent.stream.read(), upload_max_mb=settings.upload_max_mb)
