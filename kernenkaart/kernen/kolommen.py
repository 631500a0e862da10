"""Which column of a file says what: the name, the lasting code, the gemeente, the heart."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.waarden import Feature, Waarde

# Names as CBS, BAG, Who's On First, OpenStreetMap and municipalities themselves use them, most
# telling first. Compared without case.
NAAM = (
    *("naam", "kern", "kernnaam", "bu_naam", "buurtnaam", "woonplaats", "woonplaatsnaam"),
    *("wpsnaam", "wps_naam", "plaatsnaam", "plaats", "dorp", "dorpsnaam", "statnaam", "wk_naam"),
    *("wijknaam", "name", "wof:name", "label", "titel", "gm_naam", "gemeentenaam"),
)
CODE = (
    *("code", "kerncode", "kern_code", "bu_code", "buurtcode", "identificatie", "woonplaatscode"),
    *("woonplaatsid", "wpscode", "wps_code", "wpsid", "statcode", "wk_code", "wijkcode"),
    *("wof_id", "wof:id", "gm_code", "gemeentecode", "@id", "osm_id"),
)  # not id, fid or objectid: those number the rows of one export, and change with the next
GEMEENTE_CODE = (
    *("gemeente", "gm_code", "gemeentecode", "gemcode", "gem_code", "gemeente_code", "cbscode"),
    *("bronhouder", "localadmin_code", "statcode", "cbsnl_code"),
)
GEMEENTE_NAAM = (
    *("gm_naam", "gemeentenaam", "gemnaam", "gem_naam", "gemeente_naam", "gemeente"),
    *("localadmin_name", "statnaam"),
)
SOORT = ("soort",)
_GEMEENTE = re.compile(r"(?:(?:\d{4})?GM|G)?([0-9]{1,4})")
HART_RD = (("hart_x", "hart_y"),)
HART_WGS84 = (("lbl_lon", "lbl_lat"), ("lbl:longitude", "lbl:latitude"))


@dataclass(frozen=True)
class Kolommen:
    """The columns to read; None where the file has none."""

    naam: str
    code: str | None
    gemeente_code: str | None
    gemeente_naam: str | None
    soort: str | None
    hart_rd: tuple[str, str] | None
    hart_wgs84: tuple[str, str] | None


def tekst(waarde: Waarde) -> str:
    """A value as text for a name or code: ``1960.0`` is ``1960``, spaces are trimmed."""
    if waarde is None:
        return ""
    if isinstance(waarde, float) and waarde.is_integer():
        return str(int(waarde))
    return " ".join(str(waarde).split())


def guess(
    velden: Sequence[str],
    features: Sequence[Feature],
    *,
    naam: str | None = None,
    code: str | None = None,
) -> Kolommen:
    """The columns of a file, by their names and by what is in them.

    Args:
        velden: all columns of the file.
        naam: the column with the name, when it is told.
        code: the column with the code, when it is told.

    Raises:
        Invalid: if a told column is not there, or no column with a name is recognised.
    """
    by_name = {veld.casefold(): veld for veld in reversed(velden)}

    def first(names: Sequence[str], fits: Callable[[str], bool]) -> str | None:
        present = (by_name[name] for name in names if name in by_name)
        return next((veld for veld in present if fits(veld)), None)

    def pair(pairs: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
        return next(
            ((by_name[x], by_name[y]) for x, y in pairs if x in by_name and y in by_name), None
        )

    chosen = _told(naam, velden) if naam else first(NAAM, lambda veld: _names(veld, features))
    if chosen is None:
        raise Invalid(
            "Geen kolom met de naam van de kern herkend. Geef die met --naam. "
            f"Dit bestand heeft: {', '.join(velden) or 'geen kolommen'}."
        )
    sleutel = (
        _told(code, velden)
        if code
        else first(CODE, lambda veld: veld != chosen and _identifies(veld, chosen, features))
    )
    return Kolommen(
        naam=chosen,
        code=sleutel,
        gemeente_code=first(GEMEENTE_CODE, lambda veld: _gemeente_codes(veld, features)),
        gemeente_naam=first(GEMEENTE_NAAM, lambda veld: _names(veld, features)),
        soort=first(SOORT, lambda _: True),
        hart_rd=pair(HART_RD),
        hart_wgs84=pair(HART_WGS84),
    )


def guess_gemeenten(
    velden: Sequence[str],
    features: Sequence[Feature],
    *,
    naam: str | None = None,
    code: str | None = None,
) -> Kolommen:
    """The columns of a file with gemeenten; as ``guess``.

    Raises:
        Invalid: if there is no column with CBS codes, or none with the name.
    """
    columns = guess(velden, features, naam=naam, code=code)
    present = [
        veld for veld in velden if veld.casefold() in (*GEMEENTE_CODE, "identificatie", "code")
    ]
    wanted = [columns.code] if code else present
    found = next((veld for veld in wanted if veld and _gemeente_codes(veld, features)), None)
    if found is None:
        raise Invalid(
            "Geen kolom met CBS-codes van gemeenten herkend (zoals GM1960). Geef die met --code. "
            f"Dit bestand heeft: {', '.join(velden) or 'geen kolommen'}."
        )
    chosen = columns.naam if naam else columns.gemeente_naam or columns.naam
    return replace(columns, naam=chosen, code=found, gemeente_code=found)


def normal_gemeente_code(waarde: Waarde) -> str | None:
    """A CBS code as ``GM1960``, also from ``1960``, ``G1960`` or ``2022GM1960``; else None."""
    found = _GEMEENTE.fullmatch(tekst(waarde).upper())
    return f"GM{int(found[1]):04d}" if found and int(found[1]) else None


def _told(name: str, velden: Sequence[str]) -> str:
    for veld in velden:
        if veld.casefold() == name.casefold():
            return veld
    raise Invalid(
        f"Er is geen kolom {name!r}. Dit bestand heeft: {', '.join(velden) or 'geen kolommen'}."
    )


def _names(veld: str, features: Sequence[Feature]) -> bool:
    """Whether a column holds words."""
    return any(
        isinstance(waarde := feature.velden.get(veld), str)
        and any(letter.isalpha() for letter in waarde)
        and normal_gemeente_code(waarde) is None
        for feature in features
    )


def _identifies(veld: str, naam: str, features: Sequence[Feature]) -> bool:
    """Whether a column has a value in every row, and each value goes with one name."""
    names: dict[str, str] = {}
    for feature in features:
        key = tekst(feature.velden.get(veld))
        name = tekst(feature.velden.get(naam))
        if not key or names.setdefault(key, name) != name:
            return False
    return True


def _gemeente_codes(veld: str, features: Sequence[Feature]) -> bool:
    """Whether a column holds codes of gemeenten."""
    values = [waarde for f in features if (waarde := f.velden.get(veld)) is not None]
    return bool(values) and all(normal_gemeente_code(waarde) for waarde in values)
