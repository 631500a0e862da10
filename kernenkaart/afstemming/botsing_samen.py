# LEAD (16:05): I am rewriting this module, wegen/bereikbaar.py, wegen/queries.py and _cut_off for speed
# (a save takes 2 s at p95 with 300,000 works and roads). Leave these alone, also for measuring.
"""Works that close the last way to an activity together, though each alone leaves one.

What is found follows from the activity and what is closed round it, never from who asks: so the
work that was saved first and the one that was saved last get the same answer. A draft counts for
its owner only: it is told what it closes with others, and others are not told of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.afstemming.botsing_models import Botsing, Klasse
from kernenkaart.afstemming.botsing_regels import (
    BotsingRegels,
    Gevonden,
    Reden,
    classify,
    reasons,
)
from kernenkaart.afstemming.botsing_zoek import (
    Feest,
    Vak,
    find_closing_near,
    find_feesten,
    find_round_closures,
    find_vakken,
)
from kernenkaart.tijd import Periode
from kernenkaart.wegen.bereikbaar import closed_area
from kernenkaart.wegen.queries import find_netwerk
from kernenkaart.wegen.samen import Sluiting, Sluitingen

SAMEN_MAX = 8  # closures round one activity; every set of them is tried
CEL_M = 1000.0  # what is near each other is looked at in one cut of the roads
REDENEN_MAX = 3

Paar = tuple[int, int]


@dataclass(frozen=True)
class Samen:
    """What works do together.

    Attributes:
        paren: the clashes, of every work that takes part.
        activiteit_ids: the activities of which all must be looked at again, ascending.
    """

    paren: dict[Paar, Gevonden]
    activiteit_ids: tuple[int, ...]


def find_samen(
    session: Session,
    regels: BotsingRegels,
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
) -> Samen:
    """Clashes of several works at once with these activities, and with those round these works."""
    bekend = set(
        session.scalars(
            select(Botsing.activiteit_id).where(Botsing.samen_met.overlap(list(werk_ids)))
        )
        if werk_ids
        else ()
    )
    rondom = find_round_closures(session, werk_ids, regels.toegang_straal_m) if werk_ids else ()
    paren = _find_paren(session, regels, sorted({*activiteit_ids, *bekend, *rondom}))
    geraakt = bekend | {activiteit_id for _werk_id, activiteit_id in paren}
    return Samen(paren, tuple(sorted(geraakt)))


def _find_paren(
    session: Session, regels: BotsingRegels, activiteit_ids: Sequence[int]
) -> dict[Paar, Gevonden]:
    dichtbij: dict[int, set[int]] = {}
    for activiteit_id, werk_id in find_closing_near(
        session, activiteit_ids, regels.toegang_straal_m
    ):
        dichtbij.setdefault(activiteit_id, set()).add(werk_id)
    if not dichtbij:
        return {}
    vakken: dict[int, list[Vak]] = {}
    for vak in find_vakken(session, sorted(set[int]().union(*dichtbij.values()))):
        vakken.setdefault(vak.werk_id, []).append(vak)
    per_cel: dict[tuple[int, int], list[tuple[Feest, list[Vak]]]] = {}
    for feest in find_feesten(session, sorted(dichtbij)):
        rond = [vak for werk_id in dichtbij[feest.id] for vak in vakken.get(werk_id, ())]
        keuze = _choose(feest, rond, regels)
        if len(keuze) > 1:
            cel = (floor(feest.punt.x / CEL_M), floor(feest.punt.y / CEL_M))
            per_cel.setdefault(cel, []).append((feest, keuze))
    found: dict[Paar, Gevonden] = {}
    for (x, y), feesten in sorted(per_cel.items()):
        gebied = box(x * CEL_M, y * CEL_M, (x + 1) * CEL_M, (y + 1) * CEL_M)
        found |= _find_in(session, regels, gebied, feesten)
    return found


def _choose(feest: Feest, vakken: Sequence[Vak], regels: BotsingRegels) -> list[Vak]:
    """What is closed nearest to ``feest`` on a day of it; drafts keep nothing else out."""
    rond = [
        (vak.concept, vak.geom.distance(feest.geom), vak.werk_id, vak.nummer, vak)
        for vak in vakken
        if vak.dicht and _common((vak,), feest) is not None
    ]
    rond = [een for een in rond if een[1] <= regels.toegang_straal_m]
    return [vak for *_, vak in sorted(rond, key=lambda een: een[:-1])[:SAMEN_MAX]]


def _common(vakken: Sequence[Vak], feest: Feest) -> Periode | None:
    """The days of ``feest`` on which all of these are closed; None if there are none."""
    dagen = [feest.dagen, *(vak.dagen for vak in vakken)]
    eerste = max(een.eerste for een in dagen if een.eerste)
    laatste = min(een.laatste for een in dagen if een.laatste)
    return Periode(eerste, laatste) if eerste <= laatste else None


def _find_in(
    session: Session,
    regels: BotsingRegels,
    gebied: BaseGeometry,
    feesten: Sequence[tuple[Feest, Sequence[Vak]]],
) -> dict[Paar, Gevonden]:
    alle = {(vak.werk_id, vak.nummer): vak for _, keuze in feesten for vak in keuze}
    nummers = {sleutel: nummer for nummer, sleutel in enumerate(alle)}
    vakken = list(alle.values())
    netwerk = find_netwerk(session, gebied, regels.toegang_straal_m)
    sluitingen = Sluitingen(
        netwerk, [closed_area(vak.geom, regels.toegang_breedte_m) for vak in vakken]
    )
    found: dict[Paar, Gevonden] = {}
    for feest, keuze in feesten:

        def samen(sluiting: Sluiting, feest: Feest = feest) -> bool:
            delen = [vakken[nummer] for nummer in sluiting]
            concepten = {vak.werk_id for vak in delen if vak.concept}
            return len(concepten) < 2 and _common(delen, feest) is not None

        sets = sluitingen.find_together(
            feest.punt,
            [nummers[vak.werk_id, vak.nummer] for vak in keuze],
            tot_weg_m=regels.tot_weg_m,
            samen=samen,
        )
        for sluiting in sets:
            for paar, een in _tell(feest, [vakken[nummer] for nummer in sorted(sluiting)], regels):
                found[paar] = _join(found[paar], een) if paar in found else een
    return found


def _tell(
    feest: Feest, delen: Sequence[Vak], regels: BotsingRegels
) -> Iterator[tuple[Paar, Gevonden]]:
    """The clash of each work that takes part in one set of closures."""
    werk_ids = {vak.werk_id for vak in delen}
    concepten = {vak.werk_id for vak in delen if vak.concept}
    dagen = _common(delen, feest)
    for werk_id in sorted(concepten or werk_ids):
        vak = min(
            (een for een in delen if een.werk_id == werk_id),
            key=lambda een: (een.geom.distance(feest.geom), een.nummer),
        )
        afstand_m = vak.geom.distance(feest.geom)
        uitkomst = classify(afstand_m, vak.dagen, feest.dagen, regels, afgesneden=True)
        if dagen is None or uitkomst is None or uitkomst.klasse is not Klasse.TOEGANG:
            continue  # at the same place is worse, and known already
        redenen = reasons(
            uitkomst,
            werk=vak.dagen,
            activiteit=feest.dagen,
            duur_dagen=vak.duur_dagen,
            onzeker=feest.verwacht,
        )
        anderen = tuple(sorted(werk_ids - {werk_id}))
        if anderen:
            redenen[0] = _reason(anderen, dagen)
        yield (werk_id, feest.id), Gevonden(uitkomst, feest.dagen, redenen, samen_met=anderen)


def _reason(anderen: Sequence[int], dagen: Periode) -> Reden:
    if dagen.eerste is None or dagen.laatste is None:
        raise ValueError("both ends must be known")
    return {
        "code": "toegang_samen",
        "werken": list(anderen),
        "eerste": dagen.eerste.isoformat(),
        "laatste": dagen.laatste.isoformat(),
    }


def _join(een: Gevonden, ander: Gevonden) -> Gevonden:
    """One work that takes the last way with these, and also with those."""
    samen = [reden for reden in een.redenen if reden["code"] == "toegang_samen"]
    rest = een.redenen[len(samen) :]
    nieuw = [reden for reden in ander.redenen if reden["code"] == "toegang_samen"]
    return replace(
        een,
        redenen=[*[*samen, *nieuw][:REDENEN_MAX], *rest],
        samen_met=tuple(sorted({*een.samen_met, *ander.samen_met})),
    )
