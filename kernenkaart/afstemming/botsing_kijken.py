"""The botsingswacht itself: whenever a work or an activity changes, its clashes are made again."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.afstemming.botsing_melden import mark_new
from kernenkaart.afstemming.botsing_models import Botsing, BotsingVoorstel
from kernenkaart.afstemming.botsing_regels import (
    BotsingRegels,
    Gevonden,
    botsing_regels,
    classify,
    find_usual,
    name_of,
    reasons,
    worst,
)
from kernenkaart.afstemming.botsing_toegang import Paar, Toegang, find_toegang
from kernenkaart.afstemming.botsing_zoek import (
    Vak,
    find_entered,
    find_geweest,
    find_kandidaten,
    find_vakken,
)
from kernenkaart.tijd import today

JAREN_VOORUIT = 2
PER_KEER = 1000


def watch(session: Session, werk_ids: Sequence[int], activiteit_ids: Sequence[int]) -> None:
    """Make the clashes of these works and activities again. The caller commits.

    Of a pair that no longer clashes nothing stays, unless the parties spoke about it.
    """
    werken = sorted({*werk_ids, *_expecting(session, activiteit_ids)})
    regels = botsing_regels()
    toegang = find_toegang(session, regels, werken, activiteit_ids)
    erbij = set(toegang.activiteit_ids) - set(activiteit_ids)
    paren = find_botsingen(session, regels, werken, sorted({*activiteit_ids, *erbij}), toegang)
    _store(session, paren)
    if paren:
        mark_new(session, werk_ids, activiteit_ids, erbij)
    _forget(session, paren, werken, activiteit_ids, erbij)


def find_botsingen(
    session: Session,
    regels: BotsingRegels,
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
    toegang: Toegang,
) -> dict[Paar, Gevonden]:
    """Every clash in which one of these works or activities is a party; nothing is written.

    Args:
        toegang: what closes the only way to these.
    """
    gevonden: dict[Paar, list[Gevonden]] = {}

    def add(paar: Paar, een: Gevonden) -> None:
        gevonden.setdefault(paar, []).append(een)

    for paar, een in _direct(session, regels, werk_ids, activiteit_ids):
        add(paar, een)
    for vak in find_vakken(session, werk_ids):
        for paar, een in _usual(session, regels, vak):
            add(paar, een)
    for paar, een in toegang.paren.items():
        add(paar, een)
    return {paar: _worst(alle) for paar, alle in sorted(gevonden.items())}


def _worst(alle: Sequence[Gevonden]) -> Gevonden:
    ergst = worst(een.uitkomst for een in alle)
    return next(een for een in alle if een.uitkomst == ergst)


def _direct(
    session: Session,
    regels: BotsingRegels,
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
) -> Iterable[tuple[Paar, Gevonden]]:
    """Clashes of place and time."""
    for een in find_kandidaten(session, regels, werk_ids=werk_ids, activiteit_ids=activiteit_ids):
        uitkomst = classify(een.afstand_m, een.werk_dagen, een.activiteit_dagen, regels)
        if uitkomst:
            redenen = reasons(
                uitkomst,
                werk=een.werk_dagen,
                activiteit=een.activiteit_dagen,
                duur_dagen=een.duur_dagen,
                onzeker=een.verwacht,
            )
            yield (
                (een.werk_id, een.activiteit_id),
                Gevonden(uitkomst, een.activiteit_dagen, redenen),
            )


def _usual(session: Session, regels: BotsingRegels, vak: Vak) -> Iterable[tuple[Paar, Gevonden]]:
    """Activities that were there in years before and that nobody entered yet."""
    vandaag = today()
    eerste, laatste = vak.dagen.eerste, vak.dagen.laatste
    if eerste is None or laatste is None or laatste < vandaag:
        return
    near = find_geweest(session, vak, regels, vandaag)
    afstand_m = {geweest.id: afstand for geweest, afstand in near}
    van = max(eerste.year, vandaag.year)
    for jaar in range(van, min(laatste.year, van + JAREN_VOORUIT) + 1):
        usual = find_usual([geweest for geweest, _ in near], jaar, regels)
        if not usual:
            continue
        platforms = {een.vorige.platform_id for een in usual}
        begin, eind = vandaag.replace(jaar, 1, 1), vandaag.replace(jaar, 12, 31)
        entered = {
            (een.platform_id, name_of(een.titel))
            for een in find_entered(session, sorted(platforms), begin, eind)
        }
        for een in usual:
            vorige, dagen = een.vorige, een.dagen
            uitkomst = classify(afstand_m[vorige.id], vak.dagen, dagen, regels)
            known = (vorige.platform_id, name_of(vorige.titel)) in entered
            if uitkomst and not known and dagen.laatste and dagen.laatste >= vandaag:
                redenen = reasons(
                    uitkomst,
                    werk=vak.dagen,
                    activiteit=dagen,
                    duur_dagen=vak.duur_dagen,
                    jaren=een.jaren,
                )
                yield (vak.werk_id, vorige.id), Gevonden(uitkomst, dagen, redenen, True)


def _expecting(session: Session, activiteit_ids: Sequence[int]) -> Sequence[int]:
    """The works that reckon with something usual of the groups of these activities."""
    if not activiteit_ids:
        return []
    groepen = select(Activiteit.platform_id).where(Activiteit.id.in_(activiteit_ids))
    return session.scalars(
        select(Botsing.werkzaamheid_id)
        .join(Botsing.activiteit)
        .where(
            Botsing.gebruikelijk,
            or_(Activiteit.platform_id.in_(groepen), Activiteit.id.in_(activiteit_ids)),
        )
    ).all()


def _store(session: Session, paren: dict[Paar, Gevonden]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "werkzaamheid_id": werk_id,
            "activiteit_id": activiteit_id,
            "klasse": een.uitkomst.klasse,
            "afstand_m": een.uitkomst.afstand_m,
            "eerste_dag": een.dagen.eerste,
            "laatste_dag": een.dagen.laatste,
            "dagen": een.uitkomst.dagen,
            "ertussen_dagen": een.uitkomst.ertussen_dagen,
            "gebruikelijk": een.gebruikelijk,
            "redenen": een.redenen,
            "actueel": True,
            "samen_met": list(een.samen_met),
        }
        for (werk_id, activiteit_id), een in paren.items()
    ]
    for begin in range(0, len(rows), PER_KEER):
        statement = insert(Botsing).values(rows[begin : begin + PER_KEER])
        nieuw = {
            kolom: statement.excluded[kolom]
            for kolom in rows[0]
            if kolom not in {"werkzaamheid_id", "activiteit_id"}
        }
        anders = (getattr(Botsing, kolom).is_distinct_from(een) for kolom, een in nieuw.items())
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["werkzaamheid_id", "activiteit_id"], set_=nieuw, where=or_(*anders)
            )
        )


def _forget(
    session: Session,
    paren: dict[Paar, Gevonden],
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
    erbij: Collection[int],
) -> None:
    """Let go of the pairs that clashed and do so no longer; what was said about them stays.

    Args:
        erbij: activities that did not change themselves, so what is usual stays as it is.
    """
    bekend = session.execute(
        select(Botsing.id, Botsing.werkzaamheid_id, Botsing.activiteit_id).where(
            or_(
                Botsing.werkzaamheid_id.in_(werk_ids),
                Botsing.activiteit_id.in_(activiteit_ids),
                and_(Botsing.activiteit_id.in_(erbij), ~Botsing.gebruikelijk),
            )
        )
    )
    voorbij = [id_ for id_, *paar in bekend if tuple(paar) not in paren]
    besproken = exists().where(BotsingVoorstel.botsing_id == Botsing.id)
    for begin in range(0, len(voorbij), PER_KEER):
        weg = Botsing.id.in_(voorbij[begin : begin + PER_KEER])
        for statement in (
            delete(Botsing).where(weg, ~besproken),
            update(Botsing).where(weg, Botsing.actueel).values(actueel=False),
        ):
            session.execute(statement.execution_options(synchronize_session=False))
