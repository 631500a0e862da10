"""What every form shares: a summary of errors, a place, safe resending, two people editing.

A field's ``id`` is its name. A form that puts something in the kernenkaart carries three hidden
values: ``sleutel`` (sending it twice makes one), ``versie`` (two people editing: the second is
told) and ``was`` (what the editor started from, so that the page can show who changed what).
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from shapely.geometry import Point
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField

from kernenkaart.errors import Invalid
from kernenkaart.geo.bereik import in_bereik
from kernenkaart.geo.crs import to_rd, to_wgs84
from kernenkaart.web.csrf import TokenCsrf
from kernenkaart.web.velden import (
    GetalVeld,
    GetypteWaarde,
    KeuzeVeld,
    SleutelVeld,
    TekstVeld,
    VersieVeld,
    hoogstens,
)


class Formulier(FlaskForm):  # type: ignore[misc]
    """Base of all forms, with CSRF protection and a summary of errors in the order of the page."""

    op_de_pagina: ClassVar[tuple[str, ...]] = ()  # fields as they stand on the page

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Own Dutch sentences; what is left of WTForms in Dutch too."""

        locales = ("nl",)
        csrf_class = TokenCsrf

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Tie the help and the error of a field to it (``<id>-hulp``, ``<id>-fout``)."""
            beschreven = [render_kw.pop("aria_describedby", "")]
            if field.description:
                beschreven.append(f"{field.id}-hulp")
            if field.errors:
                render_kw.setdefault("aria-invalid", "true")
                beschreven.append(f"{field.id}-fout")
            ids = " ".join(filter(None, beschreven))
            if ids:
                render_kw.setdefault("aria-describedby", ids)
            return super().render_field(field, render_kw)

    @property
    def samenvatting(self) -> list[tuple[str | None, str]]:
        """Every error as (id of its field, first sentence); None is about the whole form."""
        lines: list[tuple[str | None, str]] = [
            (None, melding) for melding in dict.fromkeys(self.form_errors)
        ]
        fields = sorted(self, key=self._place_on_page) if self.op_de_pagina else self
        for field in fields:
            lines += [
                (field.id, str(melding).split(". ")[0].rstrip(".")) for melding in field.errors
            ]
        return lines

    def _place_on_page(self, field: Field) -> int:
        return (
            self.op_de_pagina.index(field.short_name)
            if field.short_name in self.op_de_pagina
            else -1
        )


def show_error(form: Formulier, error: Invalid) -> None:
    """Put the sentence of ``error`` beside its field, or above the form when it has none."""
    field = form._fields.get(error.veld or "")
    if field is None:
        form.form_errors.append(error.melding)
    else:
        field.errors = [*field.errors, error.melding]


class Invoer(Formulier):
    """A form that puts something in the kernenkaart or changes it."""

    sleutel = SleutelVeld()
    versie = VersieVeld()
    was = HiddenField()

    def start_from(self, waarden: Mapping[str, Any], versie: int) -> None:
        """Fill the form for editing and remember what the editor starts from.

        Args:
            waarden: by field name.
            versie: of the row they come from.
        """
        for naam, waarde in waarden.items():
            _fill(self[naam], waarde)
        self.versie.data = versie
        self.was.data = json.dumps(self.typed(), ensure_ascii=False)

    def typed(self) -> dict[str, str]:
        """What stands in each visible field, as text: the same value always reads the same."""
        return {field.short_name: _as_text(field) for field in self if _is_content(field)}

    def same_as(self, waarden: Mapping[str, Any]) -> bool:
        """Whether the form says what is stored; a field left empty that was derived counts too."""
        stored = type(self)(formdata=None)
        stored.start_from(waarden, 0)
        mine, theirs = self.typed(), stored.typed()
        derived = {naam for naam in ("lon", "lat", "kern") if not mine.get(naam)}
        return all(mine[naam] == theirs[naam] for naam in mine if naam not in derived)

    def to_hidden(self) -> list[tuple[str, str]]:
        """Name and text of every field, to carry along through a page that only shows them."""
        return [
            (field.name, text)
            for field in self
            if field.name != "csrf_token"
            and not (isinstance(field, BooleanField) and not field.data)
            for text in _carried(field)
        ]

    def started_from(self) -> dict[str, str]:
        """What ``typed`` gave when the editor started; empty when that is not known."""
        try:
            was = json.loads(self.was.data or "{}")
        except ValueError:
            return {}
        return was if isinstance(was, dict) else {}

    def differences(self, waarden: Mapping[str, Any], versie: int) -> list["Verschil"]:
        """What somebody else changed since this editor started, and take it over where it can be.

        A field that only the other changed takes the other's value; one that both changed keeps
        the own text. Afterwards the form builds on ``versie``, so that saving again overwrites
        with open eyes.

        Args:
            waarden: what is stored now, by field name.
            versie: of what is stored now.
        """
        was, mine = self.started_from(), self.typed()
        nu = type(self)(formdata=None)
        for field in nu:
            if isinstance(field, SelectField):
                field.choices = self[field.name].choices
        nu.start_from(waarden, versie)
        found = []
        for naam, stored in nu.typed().items():
            if stored in (mine[naam], was.get(naam)):
                continue
            taken = mine[naam] == was.get(naam)
            if taken:
                _fill(self[naam], nu[naam].data)
            found.append(Verschil(self[naam], _shown(nu[naam]), overgenomen=taken))
        _fill(self.versie, versie)
        _fill(self.was, nu.was.data)
        return found


class Verschil:
    """A field that somebody else changed.

    Attributes:
        veld: the field of the own form.
        nu: what the other made of it, as text.
        overgenomen: whether the own form took it over, because it had not changed it itself.
    """

    def __init__(self, veld: Field, nu: str, *, overgenomen: bool) -> None:
        self.veld = veld
        self.nu = nu
        self.overgenomen = overgenomen


def _fill(field: Field, waarde: Any) -> None:
    field.process(None, waarde)
    field.raw_data = None


def _is_content(field: Field) -> bool:
    return field.short_name not in {"csrf_token", "sleutel", "versie", "was"}


def _carried(field: Field) -> list[str]:
    if isinstance(field, SelectMultipleField):
        return [str(waarde) for waarde in field.data or ()]
    return [str(field._value()) if hasattr(field, "_value") else _as_text(field)]


def _as_text(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "ja" if field.data else ""
    if isinstance(field, SelectMultipleField):
        return ", ".join(sorted(map(str, field.data or ())))
    if isinstance(field, GetypteWaarde) and field.data is not None:
        return field.notation(field.data)
    return "" if field.data is None else str(field.data)


def _shown(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "ja" if field.data else "nee"
    if isinstance(field, SelectMultipleField):
        chosen = set(field.data or ())
        return ", ".join(str(k[1]) for k in field.choices or () if k[0] in chosen) or "(leeg)"
    if isinstance(field, SelectField):
        return next(
            (str(k[1]) for k in field.choices or () if field.coerce(k[0]) == field.data), ""
        )
    return _as_text(field) or "(leeg)"


class PlekVelden(Invoer):
    """Where something is: a point, else the heart of a kern, else only the kern.

    Without a script one fills ``plek`` and ``kern``; with one, a map over
    ``lon`` and ``lat`` (WGS84, degrees).
    """

    plek = TekstVeld("Plek of adres", validators=[hoogstens(200)])
    kern = KeuzeVeld("In welke kern?", leeg="Kies een kern")
    lon = GetalVeld("Lengtegraad", description="Bijvoorbeeld 5,2661")
    lat = GetalVeld("Breedtegraad", description="Bijvoorbeeld 51,8893")
    plek_onbekend = BooleanField("De plek is nog niet bekend. Zet het alleen in de lijst.")

    def to_punt(self) -> Point | None:
        """The point that was given, in RD; None when there is none or the place is not known.

        Without a script the point stays behind when another kern is chosen: then the kern counts.

        Raises:
            Invalid: if a coordinate is missing, swapped or outside the reach of RD.
        """
        lon, lat = self.lon.data, self.lat.data
        if self.plek_onbekend.data or (lon is None and lat is None):
            return None
        if self._moved_to_other_kern():
            return None
        if lon is None or lat is None:
            veld = "lon" if lon is None else "lat"
            raise Invalid("Vul beide getallen in, of geen van beide.", veld=veld)
        if lat < 10 < lon:
            raise Invalid(
                "De lengtegraad en de breedtegraad zijn verwisseld. Draai ze om.", veld="lon"
            )
        if not (2 < lon < 8 and 50 < lat < 54):
            raise Invalid("Deze plek ligt buiten Nederland. Kies een andere plek.", veld="plek")
        punt = to_rd(Point(lon, lat))
        if not in_bereik(punt):
            raise Invalid("Deze plek ligt buiten Nederland. Kies een andere plek.", veld="plek")
        return punt

    def _moved_to_other_kern(self) -> bool:
        was, nu = self.started_from(), self.typed()
        return bool(
            nu["kern"]
            and was.get("kern")
            and nu["kern"] != was["kern"]
            and (nu["lon"], nu["lat"]) == (was.get("lon"), was.get("lat"))
        )


def plek_waarden(punt: Any, plek_naam: str | None, kern_id: int | None) -> dict[str, Any]:
    """The values of ``PlekVelden`` for something stored.

    Args:
        punt: RD point or None.
    """
    lonlat = to_wgs84(punt) if punt is not None else None
    return {
        "plek": plek_naam or "",
        "kern": kern_id,
        "lon": None if lonlat is None else round(lonlat.x, 7),
        "lat": None if lonlat is None else round(lonlat.y, 7),
        "plek_onbekend": punt is None,
    }
