"""Post, change and confirm works. The caller commits."""

import uuid
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.kernen.vlak import find_gemeente_near
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.periode import Nauwkeurigheid
from kernenkaart.tijd import now, today
from kernenkaart.werkzaamheden.dagen import check_dagen
from kernenkaart.werkzaamheden.models import (
    Diepte,
    Hinder,
    Hinderregel,
    Status,
    Werkzaamheid,
    WerkzaamheidFase,
    WerkzaamheidSoort,
)
from kernenkaart.werkzaamheden.policy import may_change, may_post, visible_to
from kernenkaart.werkzaamheden.startcheck import require_startcheck, state_exemption

ZELFDE_M = 0.01


@dataclass(frozen=True)
class HinderZin:
    """One line of the hinder table: who, how much, and in plain words when."""

    wie: str
    niveau: Hinder
    tekst: str


@dataclass(frozen=True)
class FaseZin:
    """One step of a work; ``geom`` (RD) only where it is not that of the work."""

    naam: str
    eerste_dag: date
    laatste_dag: date
    geom: BaseGeometry | None = None


@dataclass(frozen=True)
class HinderVormen:
    """Where a work is in the way, and the way around it, in RD; None where nobody drew one."""

    hinder: BaseGeometry | None = None
    omleiding: BaseGeometry | None = None


@dataclass(frozen=True)
class WerkGegevens:
    """What somebody fills in about a work; texts are cleaned, empty ones None.

    Attributes:
        nauwkeurigheid: how precisely both days are known; they bound what is.
        duur_dagen: how long it takes within those days; None is all of them.
        vroegst: how early it can begin; None is not before the first day.
        laatst: when it has to be ready; None is on the last day.
        diepte: None is that of its kind.
        fasen: its steps; None leaves the stored ones as they are.
        hinder_vormen: None leaves the stored ones as they are.
        interne_notitie: None leaves the stored one as it is.
        vrijstelling: why it needs no startcheck; None or empty leaves the stored reason as it is.
        status_straks: of a draft, what it becomes when it is placed; else None.
        geom: RD geometry (metres); None leaves the stored one as it is.
    """

    organisatie_id: int
    titel: str
    soort_id: int
    omschrijving: str
    eerste_dag: date
    laatste_dag: date
    status: Status
    status_straks: Status | None
    openbaar: bool
    hinder: Hinder
    hinder_kort: str | None
    hinderregels: tuple[HinderZin, ...]
    omleiding: str | None
    plek_naam: str | None
    geom: BaseGeometry | None
    contact_rol: str | None
    contact_telefoon: str | None
    project_id: int | None = None
    nauwkeurigheid: Nauwkeurigheid = Nauwkeurigheid.DAG
    duur_dagen: int | None = None
    vroegst: date | None = None
    laatst: date | None = None
    diepte: Diepte | None = None
    fasen: tuple[FaseZin, ...] | None = None
    hinder_vormen: HinderVormen | None = None
    interne_notitie: str | None = None
    vrijstelling: str | None = None


def post_werkzaamheid(
    session: Session,
    actor: Actor,
    gegevens: WerkGegevens,
    *,
    sleutel: uuid.UUID,
    marge_m: float,
    startcheck: bool = True,
) -> Werkzaamheid:
    """Put a work on the map. Posting again with the same key gives the first one.

    Args:
        sleutel: made with the empty form; the same form sent twice makes one.
        marge_m: how far it may lie outside every kern, metres.
        startcheck: whether what is certain needs one, or a reason why not.

    Raises:
        NotAllowed: if ``actor`` does not post for that organisation.
        Invalid: if something does not fit together or lies too far away, or if it would be
            certain without a startcheck (``StartcheckNodig``).
    """
    if not may_post(actor, gegevens.organisatie_id):
        raise NotAllowed("Je plaatst alleen werk van je eigen organisatie.")
    if eerder := find_posted(session, sleutel):
        return eerder
    werk = Werkzaamheid(sleutel=sleutel, gemaakt_door_id=actor.gebruiker_id)
    if startcheck and not gegevens.vrijstelling:
        geom = werk.geom if gegevens.geom is None else gegevens.geom
        require_startcheck(session, werk, gegevens.status, geom)
    _fill(session, werk, gegevens, marge_m)
    try:
        with session.begin_nested():
            session.add(werk)
            session.flush()
            _exempt(session, actor, werk, gegevens)
    except IntegrityError:
        # somebody sent the same form at the same moment: the unique key has the last word
        eerder = find_posted(session, sleutel)
        if eerder is None:
            raise
        return eerder
    return werk


def find_posted(session: Session, sleutel: uuid.UUID) -> Werkzaamheid | None:
    """What was posted before with this key."""
    return session.scalar(select(Werkzaamheid).where(Werkzaamheid.sleutel == sleutel))


def change_werkzaamheid(
    session: Session,
    actor: Actor,
    werkzaamheid_id: int,
    gegevens: WerkGegevens,
    *,
    versie: int | None,
    marge_m: float,
    startcheck: bool = True,
) -> Werkzaamheid:
    """Change a work.

    Args:
        versie: the version the editor started from.
        startcheck: as in ``post_werkzaamheid``.

    Raises:
        NotFound, NotAllowed: as in ``lock``; also if it would go to an organisation of others.
        Conflict: if somebody else changed it meanwhile.
        Invalid: as in ``post_werkzaamheid``.
    """
    werk = lock(session, actor, werkzaamheid_id)
    if werk.versie != versie:
        raise Conflict
    if not may_post(actor, gegevens.organisatie_id):
        raise NotAllowed("Je plaatst alleen werk van je eigen organisatie.")
    if startcheck and not gegevens.vrijstelling:
        geom = werk.geom if gegevens.geom is None else gegevens.geom
        require_startcheck(session, werk, gegevens.status, geom)
    _fill(session, werk, gegevens, marge_m)
    session.flush()
    _exempt(session, actor, werk, gegevens)
    return werk


def confirm(
    session: Session, actor: Actor, werkzaamheid_id: int, *, startcheck: bool = True
) -> Werkzaamheid:
    """Say that a work still is as it stands here; what was only expected becomes confirmed.

    Args:
        startcheck: whether becoming confirmed needs one, or a reason why not.

    Raises:
        NotFound, NotAllowed: as in ``lock``.
        Conflict: of a draft, and of what does not go on.
        StartcheckNodig: if there is neither.
    """
    werk = lock(session, actor, werkzaamheid_id)
    if werk.status in (Status.CONCEPT, Status.VERVALLEN):
        raise Conflict
    if werk.status in (Status.NOG_NIET_ZEKER, Status.VERWACHT, Status.UITGESTELD):
        if startcheck:
            require_startcheck(session, werk, Status.BEVESTIGD, werk.geom)
        werk.status = Status.BEVESTIGD
    werk.bevestigd_op = today()
    session.flush()
    return werk


def set_status(
    session: Session,
    actor: Actor,
    werkzaamheid_id: int,
    status: Status | None,
    *,
    startcheck: bool = True,
) -> Werkzaamheid:
    """Begin, finish, put off or drop a work.

    Args:
        status: None puts it on the map: a draft with the status that was chosen for it, and what
            was over as expected.
        startcheck: as in ``confirm``.

    Raises:
        NotFound, NotAllowed, StartcheckNodig: as in ``confirm``.
    """
    werk = lock(session, actor, werkzaamheid_id)
    wordt = status or werk.status_straks or Status.VERWACHT
    if startcheck:
        require_startcheck(session, werk, wordt, werk.geom)
    werk.status = wordt
    werk.status_straks = None
    if werk.status in (Status.BEVESTIGD, Status.BEZIG):
        werk.bevestigd_op = today()
    session.flush()
    return werk


def withdraw(session: Session, actor: Actor, werkzaamheid_id: int) -> Werkzaamheid | None:
    """Say that a work does not go on; a draft, of which nobody knows, is thrown away.

    Returns:
        The work as it stays on the map; None for a draft.

    Raises:
        NotFound, NotAllowed: as in ``lock``.
    """
    werk = lock(session, actor, werkzaamheid_id)
    if werk.status is not Status.CONCEPT:
        return set_status(session, actor, werkzaamheid_id, Status.VERVALLEN)
    session.delete(werk)
    session.flush()
    return None


def lock(session: Session, actor: Actor, werkzaamheid_id: int) -> Werkzaamheid:
    """The work, held until the transaction ends.

    Raises:
        NotFound: if it does not exist for ``actor``.
        NotAllowed: if it is of another organisation.
    """
    werk = session.scalar(
        select(Werkzaamheid)
        .where(Werkzaamheid.id == werkzaamheid_id, visible_to(actor))
        .with_for_update(of=Werkzaamheid)
        .execution_options(populate_existing=True)
    )
    if werk is None:
        raise NotFound
    if not may_change(actor, werk):
        raise NotAllowed("Je verandert alleen werk van je eigen organisatie.")
    return werk


def _exempt(session: Session, actor: Actor, werk: Werkzaamheid, gegevens: WerkGegevens) -> None:
    if gegevens.vrijstelling:
        state_exemption(session, actor, werk.id, gegevens.vrijstelling)


def _fill(session: Session, werk: Werkzaamheid, gegevens: WerkGegevens, marge_m: float) -> None:
    _check(session, werk, gegevens)
    for veld in (
        "organisatie_id", "titel", "soort_id", "omschrijving", "eerste_dag", "laatste_dag",
        "openbaar", "hinder", "hinder_kort", "omleiding", "plek_naam", "contact_rol",
        "contact_telefoon", "project_id", "nauwkeurigheid", "duur_dagen", "vroegst", "laatst",
        "diepte",
    ):  # fmt: skip
        setattr(werk, veld, getattr(gegevens, veld))
    if gegevens.status in (Status.BEVESTIGD, Status.BEZIG) and gegevens.status != werk.status:
        werk.bevestigd_op = today()
    werk.status, werk.status_straks = gegevens.status, gegevens.status_straks
    if gegevens.geom is not None:
        gemeente_id = find_gemeente_near(session, gegevens.geom, marge_m)
        if gemeente_id is None:
            raise Invalid("Dit ligt te ver buiten de gemeente. Teken het opnieuw.", veld="vorm")
        werk.geom, werk.gemeente_id = gegevens.geom, gemeente_id
    elif werk.geom is None:
        raise Invalid("Teken op de kaart waar het werk is.", veld="vorm")
    if tuple((r.wie, r.niveau, r.tekst) for r in werk.hinderregels) != tuple(
        (zin.wie, zin.niveau, zin.tekst) for zin in gegevens.hinderregels
    ):
        _align_hinder(werk, gegevens.hinderregels)
        werk.updated_at = now()  # its lines are part of a work: another version of it
    if gegevens.interne_notitie is not None:
        werk.interne_notitie = gegevens.interne_notitie
    if (vormen := gegevens.hinder_vormen) is not None:
        if not _same_vorm(werk.hinder_geom, vormen.hinder):
            werk.hinder_geom = vormen.hinder
        if not _same_vorm(werk.omleiding_geom, vormen.omleiding):
            werk.omleiding_geom = vormen.omleiding
    if gegevens.fasen is not None and _align_fasen(werk, gegevens.fasen):
        werk.updated_at = now()


def _check(session: Session, werk: Werkzaamheid, gegevens: WerkGegevens) -> None:
    if not gegevens.titel:
        raise Invalid("Vul een naam in. Bijvoorbeeld: Nieuw riool in de Nieuwsteeg.", veld="titel")
    check_dagen(
        gegevens.eerste_dag,
        gegevens.laatste_dag,
        duur_dagen=gegevens.duur_dagen,
        vroegst=gegevens.vroegst,
        laatst=gegevens.laatst,
    )
    organisatie = session.get(Organisatie, gegevens.organisatie_id)
    if organisatie is None or not (organisatie.actief or organisatie.id == werk.organisatie_id):
        raise Invalid("Kies een organisatie uit de lijst.", veld="organisatie")
    soort = session.get(WerkzaamheidSoort, gegevens.soort_id)
    if soort is None or not (soort.actief or soort.id == werk.soort_id):
        raise Invalid("Kies een soort uit de lijst.", veld="soort")
    if gegevens.hinder is not Hinder.GEEN and not gegevens.hinder_kort:
        raise Invalid(
            "Vul in wie er niet langs kan. Bijvoorbeeld: Afgesloten voor auto's.",
            veld="hinder_kort",
        )


def _align_hinder(werk: Werkzaamheid, zinnen: tuple[HinderZin, ...]) -> None:
    """Make the stored lines say ``zinnen``; lines that stay the same are left alone."""
    for nummer, zin in enumerate(zinnen):
        if nummer < len(werk.hinderregels):
            regel = werk.hinderregels[nummer]
            regel.wie, regel.niveau, regel.tekst = zin.wie, zin.niveau, zin.tekst
        else:
            werk.hinderregels.append(
                Hinderregel(volgorde=nummer, wie=zin.wie, niveau=zin.niveau, tekst=zin.tekst)
            )
    del werk.hinderregels[len(zinnen) :]


def _align_fasen(werk: Werkzaamheid, fasen: tuple[FaseZin, ...]) -> bool:
    """Make the stored steps say ``fasen``; whether anything became different."""
    if len(werk.fasen) == len(fasen) and all(map(_same_fase, werk.fasen, fasen)):
        return False
    for nummer, fase in enumerate(fasen):
        if nummer == len(werk.fasen):
            werk.fasen.append(WerkzaamheidFase(volgorde=nummer))
        row = werk.fasen[nummer]
        row.naam, row.eerste_dag, row.laatste_dag = fase.naam, fase.eerste_dag, fase.laatste_dag
        row.geom = fase.geom
    del werk.fasen[len(fasen) :]
    return True


def _same_fase(stored: WerkzaamheidFase, fase: FaseZin) -> bool:
    return (stored.naam, stored.eerste_dag, stored.laatste_dag) == (
        fase.naam,
        fase.eerste_dag,
        fase.laatste_dag,
    ) and _same_vorm(stored.geom, fase.geom)


def _same_vorm(stored: BaseGeometry | None, vorm: BaseGeometry | None) -> bool:
    """Whether a drawing came back as it went out, through degrees and rounded."""
    if stored is None or vorm is None:
        return stored is vorm
    return bool(shapely.equals_exact(stored, vorm, ZELFDE_M))
