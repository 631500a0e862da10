"""What a question for items may say, from text to values. Errors are Dutch sentences."""

import base64
import binascii
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kernenkaart.ogc.crs import Crs
from kernenkaart.tijd import AMSTERDAM, at

LIMIET = 25
LIMIET_MAX = 10_000
AFSTAND_M = 500.0
AFSTAND_MAX_M = 50_000.0

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DAG = re.compile(r"(\d{4}-\d{2}-\d{2})T?", re.ASCII)  # GDAL writes a day as 2027-06-12T
_GETAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_HEEL = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_TICK = timedelta(microseconds=1)  # what the database can tell apart
_JAREN = range(1000, 9000)  # in every time zone, and with room for a day more


def parse_limit(text: str) -> int:
    """How many things at most: 1 to ``LIMIET_MAX``."""
    if not _HEEL.fullmatch(text) or not 1 <= int(text) <= LIMIET_MAX:
        raise ValueError(f"Geef bij 'limit' een heel getal van 1 tot en met {LIMIET_MAX}.")
    return int(text)


def parse_number(text: str, naam: str) -> float:
    """A finite number, written with a point."""
    if not _GETAL.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError(f"Geef bij '{naam}' een getal, met een punt voor de decimalen.")
    return float(text)


def parse_afstand(text: str) -> float:
    """A distance in metres, 0 to ``AFSTAND_MAX_M``."""
    meters = parse_number(text, "afstand")
    if not 0 <= meters <= AFSTAND_MAX_M:
        raise ValueError(f"Geef bij 'afstand' 0 tot en met {AFSTAND_MAX_M:.0f} meter.")
    return meters


def parse_slug(text: str) -> str:
    """The name of a kern as in addresses."""
    if len(text) > 120 or not _SLUG.fullmatch(text):
        raise ValueError("Geef bij 'nabij' een kern zoals in webadressen: 'heesselt'.")
    return text


def parse_bbox(text: str) -> tuple[float, ...]:
    """Four numbers, axes in the order of their system; of six, heights are checked and dropped."""
    delen = text.split(",")
    if len(delen) not in (4, 6):
        raise ValueError("Geef bij 'bbox' vier of zes getallen met komma's ertussen.")
    getallen = [parse_number(deel.strip(), "bbox") for deel in delen]
    if len(getallen) == 6:
        if getallen[2] > getallen[5]:
            raise ValueError("In 'bbox' is de laagste hoogte groter dan de hoogste.")
        del getallen[5], getallen[2]
    return tuple(getallen)


def to_vak(bbox: tuple[float, ...], crs: Crs) -> str | None:
    """The part of a box that matters, as WKT (MULTIPOLYGON) with x before y.

    It is cut off where RD ends: nothing lies there, and its corners could not be moved to RD.

    Args:
        bbox: from ``parse_bbox``; in degrees west may be greater than east, over the date line.

    Returns:
        None when the box holds all that RD reaches, ``MULTIPOLYGON EMPTY`` when nothing of it.

    Raises:
        ValueError: if a coordinate means nothing in ``crs``, or north lies below south.
    """
    west, zuid, oost, noord = _x_first(bbox, crs)
    x_min, y_min, x_max, y_max = crs.grenzen
    if not all(x_min <= x <= x_max for x in (west, oost)) or not all(
        y_min <= y <= y_max for y in (zuid, noord)
    ):
        raise ValueError(f"'bbox' ligt buiten het bereik van {crs.uri}.")
    if zuid > noord:
        raise ValueError("In 'bbox' ligt de onderkant boven de bovenkant.")
    if west > oost and not crs.in_graden:
        raise ValueError("In 'bbox' ligt de linkerkant rechts van de rechterkant.")
    stukken = [(west, oost)] if west <= oost else [(west, x_max), (x_min, oost)]
    vx_min, vy_min, vx_max, vy_max = crs.venster
    zuid, noord = max(zuid, vy_min), min(noord, vy_max)
    vakken = [
        (max(links, vx_min), min(rechts, vx_max))
        for links, rechts in stukken
        if links <= vx_max and rechts >= vx_min and zuid <= noord
    ]
    if vakken == [(vx_min, vx_max)] and (zuid, noord) == (vy_min, vy_max):
        return None
    if not vakken:
        return "MULTIPOLYGON EMPTY"
    ringen = (
        f"(({l!r} {zuid!r},{r!r} {zuid!r},{r!r} {noord!r},{l!r} {noord!r},{l!r} {zuid!r}))"
        for l, r in vakken  # noqa: E741
    )
    return f"MULTIPOLYGON({','.join(ringen)})"


def _x_first(bbox: tuple[float, ...], crs: Crs) -> tuple[float, ...]:
    a, b, c, d = bbox
    return (b, a, d, c) if crs.lat_lon else (a, b, c, d)


@dataclass(frozen=True)
class Tijdvak:
    """From ``begin`` until just before ``einde``; None is unbounded. Both in UTC."""

    begin: datetime | None
    einde: datetime | None

    @property
    def eerste(self) -> date | None:
        """The first day, in Amsterdam."""
        return self.begin.astimezone(AMSTERDAM).date() if self.begin else None

    @property
    def laatste(self) -> date | None:
        """The last day, in Amsterdam."""
        return (self.einde - _TICK).astimezone(AMSTERDAM).date() if self.einde else None


def parse_datetime(text: str) -> Tijdvak:
    """A moment or an interval (RFC 3339); ``..`` or nothing is an open end, a day a whole day.

    Both ends of an interval belong to it.
    """
    delen = text.split("/")
    if len(delen) == 1:
        begin, einde = _moment(delen[0])
        return Tijdvak(begin, einde)
    if len(delen) != 2 or {*delen} <= {"", ".."}:
        raise ValueError(_DATETIME)
    van = None if delen[0] in {"", ".."} else _moment(delen[0])[0]
    tot = None if delen[1] in {"", ".."} else _moment(delen[1])[1]
    if van and tot and van >= tot:
        raise ValueError("In 'datetime' ligt het begin na het einde.")
    return Tijdvak(van, tot)


_DATETIME = (
    "Schrijf 'datetime' als 2027-06-12T10:00:00Z, als dag (2027-06-12), of als periode met een "
    "schuine streep ertussen: 2027-06-01/2027-08-31, 2027-06-01/.. of ../2027-08-31."
)


def _moment(text: str) -> tuple[datetime, datetime]:
    """The first moment that ``text`` says, and the first one after it."""
    try:
        if match := _DAG.fullmatch(text):
            dag = date.fromisoformat(match[1])
            _check_year(dag)
            begin, einde = at(dag, time()), at(dag + timedelta(days=1), time())
            return begin.astimezone(UTC), einde.astimezone(UTC)
        if match := _MOMENT.fullmatch(text):
            dag_, tijd, deel, zone = match.groups()
            zone = "+00:00" if zone in "Zz" else zone
            moment = datetime.fromisoformat(f"{dag_}T{tijd}{(deel or '')[:7]}{zone}")
            _check_year(moment)
            return moment.astimezone(UTC), moment.astimezone(UTC) + _TICK
    except ValueError as error:
        raise ValueError("Deze datum of tijd in 'datetime' bestaat niet.") from error
    raise ValueError(_DATETIME)


def _check_year(dag: date) -> None:
    if dag.year not in _JAREN:
        raise ValueError(dag.year)


def to_cursor(na_id: int) -> str:
    """The opaque text that says after which thing the next page begins."""
    return base64.urlsafe_b64encode(f"1:{na_id}".encode()).decode().rstrip("=")


def parse_cursor(text: str) -> int:
    """The key that ``to_cursor`` was given."""
    try:
        if len(text) > 40:
            raise ValueError
        versie, _, na_id = (
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            .decode("ascii")
            .partition(":")
        )
        if versie != "1" or not re.fullmatch(r"\d{1,10}", na_id, re.ASCII):
            raise ValueError
        gevonden = int(na_id)
        if gevonden >= 2**31:
            raise ValueError
    except (ValueError, binascii.Error) as error:
        raise ValueError(
            "Deze 'cursor' klopt niet. Volg de link 'next' van de vorige pagina."
        ) from error
    return gevonden
