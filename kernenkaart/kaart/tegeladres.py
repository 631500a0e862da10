"""Where the browser finds the tiles that belong to a question."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from kernenkaart.kernen.laag import LAAG as KERNEN
from kernenkaart.lagen import LAGEN
from kernenkaart.lagen.filter import DingFilter
from kernenkaart.lezen import Lezer
from kernenkaart.tegels.queries import find_versions


def tile_addresses(lezer: Lezer, keuze: DingFilter) -> dict[str, str | None]:
    """Addresses with ``{z}``, ``{x}`` and ``{y}`` of the kernen and of the things asked for.

    They hold the version of the data, so that a browser keeps a tile as long as nothing changed.
    Tiles know layers, kinds and days; what is asked in other ways has markers only.
    """
    lagen = tuple(laag for laag in LAGEN if not keuze.lagen or laag.naam in keuze.lagen)
    anders = keuze.kern or keuze.tekst or keuze.plek or keuze.zonder_plek or not lagen
    groepen = ((KERNEN,),) if anders else ((KERNEN,), lagen)
    versies = find_versions(lezer, *groepen)
    kernen = _address((KERNEN.naam,), {"v": versies[0]})
    if anders:
        return {"kernen": kernen, "dingen": None}
    vraag = {
        "v": versies[1],
        "soort": keuze.soort,
        "van": keuze.periode.eerste,
        "tot": keuze.periode.laatste,
    }
    return {"kernen": kernen, "dingen": _address([laag.naam for laag in lagen], vraag)}


def _address(namen: Iterable[str], vraag: Mapping[str, object]) -> str:
    args = urlencode({naam: str(waarde) for naam, waarde in vraag.items() if waarde})
    return f"/tegels/{','.join(namen)}/{{z}}/{{x}}/{{y}}.mvt?{args}"
