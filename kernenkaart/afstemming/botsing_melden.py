"""Tell the other side of a new clash, by mail: once for each class, and one mail for many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.policy import visible_to as visible_activiteit
from kernenkaart.actor import BEZOEKER
from kernenkaart.afstemming.botsing_models import Botsing, Kant
from kernenkaart.afstemming.botsing_regels import ERNST
from kernenkaart.afstemming.botsing_woorden import KOPPEN
from kernenkaart.afstemming.vuil import AfstemVuil, VuilLaag
from kernenkaart.kernen.makelaars import find_makelaar_addresses
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.post.services import send_mail
from kernenkaart.tijd import format_dagen
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.policy import visible_to as visible_werk

REGELS_MAX = 20


def mark_new(
    session: Session,
    werk_ids: Sequence[int],
    activiteit_ids: Sequence[int],
    erbij: Collection[int],
) -> None:
    """Mark which side is to be told of clashes that are new, or of another class than was told.

    Who changed something knows: the other side is told. When one transaction changed both (they
    were read in together, or the rules changed) nobody is. The caller commits.

    Args:
        erbij: activities that did not change, but round which other works did.
    """
    werk = Botsing.werkzaamheid_id.in_(werk_ids)
    activiteit = Botsing.activiteit_id.in_(activiteit_ids)
    samen = _changed_together()
    session.execute(
        update(Botsing)
        .where(
            or_(werk, activiteit, Botsing.activiteit_id.in_(erbij)),
            Botsing.actueel,
            Botsing.klasse.is_distinct_from(Botsing.gemeld_klasse),
        )
        .values(
            gemeld_klasse=case(
                (and_(samen, Botsing.melden.is_(None)), Botsing.klasse),
                else_=Botsing.gemeld_klasse,
            ),
            melden=case(
                (samen, Botsing.melden),
                (and_(werk, activiteit), func.coalesce(Botsing.melden, Kant.ACTIVITEIT.value)),
                (werk, Kant.ACTIVITEIT.value),
                else_=Kant.WERKZAAMHEID.value,
            ),
        )
        .execution_options(synchronize_session=False)
    )


def _changed_together() -> ColumnElement[bool]:
    """Whether one transaction, of which the changes are still to be looked at, changed both."""
    een, ander = aliased(AfstemVuil), aliased(AfstemVuil)
    return exists().where(
        een.xid == ander.xid,
        een.laag == VuilLaag.WERKZAAMHEDEN,
        een.ding_id == Botsing.werkzaamheid_id,
        ander.laag == VuilLaag.ACTIVITEITEN,
        ander.ding_id == Botsing.activiteit_id,
    )


def find_addresses(
    session: Session, naar: Kant, werk: Werkzaamheid, activiteit: Activiteit, dag: date
) -> Sequence[str]:
    """Where one side reads its mail; when it has no address, who serves its kern on ``dag``."""
    if naar is Kant.WERKZAAMHEID:
        organisatie = session.get_one(Organisatie, werk.organisatie_id)
        adres = organisatie.contact_email if organisatie.actief else None
    else:
        platform = session.get_one(Platform, activiteit.platform_id)
        adres = platform.contact_email if platform.actief else None
    kern_id = werk.kern_id if naar is Kant.WERKZAAMHEID else activiteit.kern_id
    return [adres] if adres else find_makelaar_addresses(session, kern_id, dag)


@dataclass
class _Regel:
    """One clash in a mail; ``meer`` more times of the same series are as good as it."""

    botsing: Botsing
    werk: Werkzaamheid
    activiteit: Activiteit
    meer: int = 0

    def to_gegevens(self, dag: date) -> dict[str, object]:
        """What the template prints."""
        botsing = self.botsing
        return {
            "kop": KOPPEN[botsing.klasse],
            "werk": self.werk.titel,
            "activiteit": self.activiteit.titel,
            "dagen": format_dagen(botsing.eerste_dag, botsing.laatste_dag, dag),
            "meer": self.meer,
            "botsing_id": botsing.id,
        }


@dataclass
class _Brief:
    """What one address is told, by work and activity or series."""

    regels: dict[tuple[int, str], _Regel] = field(default_factory=dict)

    def add(self, botsing: Botsing, werk: Werkzaamheid, activiteit: Activiteit) -> None:
        reeks = activiteit.reeks_id
        sleutel = (werk.id, f"reeks-{reeks}" if reeks else f"activiteit-{activiteit.id}")
        if sleutel in self.regels:
            self.regels[sleutel].meer += 1
        else:
            self.regels[sleutel] = _Regel(botsing, werk, activiteit)


def tell_new(session: Session, dag: date) -> int:
    """Mail each side the clashes that it does not know yet, one mail for each address.

    Clashes of invented content and of what is over are never told; a draft waits until it is
    public. What is told and that it was told are one transaction with the mail in the queue. The
    caller commits.

    Returns:
        How many clashes were settled.
    """
    rows = session.execute(
        select(Botsing, Werkzaamheid, Activiteit)
        .join(Werkzaamheid, Werkzaamheid.id == Botsing.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .where(
            Botsing.melden.is_not(None),
            Botsing.actueel,
            visible_werk(BEZOEKER),
            visible_activiteit(BEZOEKER),
        )
        .order_by(Botsing.eerste_dag, Botsing.id)
        .with_for_update(of=Botsing, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for adres, brief in _letters(session, rows, dag).items():
        _send(session, adres, brief, dag)
    session.execute(
        update(Botsing)
        .where(Botsing.id.in_([row.Botsing.id for row in rows]))
        .values(melden=null(), gemeld_klasse=Botsing.klasse)
        .execution_options(synchronize_session=False)
    )
    return len(rows)


def _letters(
    session: Session, rows: Sequence[Row[Botsing, Werkzaamheid, Activiteit]], dag: date
) -> dict[str, _Brief]:
    brieven: dict[str, _Brief] = {}
    bekend: dict[tuple[Kant, int, int | None], Sequence[str]] = {}
    for botsing, werk, activiteit in rows:
        voorbij = botsing.laatste_dag < dag or werk.laatste_dag < dag
        if botsing.melden is None or voorbij or werk.demo or activiteit.demo:
            continue
        wie = (
            (botsing.melden, werk.organisatie_id, werk.kern_id)
            if botsing.melden is Kant.WERKZAAMHEID
            else (botsing.melden, activiteit.platform_id, activiteit.kern_id)
        )
        if wie not in bekend:
            bekend[wie] = find_addresses(session, botsing.melden, werk, activiteit, dag)
        for adres in bekend[wie]:
            brieven.setdefault(adres, _Brief()).add(botsing, werk, activiteit)
    return brieven


def _send(session: Session, adres: str, brief: _Brief, dag: date) -> None:
    regels = sorted(brief.regels.values(), key=lambda een: ERNST[een.botsing.klasse])
    een = regels[0]
    onderwerp = (
        f"Dit botst: {een.werk.titel} en {een.activiteit.titel}"
        if len(regels) == 1
        else f"{len(regels)} nieuwe botsingen tussen werk en activiteiten"
    )
    send_mail(
        session,
        adres,
        onderwerp,
        "botsingen",
        regels=[regel.to_gegevens(dag) for regel in regels[:REGELS_MAX]],
        meer=len(regels[REGELS_MAX:]),
    )
