"""Where something is, as a geometry: drawn, pasted or in a file."""

import json
import tempfile
from pathlib import Path
from typing import ClassVar

import shapely
from flask import current_app
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename
from wtforms import FileField

from kernenkaart.config import Settings
from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.lezen import read_geobestand
from kernenkaart.geo.bestand.waarden import Limieten
from kernenkaart.geo.crs import to_wgs84
from kernenkaart.geo.invoer import DELEN_MAX, combine, parse_vorm
from kernenkaart.web.forms import Invoer
from kernenkaart.web.velden import TekstvakVeld


class VormVelden(Invoer):
    """Mix in for a form about something that has a geometry.

    ``vorm`` is text: GeoJSON (as a drawing script writes it) or WKT. ``bestand`` wins from it, and
    after reading a file ``vorm`` holds its content, so that nothing is lost by an error elsewhere.
    ``ding`` is how the map draws it.
    """

    ding: ClassVar[str]

    vorm = TekstvakVeld(
        "Vorm als tekst", description="GeoJSON of WKT, in RD of in graden. Of gebruik de kaart."
    )
    bestand = FileField(
        "Of kies een bestand", description="GeoJSON, GeoPackage of shapefile in een zip."
    )

    def to_vorm(self) -> BaseGeometry:
        """The RD geometry that was given; a file is read once and becomes the text.

        Raises:
            Invalid: beside ``bestand`` or ``vorm``.
        """
        upload = self.bestand.data
        if isinstance(upload, FileStorage) and upload.filename:
            geom = _from_upload(upload)
            self.vorm.data = vorm_text(geom)
            self.bestand.data = None
            return geom
        return parse_vorm(self.vorm.data or "")

    def peek_vorm(self) -> BaseGeometry | None:
        """The geometry as far as it can be read, for the map; None otherwise."""
        try:
            return parse_vorm(self.vorm.data or "")
        except Invalid:
            return None


def vorm_text(geom: BaseGeometry | None) -> str:
    """A stored geometry as the text of ``vorm``: GeoJSON to the millimetre."""
    if geom is None:
        return ""
    return json.dumps(mapping(shapely.transform(to_wgs84(geom), lambda xy: xy.round(8))))


def _from_upload(upload: FileStorage) -> BaseGeometry:
    settings: Settings = current_app.extensions["kernenkaart.settings"]
    naam = secure_filename(upload.filename or "") or "bestand"
    with tempfile.TemporaryDirectory(prefix="kernenkaart-upload-") as folder:
        path = Path(folder, naam)
        upload.save(path)
        limieten = Limieten(features=DELEN_MAX).up_to(settings.upload_max_mb)
        inhoud = read_geobestand(path, limieten=limieten)
    slecht = next((one for one in inhoud.features if one.geom is None), None)
    if slecht is not None:
        raise Invalid(f"Vorm {slecht.nummer} in het bestand {slecht.reden}.", veld="bestand")
    try:
        return combine([one.geom for one in inhoud.features if one.geom is not None])
    except Invalid as error:
        raise Invalid(error.melding, veld="bestand") from error
