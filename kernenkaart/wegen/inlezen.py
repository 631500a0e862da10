"""From a geo file to the stored network: the file takes the place of what was there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry import LineString, MultiLineString
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.waarden import Feature, Geobestand
from kernenkaart.wegen.knopen import Lijn, tie
from kernenkaart.wegen.models import Wegvak

PER_KEER = 5000
NAMEN = ("stt_naam", "straatnaam", "naam", "name", "openbareruimtenaam")
# who drives a car cannot come along these: of the NWB (its column has had two names) and of OSM
GEEN_RIJWEG: Mapping[str, frozenset[str]] = {
    "baansubsrt": frozenset({"FP", "VP", "VZ"}),
    "bst_code": frozenset({"FP", "VP", "VZ"}),
    "highway": frozenset({"footway", "cycleway", "path", "steps", "pedestrian", "bridleway"}),
}


@dataclass
class Verslag:
    """What an import did.

    Attributes:
        vormen: how many features the files have.
        wegvakken: how many pieces of road are stored.
        knopen: how many nodes they meet in.
        geen_rijweg: how many were left out because no car drives there.
        geweigerd: what is no line or could not be read, as sentences.
        opmerkingen: what one should know about the files as a whole, as sentences.
    """

    vormen: int
    wegvakken: int = 0
    knopen: int = 0
    geen_rijweg: int = 0
    geweigerd: list[str] = field(default_factory=list)
    opmerkingen: list[str] = field(default_factory=list)


def import_wegen(
    session: Session, bestand: Geobestand, *, tolerantie_m: float, naam: str | None = None
) -> Verslag:
    """Store the roads of ``bestand`` in the place of all that were known. The caller commits.

    Args:
        tolerantie_m: ends that lie no further apart meet; metres.
        naam: the column with the name of the street; None guesses.

    Raises:
        Invalid: if there is no such column, or no road in it; nothing changes then.
    """
    if naam is not None and naam not in bestand.velden:
        raise Invalid(
            f"Het bestand heeft geen kolom {naam}. Kies uit: {', '.join(bestand.velden)}."
        )
    kolom = naam or _guess(bestand)
    verslag = Verslag(len(bestand.features), opmerkingen=list(bestand.opmerkingen))
    lijnen = [lijn for one in bestand.features for lijn in _read(one, kolom, verslag)]
    stukken = tie(lijnen, tolerantie_m)
    if not stukken:
        raise Invalid("In dit bestand staat geen weg. Er is niets veranderd.")
    session.execute(delete(Wegvak))
    for begin in range(0, len(stukken), PER_KEER):
        session.execute(
            insert(Wegvak),
            [
                {
                    "naam": stuk.naam,
                    "van_knoop": stuk.van_knoop,
                    "naar_knoop": stuk.naar_knoop,
                    "lengte_m": stuk.geom.length,
                    "geom": stuk.geom,
                }
                for stuk in stukken[begin : begin + PER_KEER]
            ],
        )
    verslag.wegvakken = len(stukken)
    verslag.knopen = len({knoop for one in stukken for knoop in (one.van_knoop, one.naar_knoop)})
    return verslag


def _guess(bestand: Geobestand) -> str | None:
    by_name = {veld.lower(): veld for veld in bestand.velden}
    return next((by_name[name] for name in NAMEN if name in by_name), None)


def _read(feature: Feature, kolom: str | None, verslag: Verslag) -> list[Lijn]:
    reden = feature.reden
    if any(
        str(waarde) in GEEN_RIJWEG.get(veld.lower(), ()) for veld, waarde in feature.velden.items()
    ):
        verslag.geen_rijweg += 1
        return []
    if reden is None and not isinstance(feature.geom, LineString | MultiLineString):
        reden = "is geen lijn"
    if reden is not None or feature.geom is None:
        verslag.geweigerd.append(f"{feature.bestand}, nr. {feature.nummer}: {reden}.")
        return []
    naam = str(feature.velden.get(kolom or "") or "")[:200]
    parts = getattr(feature.geom, "geoms", [feature.geom])
    return [Lijn(naam, part) for part in parts if part.length > 0]
