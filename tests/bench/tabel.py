"""The table of the open doors for docs/metingen.md: figures against what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.open_data import Tegel, Uitslag
from tests.bench.servers import GUNICORN

KOP = (
    "| wat | maat | × kale SQL | × tipg | tipg × kale SQL | ms in de database | eis | gehaald |\n"
    "|---|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Eis:
    """What was promised of one kind of question; None is nothing."""

    rauw: float | None = None
    tipg: float | None = None
    ms: float | None = None


EISEN = {
    ("tegels z12–14", "S"): Eis(rauw=0.6, tipg=4),
    ("tegels z12–14", "L"): Eis(rauw=0.6, tipg=3.5),
    ("items, 100", "L"): Eis(tipg=5, ms=1),
    ("items, 1000", "L"): Eis(rauw=0.9, tipg=4),
    ("binnen 500 m van een kern", "L"): Eis(tipg=4, ms=0.7),
    ("één ding", "S"): Eis(tipg=3.5),
    ("één ding", "L"): Eis(tipg=3.5),
}
TEGEL_MS, TEGEL_KB = 20, 100
GROEI = 2
GROEIT = ("tegels z12–14", "items, 100")
GEHEUGEN_MB, VLAK = 300, 0.03
EERST_MS, BEELD_MS = 1500, 17  # a frame of 60 a second takes 16.7 ms


def open_table(rows: Sequence[str]) -> str:
    """The whole table, as Markdown."""
    return KOP + "\n".join(rows) + "\n"


def question_rows(uitslagen: Sequence[Uitslag]) -> list[str]:
    """Each kind of question on each size of data, and how it grows with the data."""
    return [*(_row(uitslag) for uitslag in uitslagen), *_growth(uitslagen)]


def tile_rows(tegels: Sequence[Tegel]) -> list[str]:
    """The fullest tiles of whole regions."""
    return [_line(
        f"volste landelijke tegel z{tegel.z}, {tegel.kb:.0f} kB", "L", ms=f"{tegel.ms:.1f}",
        eis=f"hoogstens {TEGEL_MS} ms en {TEGEL_KB} kB",
        holds=tegel.ms <= TEGEL_MS and tegel.kb <= TEGEL_KB,
    ) for tegel in tegels]  # fmt: skip


def memory_rows(memory: dict[str, list[float]]) -> list[str]:
    """Memory of our web processes after each round, per size of data, in MB."""
    rows = []
    for maat, found in memory.items():
        half = found[len(found) // 2]
        rows.append(_line(
            f"geheugen van 2 webprocessen (PSS): {found[-1]:.0f} MB, halverwege {half:.0f}", maat,
            eis=f"hoogstens {GEHEUGEN_MB} MB, vlak",
            holds=found[-1] <= GEHEUGEN_MB and found[-1] <= half * (1 + VLAK),
        ))  # fmt: skip
    return rows


def map_row(eerst_ms: float, beeld_ms: float) -> str:
    """When the first things stand on the map of the country, and the time of a frame."""
    return _line(
        f"kaart van het land in de browser: eerste dingen na {eerst_ms:.0f} ms, "
        f"slepen p95 {beeld_ms:.1f} ms per beeld", "L",
        eis=f"hoogstens {EERST_MS} ms en {BEELD_MS} ms",
        holds=eerst_ms <= EERST_MS and beeld_ms <= BEELD_MS,
    )  # fmt: skip


def server_rows(maat: str, ratios: dict[str, float]) -> list[str]:
    """Our rate divided by that of the same application under gunicorn."""
    return [
        _line(f"{wat}: {ratio:.2f} × dezelfde app onder gunicorn {GUNICORN} (gthread)", maat)
        for wat, ratio in ratios.items()
    ]


def _row(uitslag: Uitslag) -> str:
    eis = EISEN.get((uitslag.vragen.wat, uitslag.maat), Eis())
    rauw, tipg = uitslag.ratio("ons", "rauw"), uitslag.ratio("ons", "tipg")
    parts, holds = [], True
    for limit, value, text in (
        (eis.rauw, rauw, "{:g} × kale SQL"), (eis.tipg, tipg, "{:g} × tipg"),
    ):  # fmt: skip
        if limit is not None:
            parts.append(text.format(limit))
            holds = holds and value >= limit
    words = [f"minstens {' en '.join(parts)}"] if parts else []
    if eis.ms is not None:
        words.append(f"hoogstens {eis.ms:g} ms")
        holds = holds and uitslag.ms <= eis.ms
    return _line(
        uitslag.vragen.wat, uitslag.maat, rauw=f"{rauw:.2f}", tipg=f"{tipg:.1f}",
        ander=f"{uitslag.ratio('tipg', 'rauw'):.3f}", ms=f"{uitslag.ms:.2f}",
        eis=", ".join(words), holds=holds if words else None,
    )  # fmt: skip


def _growth(uitslagen: Sequence[Uitslag]) -> list[str]:
    """How many times longer an answer takes with a hundred times the data."""
    found = {(uitslag.vragen.wat, uitslag.maat): uitslag for uitslag in uitslagen}
    rows = []
    for wat in GROEIT:
        if (wat, "S") in found and (wat, "L") in found:
            small, large = found[wat, "S"].rates["ons"], found[wat, "L"].rates["ons"]
            pairs = sorted(s / groot for s, groot in zip(small, large, strict=True))
            groei = pairs[len(pairs) // 2]
            rows.append(_line(
                f"{wat}: {groei:.1f} × zo lang", "S → L", eis=f"hoogstens {GROEI} ×",
                holds=groei <= GROEI,
            ))  # fmt: skip
    return rows


def _line(
    wat: str, maat: str, *, rauw: str = "", tipg: str = "", ander: str = "", ms: str = "",
    eis: str = "", holds: bool | None = None,
) -> str:  # fmt: skip
    gehaald = {True: "ja", False: "**nee**", None: ""}[holds]
    return f"| {wat} | {maat} | {rauw} | {tipg} | {ander} | {ms} | {eis} | {gehaald} |"
