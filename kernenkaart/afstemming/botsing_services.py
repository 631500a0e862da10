"""Settle a clash: one side proposes, the other accepts or declines. The caller commits."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.policy import OPENBAAR
from kernenkaart.actor import Actor
from kernenkaart.afstemming.botsing_melden import find_addresses
from kernenkaart.afstemming.botsing_models import (
    TEKST_MAX,
    Botsing,
    BotsingVoorstel,
    Kant,
    Klasse,
    Oplossing,
    VoorstelStatus,
)
from kernenkaart.afstemming.botsing_policy import sides_of, visible_to
from kernenkaart.afstemming.botsing_regels import botsing_regels, classify, days_of
from kernenkaart.afstemming.botsing_woorden import tell_voorstel
from kernenkaart.errors import Conflict, Invalid, NotAllowed, NotFound
from kernenkaart.post.services import send_mail
from kernenkaart.tijd import Periode, now, today
from kernenkaart.werkzaamheden.models import Status, Werkzaamheid

VOORUIT = timedelta(days=3660)
AL_GEDAAN = "Hier is net al op geantwoord. Kijk eerst wat er is afgesproken."


@dataclass(frozen=True)
class NieuwVoorstel:
    """What somebody proposes, in the name of one side.

    ``eerste_dag`` and ``laatste_dag`` are of the thing that moves, both included; None when
    nothing moves. Without a last day it takes as long as it does now.
    """

    kant: Kant
    oplossing: Oplossing
    eerste_dag: date | None = None
    laatste_dag: date | None = None
    toelichting: str = ""


@dataclass(frozen=True)
class _Partijen:
    """A clash that is held until the transaction ends, with both sides."""

    botsing: Botsing
    werk: Werkzaamheid
    activiteit: Activiteit

    @property
    def werk_dagen(self) -> Periode:
        return Periode(self.werk.eerste_dag, self.werk.laatste_dag)

    @property
    def activiteit_dagen(self) -> Periode:
        if self.botsing.gebruikelijk:
            return Periode(self.botsing.eerste_dag, self.botsing.laatste_dag)
        return days_of(self.activiteit.begint_op, self.activiteit.eindigt_op)


def propose(
    session: Session, actor: Actor, botsing_id: int, nieuw: NieuwVoorstel
) -> BotsingVoorstel:
    """Propose something to the other side, and mail it. An own open proposal is replaced.

    Raises:
        NotFound: if the clash does not exist for ``actor``.
        NotAllowed: if ``actor`` does not speak for that side.
        Invalid: if the days are no good, or if it would clash as much on those days.
        Conflict: if the other side has just proposed something.
    """
    partijen = _lock(session, actor, botsing_id)
    if nieuw.kant not in sides_of(actor, partijen.werk, partijen.activiteit):
        raise NotAllowed("Je doet alleen een voorstel voor je eigen groep of organisatie.")
    _check_public(partijen)
    dagen = _check_days(partijen, nieuw)
    if len(nieuw.toelichting) > TEKST_MAX:
        raise Invalid(f"Maak dit korter: hoogstens {TEKST_MAX} tekens.", veld="toelichting")
    huidig = _find_open(session, botsing_id)
    if huidig is not None and huidig.kant is not nieuw.kant:
        raise Conflict("De ander heeft net iets voorgesteld. Antwoord daar eerst op.")
    if huidig is not None:
        _close(huidig, actor, VoorstelStatus.INGETROKKEN)
        session.flush()
    werk, activiteit = partijen.werk_dagen, partijen.activiteit_dagen
    voorstel = BotsingVoorstel(
        botsing_id=botsing_id,
        kant=nieuw.kant,
        oplossing=nieuw.oplossing,
        eerste_dag=dagen.eerste,
        laatste_dag=dagen.laatste,
        toelichting=nieuw.toelichting,
        status=VoorstelStatus.OPEN,
        werk_eerste=werk.eerste,
        werk_laatste=werk.laatste,
        activiteit_eerste=activiteit.eerste,
        activiteit_laatste=activiteit.laatste,
        door_id=actor.gebruiker_id,
    )
    session.add(voorstel)
    session.flush()
    _mail(session, partijen, _other(nieuw.kant), voorstel, "Voorstel")
    return voorstel


def answer(
    session: Session, actor: Actor, voorstel_id: int, *, aanvaard: bool, antwoord: str = ""
) -> BotsingVoorstel:
    """Accept or decline what the other side proposes, and mail it.

    Raises:
        NotFound, Conflict: as in ``propose``; also if it was answered already.
        NotAllowed: if ``actor`` does not speak for the other side, or proposed it himself.
        Invalid: if the answer is too long.
    """
    voorstel, partijen = _lock_voorstel(session, actor, voorstel_id)
    kant = _other(voorstel.kant)
    eigen = voorstel.door_id is not None and voorstel.door_id == actor.gebruiker_id
    if eigen or kant not in sides_of(actor, partijen.werk, partijen.activiteit):
        raise NotAllowed("Op dit voorstel antwoordt de andere kant.")
    if len(antwoord) > TEKST_MAX:
        raise Invalid(f"Maak dit korter: hoogstens {TEKST_MAX} tekens.", veld="antwoord")
    voorstel.antwoord = antwoord
    _close(voorstel, actor, VoorstelStatus.AANVAARD if aanvaard else VoorstelStatus.AFGEWEZEN)
    session.flush()
    _mail(session, partijen, voorstel.kant, voorstel, "Antwoord")
    return voorstel


def withdraw(session: Session, actor: Actor, voorstel_id: int) -> BotsingVoorstel:
    """Take an own proposal back.

    Raises:
        NotFound, NotAllowed, Conflict: as in ``propose``.
    """
    voorstel, partijen = _lock_voorstel(session, actor, voorstel_id)
    if voorstel.kant not in sides_of(actor, partijen.werk, partijen.activiteit):
        raise NotAllowed("Je trekt alleen een eigen voorstel in.")
    _close(voorstel, actor, VoorstelStatus.INGETROKKEN)
    session.flush()
    return voorstel


def _lock(session: Session, actor: Actor, botsing_id: int) -> _Partijen:
    row = session.execute(
        select(Botsing, Werkzaamheid, Activiteit)
        .join(Werkzaamheid, Werkzaamheid.id == Botsing.werkzaamheid_id)
        .join(Activiteit, Activiteit.id == Botsing.activiteit_id)
        .where(Botsing.id == botsing_id, visible_to(actor))
        .with_for_update(of=Botsing)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("Deze botsing is er niet meer. Misschien is een van beide verplaatst.")
    return _Partijen(*row)


def _lock_voorstel(
    session: Session, actor: Actor, voorstel_id: int
) -> tuple[BotsingVoorstel, _Partijen]:
    voorstel = session.get(BotsingVoorstel, voorstel_id)
    if voorstel is None:
        raise NotFound
    partijen = _lock(session, actor, voorstel.botsing_id)
    session.refresh(voorstel)
    if voorstel.status is not VoorstelStatus.OPEN:
        raise Conflict(AL_GEDAAN)
    return voorstel, partijen


def _find_open(session: Session, botsing_id: int) -> BotsingVoorstel | None:
    return session.scalar(
        select(BotsingVoorstel).where(
            BotsingVoorstel.botsing_id == botsing_id,
            BotsingVoorstel.status == VoorstelStatus.OPEN,
        )
    )


def _close(voorstel: BotsingVoorstel, actor: Actor, status: VoorstelStatus) -> None:
    voorstel.status = status
    voorstel.beantwoord_door_id = actor.gebruiker_id
    voorstel.beantwoord_op = now()


def _other(kant: Kant) -> Kant:
    return Kant.ACTIVITEIT if kant is Kant.WERKZAAMHEID else Kant.WERKZAAMHEID


def _check_public(partijen: _Partijen) -> None:
    """Both sides must be able to see what it is about."""
    werk, activiteit = partijen.werk, partijen.activiteit
    if werk.status is Status.CONCEPT or not werk.openbaar:
        raise Invalid("De groep ziet dit werk nog niet. Zet het eerst openbaar op de kaart.")
    if activiteit.status not in OPENBAAR:
        raise Invalid("De ander ziet deze activiteit nog niet. Plaats haar eerst in de kalender.")


def _check_days(partijen: _Partijen, nieuw: NieuwVoorstel) -> Periode:
    if nieuw.oplossing is Oplossing.KAN_SAMEN:
        return Periode()
    huidig, ander = partijen.werk_dagen, partijen.activiteit_dagen
    if nieuw.oplossing is Oplossing.VERPLAATS_ACTIVITEIT:
        huidig, ander = ander, huidig
    eerste = nieuw.eerste_dag
    if eerste is None:
        raise Invalid("Vul in op welke dag het dan begint.", veld="eerste_dag")
    if not today() <= eerste <= today() + VOORUIT:
        raise Invalid("Kies een dag die nog komt.", veld="eerste_dag")
    duur = (huidig.laatste or eerste) - (huidig.eerste or eerste)
    laatste = nieuw.laatste_dag or eerste + duur
    if laatste < eerste:
        raise Invalid("De laatste dag ligt vóór de eerste dag.", veld="laatste_dag")
    if laatste - eerste > VOORUIT:
        raise Invalid("Dit duurt langer dan tien jaar.", veld="laatste_dag")
    dagen = Periode(eerste, laatste)
    nog = classify(
        partijen.botsing.afstand_m,
        dagen,
        ander,
        botsing_regels(),
        afgesneden=partijen.botsing.klasse is Klasse.TOEGANG,
    )
    if nog is not None and nog.dagen:
        raise Invalid("Op die dagen botst het ook. Kies andere dagen.", veld="eerste_dag")
    return dagen


def _mail(
    session: Session, partijen: _Partijen, naar: Kant, voorstel: BotsingVoorstel, wat: str
) -> None:
    werk, activiteit = partijen.werk, partijen.activiteit
    for een in find_addresses(session, naar, werk, activiteit, today()):
        send_mail(
            session,
            een,
            f"{wat}: {werk.titel} en {activiteit.titel}",
            "botsing",
            werk=werk.titel,
            activiteit=activiteit.titel,
            status=voorstel.status.value,
            voorstel=tell_voorstel(voorstel, today()),
            tekst=voorstel.antwoord or voorstel.toelichting,
            botsing_id=partijen.botsing.id,
        )
