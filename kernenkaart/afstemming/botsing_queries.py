"""Which clashes there are for somebody, and what was said about each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from kernenkaart.activiteiten.laag import WIE
from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.policy import visible_to as visible_activiteit
from kernenkaart.actor import BEZOEKER, Actor
from kernenkaart.afstemming.botsing_models import (
    Botsing,
    BotsingVoorstel,
    Klasse,
    VoorstelStatus,
)
from kernenkaart.afstemming.botsing_policy import is_own, visible_to
from kernenkaart.afstemming.botsing_regels import Reden, days_of
from kernenkaart.afstemming.botsing_woorden import KOPPEN, Stand, state_of, tell, tell_outcome
from kernenkaart.errors import NotFound
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Werkzaamheid
from kernenkaart.werkzaamheden.policy import visible_to as visible_werk

LIJST_MAX = 200
AANVAARD = VoorstelStatus.AANVAARD


@dataclass(frozen=True)
class Zijde:
    """One of the two things that clash."""

    id: int
    titel: str
    url: str
    wie: str
    dagen: Periode


@dataclass(frozen=True)
class Rij:
    """A clash as a list shows it.

    Attributes:
        voorstel: what was agreed, else the open proposal, else the last that was said.
        stand: where what was agreed stands; None if nothing was.
        meer: so many more times of the same series clash with the work, worse than which none is.
        namen: by key the other works that have to do with it, as far as the reader may see them.
    """

    id: int
    klasse: Klasse
    werk: Zijde
    activiteit: Zijde
    gebruikelijk: bool
    actueel: bool
    redenen: Sequence[Reden]
    voorstel: BotsingVoorstel | None
    stand: Stand | None
    reeks_id: int | None = None
    meer: int = 0
    namen: Mapping[int, str] = field(default_factory=dict)

    @property
    def kop(self) -> str:
        """In a few words how they clash."""
        return KOPPEN[self.klasse]

    @property
    def zinnen(self) -> list[str]:
        """Why, as sentences."""
        return tell(self.redenen, namen=self.namen)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.stand is Stand.OPNIEUW or (self.actueel and self.stand is not Stand.GEDAAN)


@dataclass(frozen=True)
class Afspraak:
    """What was agreed, for everyone: with what, and one sentence."""

    ander: Zijde
    zin: str


@dataclass(frozen=True)
class Bij:
    """What the page of one work or activity says: clashes for their parties, and agreements."""

    botsingen: Sequence[Rij]
    afspraken: Sequence[Afspraak]


def find_botsingen(
    session: Session,
    actor: Actor,
    *,
    eigen: bool = False,
    vanaf: date | None = None,
) -> list[Rij]:
    """The clashes that ``actor`` may see, worst first, then by day; one statement.

    Of a series that nobody spoke about one time stands for all.

    Args:
        eigen: only those that are for ``actor`` to settle.
        vanaf: only those of which neither side is over on this day.
    """
    if not actor.is_ingelogd:
        return []
    statement = _rows(actor, visible_to(actor))
    if eigen:
        statement = statement.where(is_own(actor))
    if vanaf is not None:
        statement = statement.where(Botsing.laatste_dag >= vanaf, Werkzaamheid.laatste_dag >= vanaf)
    rows = session.execute(_worst_first(statement))
    return _one_per_series([_to_rij(row) for row in rows])


def _one_per_series(rijen: Sequence[Rij]) -> list[Rij]:
    reeksen = [
        (rij.werk.id, rij.reeks_id) if rij.reeks_id and rij.voorstel is None else None
        for rij in rijen
    ]
    aantal = Counter(reeks for reeks in reeksen if reeks)
    eerste = {reeks: nummer for nummer, reeks in reversed(list(enumerate(reeksen))) if reeks}
    return [
        replace(rij, meer=aantal[reeks] - 1) if reeks else rij
        for nummer, (rij, reeks) in enumerate(zip(rijen, reeksen, strict=True))
        if reeks is None or eerste[reeks] == nummer
    ]


def find_of(
    session: Session, actor: Actor, werk_ids: Sequence[int], activiteit_ids: Sequence[int]
) -> list[Rij]:
    """What these works and activities clash with now, for ``actor``, worst first; one statement."""
    statement = _rows(actor, visible_to(actor)).where(
        Botsing.actueel,
        or_(Botsing.werkzaamheid_id.in_(werk_ids), Botsing.activiteit_id.in_(activiteit_ids)),
    )
    rows = session.execute(_worst_first(statement))
    return _one_per_series([_to_rij(row) for row in rows])


def get_botsing(session: Session, actor: Actor, botsing_id: int) -> Rij:
    """One clash.

    Raises:
        NotFound: if it does not exist for ``actor``.
    """
    row = session.execute(
        _rows(actor, visible_to(actor)).where(Botsing.id == botsing_id)
    ).one_or_none()
    if row is None:
        raise NotFound("Deze botsing is er niet meer. Misschien is een van beide verplaatst.")
    return _to_rij(row)


def find_voorstellen(session: Session, botsing_id: int) -> Sequence[BotsingVoorstel]:
    """All that was proposed about a clash, newest first; for who may see it."""
    return session.scalars(
        select(BotsingVoorstel)
        .where(BotsingVoorstel.botsing_id == botsing_id)
        .order_by(BotsingVoorstel.id.desc())
    ).all()


def find_bij(
    session: Session,
    actor: Actor,
    *,
    werk_id: int | None = None,
    activiteit_id: int | None = None,
) -> Bij:
    """What to say of clashes on the page of one work, or else of one activity; one statement.

    What was agreed is for everyone, where both are public and as long as it still stands.
    """
    openbaar = and_(visible_werk(BEZOEKER), visible_activiteit(BEZOEKER))
    partij = visible_to(actor) if actor.is_ingelogd else false()
    afgesproken = exists().where(
        BotsingVoorstel.botsing_id == Botsing.id, BotsingVoorstel.status == AANVAARD
    )
    # one of both, never "or": that no index can answer
    hier = (
        Botsing.activiteit_id == activiteit_id
        if werk_id is None
        else Botsing.werkzaamheid_id == werk_id
    )
    statement = (
        _rows(actor, or_(partij, and_(openbaar, afgesproken)))
        .where(hier)
        .add_columns(partij.label("partij"), openbaar.label("openbaar"))
    )
    rows = [(_to_rij(row), row) for row in session.execute(_worst_first(statement))]
    return Bij(
        _one_per_series([rij for rij, row in rows if row.partij]),
        [
            Afspraak(
                rij.activiteit if werk_id is not None else rij.werk, tell_outcome(rij.voorstel)
            )
            for rij, row in rows
            if row.openbaar and rij.voorstel and rij.stand in {Stand.TE_DOEN, Stand.GEDAAN}
        ],
    )


def _worst_first(statement: Select[Any]) -> Select[Any]:
    ernst = case(*((Botsing.klasse == klasse, nummer) for nummer, klasse in enumerate(Klasse)))
    order = (Botsing.actueel.desc(), ernst, Botsing.eerste_dag, Botsing.id)
    return statement.order_by(*order).limit(LIJST_MAX)


def _rows(actor: Actor, condition: ColumnElement[bool]) -> Select[Any]:
    """Clashes with both sides and what was agreed, else what is proposed, else the last said."""
    namen = (
        select(func.jsonb_object_agg(Werkzaamheid.id, Werkzaamheid.titel))
        .where(Werkzaamheid.id == func.any(Botsing.samen_met), visible_werk(actor))
        .correlate(Botsing)
        .scalar_subquery()
    )
    eerst = case(
        (BotsingVoorstel.status == AANVAARD, 0),
        (BotsingVoorstel.status == VoorstelStatus.OPEN, 1),
        else_=2,
    )
    laatste = (
        select(BotsingVoorstel)
        .where(BotsingVoorstel.botsing_id == Botsing.id)
        .order_by(eerst, BotsingVoorstel.id.desc())
        .limit(1)
        .lateral()
    )
    voorstel = aliased(BotsingVoorstel, laatste)
    columns: tuple[Any, ...] = (
        Botsing,
        voorstel,
        Werkzaamheid.id.label("werk_id"),
        Werkzaamheid.titel.label("werk_titel"),
        Werkzaamheid.eerste_dag.label("werk_eerste"),
        Werkzaamheid.laatste_dag.label("werk_laatste"),
        Organisatie.naam.label("werk_wie"),
        Activiteit.id.label("activiteit_id"),
        Activiteit.titel.label("activiteit_titel"),
        Activiteit.begint_op.label("begint_op"),
        Activiteit.eindigt_op.label("eindigt_op"),
        WIE.label("activiteit_wie"),
        Activiteit.reeks_id.label("reeks_id"),
        namen.label("namen"),
    )
    return (
        select(*columns)
        .join(Werkzaamheid, Werkzaamheid.id == Botsing.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .join(Organisatie, Organisatie.id == Werkzaamheid.organisatie_id)
        .join(Platform, Platform.id == Activiteit.platform_id)
        .outerjoin(voorstel, true())
        .where(condition)
    )


def _to_rij(row: Row[*tuple[Any, ...]]) -> Rij:
    botsing, voorstel = row[0], row[1]
    werk = Periode(row.werk_eerste, row.werk_laatste)
    dagen = (
        Periode(botsing.eerste_dag, botsing.laatste_dag)
        if botsing.gebruikelijk
        else days_of(row.begint_op, row.eindigt_op)
    )
    return Rij(
        id=botsing.id,
        klasse=botsing.klasse,
        werk=Zijde(
            row.werk_id, row.werk_titel, f"/werkzaamheden/{row.werk_id}", row.werk_wie, werk
        ),
        activiteit=Zijde(
            row.activiteit_id,
            row.activiteit_titel,
            f"/activiteiten/{row.activiteit_id}",
            row.activiteit_wie,
            dagen,
        ),
        gebruikelijk=botsing.gebruikelijk,
        actueel=botsing.actueel,
        redenen=botsing.redenen,
        voorstel=voorstel,
        stand=state_of(voorstel, werk, dagen) if voorstel is not None else None,
        reeks_id=row.reeks_id,
        namen={int(id_): titel for id_, titel in (row.namen or {}).items()},
    )
