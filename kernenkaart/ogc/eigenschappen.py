"""What a program may write of a work: name outside, field of the form, type in JSON.

Rules and sentences stand in the form (``werkzaamheden/forms.py``); here is only how JSON becomes
what a page would have sent, and what the OpenAPI document says about it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kernenkaart.ogc.schemas import ref
from kernenkaart.periode import DUUR_MAX
from kernenkaart.werkzaamheden.laag import LAAG
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status

_DAG = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
REGELS_MAX = 20


class Soort(StrEnum):
    """The type of a property in JSON."""

    TEKST = "tekst"
    DAG = "dag"
    JANEE = "janee"
    GETAL = "getal"
    DAGEN = "dagen"
    REGELS = "regels"
    FASEN = "fasen"
    VORM = "vorm"


@dataclass(frozen=True)
class Eigenschap:
    """One property.

    Attributes:
        naam: outside, as in the open layer where that has it too.
        veld: of ``WerkForm``.
        uitleg: what it means, in plain Dutch; empty takes the words of the open layer.
        codes: the values it can have.
        verplicht: whether a new work needs it.
        hoogstens: characters.
    """

    naam: str
    veld: str
    soort: Soort = Soort.TEKST
    uitleg: str = ""
    codes: tuple[str, ...] = ()
    verplicht: bool = False
    hoogstens: int | None = None

    @property
    def omschrijving(self) -> str:
        """What it means, in plain Dutch."""
        return self.uitleg or LAAG.velden[self.naam].omschrijving

    @property
    def schema(self) -> dict[str, Any]:
        """The property as JSON Schema, in the dialect of OpenAPI 3.0."""
        found = {"description": self.omschrijving} | _SCHEMAS[self.soort]
        if self.codes:
            found["enum"] = [*self.codes, None]  # no property with codes is required
        if self.hoogstens is not None:
            found["maxLength"] = self.hoogstens
        return found if self.verplicht else found | {"nullable": True}


REGEL_SCHEMA = {
    "type": "object",
    "required": ["wie", "niveau", "tekst"],
    "additionalProperties": False,
    "properties": {
        "wie": {
            "type": "string", "maxLength": 100,
            "description": "Wie erlangs wil: auto's, fietsers, de bus.",
        },
        "niveau": {
            "type": "string", "enum": list(Hinder),
            "description": "afgesloten: niet; beperkt: soms of anders; geen: wel.",
        },
        "tekst": {"type": "string", "maxLength": 300, "description": "Wanneer en hoe."},
    },
}  # fmt: skip
VAN_STAP = {"naam", "eersteDag", "laatsteDag"}  # what a step cannot do without
FASE_SCHEMA = {
    "type": "object",
    "required": ["naam", "eersteDag", "laatsteDag"],
    "additionalProperties": False,
    "properties": {
        "naam": {"type": "string", "maxLength": 100, "description": "Wat er gebeurt."},
        "eersteDag": {"type": "string", "format": "date"},
        "laatsteDag": {"type": "string", "format": "date"},
        "vorm": {
            "allOf": [ref("schemas", "meetkunde")], "nullable": True,
            "description": "Waar deze stap is. Zonder: waar het werk is.",
        },
    },
}  # fmt: skip
_SCHEMAS: dict[Soort, dict[str, Any]] = {
    Soort.TEKST: {"type": "string"},
    Soort.DAG: {"type": "string", "format": "date"},
    Soort.JANEE: {"type": "boolean"},
    Soort.GETAL: {"type": "integer", "minimum": 1},
    Soort.DAGEN: {"type": "integer", "minimum": 1, "maximum": DUUR_MAX},
    Soort.REGELS: {"type": "array", "maxItems": REGELS_MAX, "items": REGEL_SCHEMA},
    Soort.FASEN: {"type": "array", "maxItems": REGELS_MAX, "items": FASE_SCHEMA},
    Soort.VORM: {"allOf": [ref("schemas", "meetkunde")]},
}
_ZICHTBAAR = tuple(status.value for status in Status if status is not Status.CONCEPT)

EIGENSCHAPPEN = (
    Eigenschap("titel", "titel", verplicht=True, hoogstens=200),
    Eigenschap("omschrijving", "omschrijving", hoogstens=5000),
    Eigenschap("soort", "soort", uitleg="Wat voor werk het is: naam of code.", verplicht=True),
    Eigenschap(
        "organisatie", "organisatie",
        uitleg="Van wie het werk is. Zonder: van de organisatie van de sleutel.",
    ),
    Eigenschap(
        "eersteDag", "eerste_dag", Soort.DAG,
        uitleg="De eerste dag van het werk. Verplicht, tenzij je een periode geeft.",
    ),
    Eigenschap(
        "laatsteDag", "laatste_dag", Soort.DAG,
        uitleg="De laatste dag; die hoort er nog bij. Verplicht, tenzij je een periode geeft.",
    ),
    Eigenschap(
        "periode", "periode", hoogstens=80,
        uitleg="Wanneer het ongeveer is, als de dagen nog niet bekend zijn: voorjaar 2028, "
        "3e kwartaal 2027, maart t/m mei 2028, week 12 2027.",
    ),
    Eigenschap("duurDagen", "duur", Soort.DAGEN),
    Eigenschap("vroegst", "vroegst", Soort.DAG),
    Eigenschap("laatst", "laatst", Soort.DAG),
    Eigenschap(
        "diepte", "diepte", codes=tuple(Diepte),
        uitleg="Welke laag van de straat opengaat. Zonder: die van de soort.",
    ),
    Eigenschap(
        "fasen", "fasen", Soort.FASEN,
        uitleg="De stappen van het werk, elk met eigen dagen en, als je wilt, een eigen plek.",
    ),
    Eigenschap(
        "status", "status", codes=tuple(Status),
        uitleg="Hoe zeker het is en hoe ver. Zonder: verwacht. Een concept ziet niemand anders.",
    ),
    Eigenschap(
        "statusStraks", "status_straks", codes=_ZICHTBAAR,
        uitleg="Alleen bij een concept: wat het wordt als het op de kaart komt.",
    ),
    Eigenschap(
        "vrijstelling", "vrijstelling", hoogstens=500,
        uitleg="Waarom werk bevestigd of bezig is zonder startcheck. Alleen om te schrijven.",
    ),
    Eigenschap("hinder", "hinder", codes=tuple(Hinder)),
    Eigenschap("hinderKort", "hinder_kort", hoogstens=80),
    Eigenschap(
        "hinderregels", "hinderregels", Soort.REGELS, uitleg="Wie erlangs kan, en wanneer."
    ),
    Eigenschap(
        "hinderVorm", "hinder_vorm", Soort.VORM,
        uitleg="Waar hinder is, in hetzelfde coördinatenstelsel. Zonder: op de plek zelf.",
    ),
    Eigenschap("omleiding", "omleiding", hoogstens=300),
    Eigenschap(
        "omleidingVorm", "omleiding_vorm", Soort.VORM,
        uitleg="Hoe de omleiding loopt: een lijn, in hetzelfde coördinatenstelsel.",
    ),
    Eigenschap("plek", "plek", hoogstens=200),
    Eigenschap(
        "project", "project", Soort.GETAL, uitleg="Nummer van het project waar het bij hoort."
    ),
    Eigenschap(
        "contactRol", "contact_rol", hoogstens=60,
        uitleg="Wie vragen beantwoordt: een rol, geen naam.",
    ),
    Eigenschap("contactTelefoon", "contact_telefoon", hoogstens=30, uitleg="Waar je kunt bellen."),
    Eigenschap(
        "openbaar", "openbaar", Soort.JANEE,
        uitleg="Of iedereen het mag zien. Zonder: ja. Anders zien alleen planners het.",
    ),
)  # fmt: skip
BY_NAAM = {eigenschap.naam: eigenschap for eigenschap in EIGENSCHAPPEN}
BY_VELD = {eigenschap.veld: eigenschap for eigenschap in EIGENSCHAPPEN}
ALLEEN_LEZEN = ("nauwkeurigheid", "kern", "bevestigdOp", "gewijzigdOp")


def read_value(eigenschap: Eigenschap, waarde: Any) -> str:
    """The text that a page would have sent for this value of JSON.

    Raises:
        ValueError: with a Dutch sentence, if it is of another type.
    """
    return _READERS[eigenschap.soort](eigenschap, waarde)


def _text(eigenschap: Eigenschap, waarde: Any) -> str:
    if not isinstance(waarde, str):
        raise ValueError("Dit moet tekst zijn, tussen aanhalingstekens.")
    if eigenschap.codes and waarde not in eigenschap.codes:
        raise ValueError(f"Kies uit: {', '.join(eigenschap.codes)}.")
    return waarde


def _day(_eigenschap: Eigenschap, waarde: Any) -> str:
    if isinstance(waarde, str) and _DAG.fullmatch(waarde):
        try:
            date.fromisoformat(waarde)
        except ValueError:
            pass
        else:
            return waarde
    raise ValueError("Schrijf een dag als 2027-06-07.")


def _yes(_eigenschap: Eigenschap, waarde: Any) -> str:
    if not isinstance(waarde, bool):
        raise ValueError("Dit moet true of false zijn.")
    return "y" if waarde else "false"


def _number(_eigenschap: Eigenschap, waarde: Any) -> str:
    if not isinstance(waarde, int) or isinstance(waarde, bool) or not 0 < waarde < 2**31:
        raise ValueError("Dit moet het nummer zijn, zonder aanhalingstekens.")
    return str(waarde)


def _lines(_eigenschap: Eigenschap, waarde: Any) -> str:
    velden = set(REGEL_SCHEMA["properties"])  # type: ignore[call-overload]
    if not isinstance(waarde, list):
        raise ValueError("Dit moet een lijst van regels zijn.")
    for nummer, regel in enumerate(waarde, start=1):
        if (
            not isinstance(regel, dict)
            or set(regel) != velden
            or not all(isinstance(tekst, str) for tekst in regel.values())
        ):
            raise ValueError(f"Regel {nummer}: geef wie, niveau en tekst, elk als tekst.")
    return json.dumps(waarde)


def _days(_eigenschap: Eigenschap, waarde: Any) -> str:
    if not isinstance(waarde, int) or isinstance(waarde, bool) or not 0 < waarde <= DUUR_MAX:
        raise ValueError(f"Dit moet een aantal dagen zijn, van 1 tot en met {DUUR_MAX}.")
    return f"{waarde} dagen"


def _steps(eigenschap: Eigenschap, waarde: Any) -> str:
    if not isinstance(waarde, list):
        raise ValueError("Dit moet een lijst van stappen zijn.")
    for nummer, stap in enumerate(waarde, start=1):
        if not isinstance(stap, dict) or set(stap) - {"vorm"} != {
            "naam",
            "eersteDag",
            "laatsteDag",
        }:
            raise ValueError(f"Stap {nummer}: geef naam, eersteDag en laatsteDag.")
        _text(eigenschap, stap["naam"])
        _day(eigenschap, stap["eersteDag"])
        _day(eigenschap, stap["laatsteDag"])
    return json.dumps(
        [
            {
                "naam": stap["naam"],
                "eerste_dag": stap["eersteDag"],
                "laatste_dag": stap["laatsteDag"],
                "vorm": "" if stap.get("vorm") is None else stap_deel(nummer),
            }
            for nummer, stap in enumerate(waarde)
        ]
    )


def _shape(eigenschap: Eigenschap, _waarde: Any) -> str:
    return eigenschap.veld


def stap_deel(nummer: int) -> str:
    """What stands in the form for the geometry of a step; counted from 0."""
    return f"stap-{nummer}"


def read_delen(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The GeoJSON geometries among properties, not looked at, by what stands for them in the form.

    Args:
        properties: of a feature, whatever is in them.
    """
    fasen = properties.get("fasen")
    stappen = enumerate(fasen if isinstance(fasen, list) else ())
    delen = {stap_deel(n): stap.get("vorm") for n, stap in stappen if isinstance(stap, dict)}
    delen |= {
        one.veld: properties.get(one.naam) for one in EIGENSCHAPPEN if one.soort is Soort.VORM
    }
    return {deel: waarde for deel, waarde in delen.items() if waarde is not None}


_READERS: dict[Soort, Callable[[Eigenschap, Any], str]] = {
    Soort.TEKST: _text,
    Soort.DAG: _day,
    Soort.JANEE: _yes,
    Soort.GETAL: _number,
    Soort.DAGEN: _days,
    Soort.REGELS: _lines,
    Soort.FASEN: _steps,
    Soort.VORM: _shape,
}
