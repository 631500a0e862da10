"""Works that close the only way to an activity, alone or together.

What is found follows from the activity and what is closed round it, never from who asks: so the
work that was saved first and the one that was saved last get the same answer. A draft counts for
its owner only: it is told what it closes with others, and others are not told of it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box
from sqlalchemy import and_, or_, select
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
    find_dicht,
    find_feesten,
    find_round_closures,
)
from kernenkaart.tijd import Periode
from kernenkaart.wegen.bereikbaar import Bereikbaar, Sluiting
from kernenkaart.wegen.dicht import closed_area
from kernenkaart.wegen.queries import find_straten
from kernenkaart.wegen.straten import Kader, Straten

SAMEN_MAX = 8  # the nearest closures round one activity: every set of them is tried
STREEK_M = 10_000.0  # what is near each other is asked for at once
CEL_M = 2000.0  # what is near each other is looked at in one cut of the roads
REDENEN_MAX = 3

Paar = tuple[int, int]


@dataclass(frozen=True)
class Toegang:
    """What closes the only way in.

    Attributes:
        paren: the clashes, of every work that takes part.
        activiteit_ids: the activities of which all must be looked at again, ascending.
    """

    paren: dict[Paar, Gevonden]
    activiteit_ids: tuple[int, ...]


def find_toegang(
    session: Session,
    regels: BotsingRegels,
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
) -> Toegang:
    """What takes the last way to these activities, and to those round what these works close."""
    bekend: set[int] = set()
    rondom: Sequence[int] = ()
    if werk_ids:
        bekend.update(
            session.scalars(
                select(Botsing.activiteit_id).where(
                    or_(
                        Botsing.samen_met.overlap(list(werk_ids)),
                        and_(
                            Botsing.werkzaamheid_id.in_(werk_ids),
                            Botsing.klasse == Klasse.TOEGANG,
                        ),
                    )
                )
            )
        )
        rondom = find_round_closures(session, werk_ids, regels.toegang_straal_m)
    paren: dict[Paar, Gevonden] = {}
    moet = bekend | set(activiteit_ids)
    alle = find_feesten(session, sorted({*activiteit_ids, *bekend, *rondom}))
    for feesten in _regions(alle):
        paren |= _find_among(session, regels, feesten, set(werk_ids), moet)
    geraakt = bekend | {activiteit_id for _werk_id, activiteit_id in paren}
    return Toegang(paren, tuple(sorted(geraakt)))


def _regions(feesten: Sequence[Feest]) -> Sequence[Sequence[Feest]]:
    """What lies together: all of it, or what is in the same square of a country."""
    if not feesten:
        return []
    x_min, y_min, x_max, y_max = shapely.total_bounds([feest.punt for feest in feesten])
    if max(x_max - x_min, y_max - y_min) <= STREEK_M:
        return [feesten]
    per_streek: dict[tuple[int, int], list[Feest]] = {}
    for feest in feesten:
        per_streek.setdefault(_cell(feest, STREEK_M), []).append(feest)
    return [deel for _, deel in sorted(per_streek.items())]


def _cell(feest: Feest, zijde_m: float) -> tuple[int, int]:
    return floor(feest.punt.x / zijde_m), floor(feest.punt.y / zijde_m)


def _find_among(
    session: Session,
    regels: BotsingRegels,
    feesten: Sequence[Feest],
    werk_ids: Collection[int],
    moet: Collection[int],
) -> dict[Paar, Gevonden]:
    """The clashes of activities that are not far apart.

    Args:
        werk_ids: what changed; of activities that only lie round them, what others do is known.
        moet: the activities that must be looked at in any case.
    """
    straal_m = regels.toegang_straal_m
    streek = box(*shapely.total_bounds([feest.geom for feest in feesten])).buffer(straal_m)
    dagen = Periode(
        min(een.dagen.eerste for een in feesten if een.dagen.eerste),
        max(een.dagen.laatste for een in feesten if een.dagen.laatste),
    )
    vakken = find_dicht(session, streek, dagen)
    keuzes = _near(feesten, vakken, straal_m)
    if not keuzes:
        return {}
    straten = find_straten(
        session,
        _frame([_cell(feesten[plek], CEL_M) for plek in keuzes], regels),
        dicht=[closed_area(vak.geom, regels.toegang_breedte_m) for vak in vakken],
        plekken=[feest.punt for feest in feesten],
        tot_weg_m=regels.tot_weg_m,
    )
    eigen = [nummer for nummer, vak in enumerate(vakken) if vak.werk_id in werk_ids]
    if straten.is_bypassed(eigen):
        raakt = set(straten.touched_by(eigen))
        keuzes = {
            plek: keuze
            for plek, keuze in keuzes.items()
            if feesten[plek].id in moet or not raakt.isdisjoint(straten.afslagen[plek])
        }
    per_cel: dict[tuple[int, int], list[int]] = {}
    for plek in _leave_out_open(straten, keuzes):
        per_cel.setdefault(_cell(feesten[plek], CEL_M), []).append(plek)
    found: dict[Paar, Gevonden] = {}
    gesneden: dict[int, Any] = {}
    for cel, plekken in sorted(per_cel.items()):
        dicht = {nummer for plek in plekken for nummer in keuzes[plek]}
        bereikbaar = Bereikbaar(straten, _frame([cel], regels), dicht, gesneden)
        for plek in plekken:
            feest = feesten[plek]
            for sluiting in _find_sets(bereikbaar, plek, feest, vakken, keuzes[plek]):
                delen = [vakken[nummer] for nummer in sorted(sluiting)]
                for paar, een in _tell(feest, delen, regels):
                    found[paar] = _join(found[paar], een) if paar in found else een
    return found


def _near(feesten: Sequence[Feest], vakken: Sequence[Vak], straal_m: float) -> dict[int, list[int]]:
    """By activity what is closed within ``straal_m`` of it on a day of it, the nearest first.

    Drafts come last, so that they keep nothing else out.
    """
    dicht = [nummer for nummer, vak in enumerate(vakken) if vak.dicht]
    if not dicht:
        return {}
    plekken = np.array([vakken[nummer].geom for nummer in dicht])
    feest_plek = np.array([feest.geom for feest in feesten])
    feest, vak = shapely.STRtree(plekken).query(feest_plek, predicate="dwithin", distance=straal_m)
    feest_dag = _bounds([een.dagen for een in feesten])
    vak_dag = _bounds([vakken[nummer].dagen for nummer in dicht])
    samen = (vak_dag[0][vak] <= feest_dag[1][feest]) & (vak_dag[1][vak] >= feest_dag[0][feest])
    feest, vak = feest[samen], vak[samen]
    afstand_m = shapely.distance(feest_plek[feest], plekken[vak])
    concept, werk_id, deel = np.array(
        [(een.concept, een.werk_id, een.nummer) for een in map(vakken.__getitem__, dicht)]
    ).T
    volgorde = np.lexsort((deel[vak], werk_id[vak], afstand_m, concept[vak], feest))
    found: dict[int, list[int]] = {}
    for een, ander in zip(feest[volgorde].tolist(), vak[volgorde].tolist(), strict=True):
        found.setdefault(een, []).append(dicht[ander])
    return found


def _bounds(dagen: Sequence[Periode]) -> tuple[Any, Any]:
    """The first and the last day of each as numbers; all have both."""
    eerste = [een.eerste.toordinal() for een in dagen if een.eerste]
    laatste = [een.laatste.toordinal() for een in dagen if een.laatste]
    return np.array(eerste), np.array(laatste)


def _frame(cellen: Sequence[tuple[int, int]], regels: BotsingRegels) -> Kader:
    """The box of the roads that are looked at for what lies in these cells."""
    x, y = zip(*cellen, strict=True)
    marge_m = max(regels.toegang_straal_m, regels.tot_weg_m)
    return (
        min(x) * CEL_M - marge_m,
        min(y) * CEL_M - marge_m,
        (max(x) + 1) * CEL_M + marge_m,
        (max(y) + 1) * CEL_M + marge_m,
    )


def _leave_out_open(straten: Straten, keuzes: Mapping[int, Sequence[int]]) -> list[int]:
    """The activities that may lose their way when all that is closed round them is so at once.

    Most keep one even when all that is closed round any of them is so at once.
    """
    alle = {nummer for keuze in keuzes.values() for nummer in keuze}
    return [
        plek
        for plek in straten.may_lose(list(keuzes), alle)
        if straten.may_lose([plek], keuzes[plek])
    ]


def _find_sets(
    bereikbaar: Bereikbaar,
    plek: int,
    feest: Feest,
    vakken: Sequence[Vak],
    keuze: Sequence[int],
) -> list[Sluiting]:
    begin, eind = (
        dict(zip(keuze, kant.tolist(), strict=True))
        for kant in _bounds([vakken[nummer].dagen for nummer in keuze])
    )
    (van,), (tot,) = _bounds([feest.dagen])

    def samen(sluiting: Sluiting) -> bool:
        concepten = {vakken[nummer].werk_id for nummer in sluiting if vakken[nummer].concept}
        eerste, laatste = max(begin[een] for een in sluiting), min(eind[een] for een in sluiting)
        return max(eerste, van) <= min(laatste, tot) and len(concepten) < 2

    return bereikbaar.find_sets(plek, keuze, samen_max=SAMEN_MAX, samen=samen)


def _common(vakken: Sequence[Vak], feest: Feest) -> Periode | None:
    """The days of ``feest`` on which all of these are closed; None if there are none."""
    dagen = [feest.dagen, *(vak.dagen for vak in vakken)]
    eerste = max(een.eerste for een in dagen if een.eerste)
    laatste = min(een.laatste for een in dagen if een.laatste)
    return Periode(eerste, laatste) if eerste <= laatste else None


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
    """One work that takes the last way with these, and also with those; alone is enough."""
    if not een.samen_met:
        return een
    samen = [reden for reden in een.redenen if reden["code"] == "toegang_samen"]
    rest = een.redenen[len(samen) :]
    nieuw = [reden for reden in ander.redenen if reden["code"] == "toegang_samen"]
    return replace(
        een,
        redenen=[*[*samen, *nieuw][:REDENEN_MAX], *rest],
        samen_met=tuple(sorted({*een.samen_met, *ander.samen_met})),
    )
