"""Which column of a source is what of a work: guessed at first, corrected by who knows it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from kernenkaart.errors import Invalid
from kernenkaart.periode import parse_periode
from kernenkaart.werkzaamheden.models import Diepte, Hinder, Status

VOORBEELDEN = 3  # values of a column that are shown
WAARDEN_MAX = 60  # different values of a column that can each be given a meaning


class Veld(StrEnum):
    """What a column can be."""

    SLEUTEL = "sleutel"
    TITEL = "titel"
    OMSCHRIJVING = "omschrijving"
    SOORT = "soort"
    DIEPTE = "diepte"
    BEGIN = "begin"
    EIND = "eind"
    VROEGST = "vroegst"
    LAATST = "laatst"
    DUUR = "duur"
    STATUS = "status"
    ORGANISATIE = "organisatie"
    HINDER = "hinder"
    HINDER_KORT = "hinder_kort"
    HINDER_VORM = "hinder_vorm"
    OMLEIDING = "omleiding"
    OMLEIDING_VORM = "omleiding_vorm"
    PLEK = "plek"
    X = "x"
    Y = "y"
    VORM = "vorm"


# a source does not confirm: that is said here, after the groups of the kern were told
NIET_HIER = frozenset({Status.CONCEPT, Status.BEVESTIGD})
VERTAALD = (Veld.SOORT, Veld.DIEPTE, Veld.STATUS, Veld.ORGANISATIE, Veld.HINDER)


class Datumvorm(StrEnum):
    """In which order a date of digits alone is written; one that begins with a year is clear."""

    DAG_EERST = "dag_eerst"
    MAAND_EERST = "maand_eerst"


class Buiten(StrEnum):
    """What is done with works that lie too far outside the gemeente."""

    WEIGER = "weiger"
    SLA_OVER = "sla_over"


@dataclass(frozen=True)
class Kolom:
    """A column of a source.

    Attributes:
        waarden: its different values by how often they occur, the first ones if there are many.
        meer: whether there are more.
    """

    naam: str
    waarden: tuple[str, ...] = ()
    meer: bool = False


@dataclass(frozen=True)
class Koppeling:
    """A mapping.

    Attributes:
        kolommen: the name of the column by ``Veld``; what is not there has none.
        vertaling: by ``Veld``, then by value in small letters, what we call it: the key of a kind
            or an organisation, or a code; an empty text is what the source has by default.
        soort_id: the kind of works that name none of ours.
        status: of works whose source says nothing that we know.
        hinder: the same.
        datumvorm: the order of day and month in digits.
        buiten: what is done with what lies outside.
        openbaar: whether everybody sees what comes of it.
        raad_soort: whether a kind that is not said is looked for in the texts.
        zonder_dag: the period of works that name none ("voorjaar 2028"); empty refuses them.
    """

    soort_id: int
    kolommen: Mapping[str, str] = field(default_factory=dict)
    vertaling: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: Status = Status.VERWACHT
    hinder: Hinder = Hinder.GEEN
    datumvorm: Datumvorm = Datumvorm.DAG_EERST
    buiten: Buiten = Buiten.WEIGER
    openbaar: bool = True
    raad_soort: bool = True
    zonder_dag: str = ""

    def to_json(self) -> dict[str, Any]:
        """Its values as JSON holds them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        codes = {
            "status": Status(values["status"]),
            "hinder": Hinder(values["hinder"]),
            "datumvorm": Datumvorm(values["datumvorm"]),
            "buiten": Buiten(values["buiten"]),
        }
        return cls(**{**values, **codes})

    def check(self, namen: Iterable[str]) -> None:
        """Refuse a mapping that cannot work.

        Args:
            namen: of the columns that there are.

        Raises:
            Invalid: beside the field that is wrong.
        """
        known = set(namen)
        for veld, kolom in self.kolommen.items():
            if kolom not in known:
                raise Invalid(f"De kolom {kolom} staat niet in dit bestand.", veld=veld)
        if self.zonder_dag:
            try:
                parse_periode(self.zonder_dag)
            except ValueError as error:
                raise Invalid(str(error), veld="zonder_dag") from error
        elif not {Veld.BEGIN, Veld.VROEGST} & set(self.kolommen):
            raise Invalid("Kies de kolom met de eerste of de vroegste dag.", veld=Veld.BEGIN)
        if NIET_HIER & {self.status, *self.vertaling.get(Veld.STATUS, {}).values()}:
            raise Invalid("Een bron bevestigt geen werk. Kies iets anders.", veld=Veld.STATUS)
        if (Veld.X in self.kolommen) != (Veld.Y in self.kolommen):
            raise Invalid("Kies de kolom met x en die met y, of geen van beide.", veld=Veld.Y)


_RADEN: dict[Veld, str] = {
    Veld.SLEUTEL: r"id|.*_id|fid|objectid|gml_?id|nummer|.*nummer|kenmerk|code|globalid|uuid|.*nr",
    Veld.TITEL: r"titel|title|naam|name|.*_?naam|project|omschrijving_?kort|onderwerp|werk",
    Veld.OMSCHRIJVING: (
        r"omschrijving|beschrijving|description|toelichting|soortwerkzaamheden|tekst|body|"
        r"werkzaamheden|opmerking(en)?"
    ),
    Veld.SOORT: r"soort|type|categorie|category|kind|.*_?type|soort.*|werksoort|discipline",
    Veld.BEGIN: (
        r"begin|start|van|vanaf|eerste_?dag|start_?datum|begin_?datum|datum_?(start|begin|van)|"
        r"start_?date|planning|periode|datum"
    ),
    Veld.EIND: (
        r"eind|einde|end|tot|t/m|tot_?en_?met|laatste_?dag|eind_?datum|datum_?(eind|einde|tot)|"
        r"end_?date|gereed"
    ),
    Veld.VROEGST: (
        r"(op_?zijn_?)?vroegste?(_?(dag|datum|(start|begin)(_?datum)?))?|earliest(_?start)?"
    ),
    Veld.LAATST: (
        r"(op_?zijn_?)?laatst(_?(dag|eind))?|laatste_?(datum|eind(_?datum)?)|uiterlijk|"
        r"uiterste_?(datum|dag)|latest(_?end)?"
    ),
    Veld.DUUR: r"duur|doorlooptijd|aantal_?(dagen|weken)|duur_?(in_?)?(dagen|weken)|duration",
    Veld.DIEPTE: r"diepte|laag|ondergrond|depth",
    Veld.STATUS: r"status|fase|stand|zekerheid|planstatus",
    Veld.ORGANISATIE: r"organisatie|opdrachtgever|(net)?beheerder|eigenaar|initiatiefnemer",
    Veld.HINDER: r"hinder|hinderklasse|afsluiting|verkeershinder|overlast",
    Veld.HINDER_KORT: r"hinder_kort|hinder_?omschrijving|verkeersmaatregel(en)?",
    Veld.HINDER_VORM: r"hinder_?(vorm|gebied|vlak|geom|geometrie|wkt)",
    Veld.OMLEIDING: r"omleiding(en)?(_?tekst)?|omleidingsroute|detour",
    Veld.OMLEIDING_VORM: r"(omleiding|detour)_?(vorm|lijn|geom|geometrie|wkt)",
    Veld.PLEK: r"plek|locatie|straat|adres|straatnaam|locatiewerkzaamheden|location|address|weg",
    Veld.X: r"x|rd_?x|x_?rd|x_?coord(inaat)?|lon|lng|longitude|lengtegraad|oost",
    Veld.Y: r"y|rd_?y|y_?rd|y_?coord(inaat)?|lat|latitude|breedtegraad|noord",
    Veld.VORM: r"wkt|geom|geometry|geometrie|the_geom|shape|vorm|geojson",
}  # fmt: skip
_EERST = (
    Veld.X, Veld.Y, Veld.VORM, Veld.HINDER_VORM, Veld.OMLEIDING_VORM, Veld.OMLEIDING, Veld.BEGIN,
    Veld.EIND, Veld.VROEGST, Veld.LAATST, Veld.DUUR, Veld.PLEK, Veld.OMSCHRIJVING, Veld.STATUS,
    Veld.ORGANISATIE, Veld.HINDER, Veld.HINDER_KORT, Veld.DIEPTE, Veld.SOORT, Veld.TITEL,
    Veld.SLEUTEL,
)  # fmt: skip
_SOORTEN = {
    "riool": r"riool|riolering|sewer|afkoppel",
    "asfalt": r"asfalt|resurfacing|verharding|overlay",
    "bestrating": r"bestrat|klinker|trottoir|stoep|herinricht|paving|rijbaan|fietspad",
    "waterleiding": r"waterleiding|drinkwater|water ?net|vitens|waternet",
    "gas": r"\bgas",
    "glasvezel-en-telecom": r"glasvezel|telecom|kpn|fib|ziggo|data ?kabel",
    "stroom": r"stroom|elektr|laagspanning|middenspanning|hoogspanning|electric|liander|\bkabel",
    "warmte": r"warmte|stadsverwarming",
    "bomen-en-groen": r"\bbo(o)?m|groen|plantsoen|tree|grassCutting|snoei",
    "brug-of-duiker": r"brug|duiker|bridge|viaduct|kade",
    "dijk": r"dijk",
    "sloot-en-oever": r"sloot|oever|bagger|beschoeiing",
    "verlichting": r"verlichting|lantaarn|lichtmast",
    "bouw": r"bouw|sloop|nieuwbouw|construction|building",
}
_STATUSSEN = {
    Status.VERVALLEN: r"vervallen|geannuleerd|gaat niet door|ingetrokken|cancel",
    Status.KLAAR: r"klaar|gereed|afgerond|voltooid|completed|finished|beeindigd|opgeleverd",
    Status.BEZIG: r"bezig|in uitvoering|lopend|running|implemented|active|gestart|being",
    Status.UITGESTELD: r"uitgesteld|suspended|on hold",
    Status.NOG_NIET_ZEKER: r"concept|onzeker|nog niet zeker|initiatief|possible|riskof|idee|intake",
    Status.VERWACHT: (
        r"verwacht|gepland|planned|published|approved|certain|probable|definitief|bevestigd|"
        r"voorbereiding|vergund"
    ),
}
_DIEPTEN = {
    Diepte.RIOOL: r"riool|riolering|sewer",
    Diepte.KABELS: r"kabel|leiding|ondergronds|cable|pipe",
    Diepte.VERHARDING: r"verharding|bestrating|asfalt|maaiveld|road|surface",
    Diepte.GROEN: r"groen|bo(o)?m",
    Diepte.GEBOUW: r"gebouw|bouw|building",
    Diepte.BOVEN: r"boven|bovengronds|lucht|above",
}
_HINDER = {
    Hinder.AFGESLOTEN: r"afgesloten|dicht|volledig|closed|stremming|gestremd|klasse ?[ab]\b",
    Hinder.BEPERKT: r"beperkt|deels|half|gering|minder|lane|klasse ?[cd]\b|ja\b",
    Hinder.GEEN: r"geen|nee\b|none|klasse ?e\b",
}


def guess(kolommen: Sequence[Kolom], soorten: Mapping[str, int], *, anders: int) -> Koppeling:
    """A first mapping, by the names of the columns and by what stands in them.

    Args:
        soorten: the keys of our kinds by code.
        anders: the key of the kind for what names none of ours.
    """
    vrij = {_plain(kolom.naam): kolom.naam for kolom in reversed(kolommen) if kolom.waarden}
    gekozen: dict[str, str] = {}
    for veld in _EERST:
        patterns = _RADEN[veld].split("|") if veld is Veld.SLEUTEL else [_RADEN[veld]]
        found = next(
            (key for pattern in patterns for key in reversed(vrij) if re.fullmatch(pattern, key)),
            None,
        )
        if found is not None:
            gekozen[veld] = vrij.pop(found)
    if (Veld.X in gekozen) != (Veld.Y in gekozen):
        gekozen.pop(Veld.X, None)
        gekozen.pop(Veld.Y, None)
    by_name = {kolom.naam: kolom for kolom in kolommen}
    vertaling: dict[str, dict[str, Any]] = {}
    for veld in VERTAALD:
        if veld in gekozen:
            waarden = by_name[gekozen[veld]].waarden
            vertaling[veld] = {
                waarde.lower(): meant
                for waarde in waarden
                if (meant := _meaning(veld, waarde, soorten)) is not None
            }
    return Koppeling(soort_id=anders, kolommen=gekozen, vertaling=vertaling)


def guess_soort(tekst: str, soorten: Mapping[str, int]) -> int | None:
    """The kind of ours that a text names; None when it names none."""
    for code, pattern in _SOORTEN.items():
        if code in soorten and re.search(pattern, tekst, re.IGNORECASE):
            return soorten[code]
    return None


def _meaning(veld: Veld, waarde: str, soorten: Mapping[str, int]) -> int | str | None:
    if veld is Veld.SOORT:
        return guess_soort(waarde, soorten)
    tables: dict[Veld, Mapping[Any, str]] = {
        Veld.STATUS: _STATUSSEN, Veld.HINDER: _HINDER, Veld.DIEPTE: _DIEPTEN,
    }  # fmt: skip
    for code, pattern in tables.get(veld, {}).items():
        if re.search(pattern, waarde, re.IGNORECASE):
            return str(code)
    return None


def _plain(naam: str) -> str:
    letters = unicodedata.normalize("NFKD", naam.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[\s.()\[\]-]+", "_", letters).strip("_")
