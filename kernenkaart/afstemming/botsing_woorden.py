"""What a clash is and what was agreed about it, in plain Dutch."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from kernenkaart.afstemming.botsing_models import (
    BotsingVoorstel,
    Klasse,
    Oplossing,
    VoorstelStatus,
)
from kernenkaart.afstemming.botsing_regels import Reden
from kernenkaart.tijd import Periode, format_dagen

KOPPEN: Mapping[Klasse, str] = {
    Klasse.ZELFDE_PLEK_EN_TIJD: "Op dezelfde plek en op dezelfde dag",
    Klasse.TOEGANG: "De enige weg ernaartoe is dicht",
    Klasse.ZELFDE_TIJD: "Op dezelfde dag, vlakbij",
    Klasse.ZELFDE_PLEK: "Op dezelfde plek, kort na elkaar",
}


class Stand(StrEnum):
    """Where an agreement stands."""

    TE_DOEN = "te_doen"
    GEDAAN = "gedaan"
    OPNIEUW = "opnieuw"


def tell(
    redenen: Sequence[Reden],
    vandaag: date | None = None,
    namen: Mapping[int, str] | None = None,
) -> list[str]:
    """Each reason as one sentence.

    Args:
        vandaag: days in another year than this get their year.
        namen: by key the works that whoever reads it may see; the others are not named.
    """
    return [_sentence(reden, vandaag, namen or {}) for reden in redenen]


def _sentence(reden: Reden, vandaag: date | None, namen: Mapping[int, str]) -> str:
    match reden["code"]:
        case "toegang":
            return (
                "Het werk sluit de laatste weg naar de activiteit af. Er is geen andere weg "
                "naartoe voor auto's."
            )
        case "toegang_samen":
            eerste, laatste = (date.fromisoformat(reden[naam]) for naam in ("eerste", "laatste"))
            return (
                f"Samen met {_works(reden['werken'], namen)} sluit dit de laatste weg naar de "
                f"activiteit af: {format_dagen(eerste, laatste, vandaag)}. Elk apart laat een "
                "weg open."
            )
        case "afstand":
            return (
                "De activiteit is op de plek van het werk."
                if reden["m"] == 0
                else f"De activiteit is {_meters(reden['m'])} van het werk."
            )
        case "samen":
            eerste, laatste = (date.fromisoformat(reden[naam]) for naam in ("eerste", "laatste"))
            hoeveel = "1 dag" if reden["dagen"] == 1 else f"{reden['dagen']} dagen"
            return f"Ze zijn {hoeveel} tegelijk: {format_dagen(eerste, laatste, vandaag)}."
        case "ruimte":
            return (
                f"Het werk duurt {reden['duur']} van de {reden['lengte']} dagen, dus het kan er "
                "misschien omheen."
            )
        case "ertussen":
            dagen = reden["dagen"]
            if dagen == 0:
                return "Ze sluiten op elkaar aan: er zit geen dag tussen."
            return f"Er {'zit 1 dag' if dagen == 1 else f'zitten {dagen} dagen'} tussen."
        case "gebruikelijk":
            jaren = [str(jaar) for jaar in reden["jaren"]]
            return (
                "De activiteit staat nog niet in de kalender. Ze was er in dezelfde week van "
                f"{', '.join(jaren[:-1])} en {jaren[-1]}."
            )
        case _:
            return "De groep heeft nog niet gezegd of de activiteit doorgaat."


def _works(werken: Sequence[int], namen: Mapping[int, str]) -> str:
    bekend = [f"het werk “{namen[een]}”" for een in werken if een in namen]
    ander = len(werken) - len(bekend)
    if ander:
        bekend.append("een ander werk" if ander == 1 else f"{ander} andere werken")
    return " en ".join(filter(None, [", ".join(bekend[:-1]), bekend[-1]]))


def _meters(m: float) -> str:
    return f"{m / 1000:.1f} km".replace(".", ",") if m >= 1000 else f"{m:.0f} meter"


def tell_voorstel(voorstel: BotsingVoorstel, vandaag: date | None = None) -> str:
    """What is proposed, as a clause: ``het werk gaat naar ma 7 t/m vr 11 juni``."""
    if voorstel.eerste_dag is None or voorstel.laatste_dag is None:
        return "het werk en de activiteit kunnen samen doorgaan zoals gepland"
    wat = "het werk" if voorstel.oplossing is Oplossing.VERPLAATS_WERK else "de activiteit"
    return f"{wat} gaat naar {format_dagen(voorstel.eerste_dag, voorstel.laatste_dag, vandaag)}"


def tell_outcome(voorstel: BotsingVoorstel, vandaag: date | None = None) -> str:
    """What was agreed, for everyone to read: one sentence without the words of the parties."""
    if voorstel.oplossing is Oplossing.KAN_SAMEN:
        return "Het werk en de activiteit kunnen samen doorgaan."
    zin = tell_voorstel(voorstel, vandaag)
    return f"{zin[0].upper()}{zin[1:]}."


def state_of(voorstel: BotsingVoorstel, werk: Periode, activiteit: Periode) -> Stand | None:
    """Whether an agreement still has to be done, is done, or must be looked at again.

    Args:
        werk: the days of the work now.
        activiteit: the days of the activity now.

    Returns:
        None if nothing was agreed.
    """
    if voorstel.status is not VoorstelStatus.AANVAARD:
        return None
    toen_werk = Periode(voorstel.werk_eerste, voorstel.werk_laatste)
    toen_activiteit = Periode(voorstel.activiteit_eerste, voorstel.activiteit_laatste)
    if voorstel.oplossing is Oplossing.KAN_SAMEN:
        zelfde = (werk, activiteit) == (toen_werk, toen_activiteit)
        return Stand.GEDAAN if zelfde else Stand.OPNIEUW
    straks = Periode(voorstel.eerste_dag, voorstel.laatste_dag)
    nu, toen, ander, ander_toen = (
        (werk, toen_werk, activiteit, toen_activiteit)
        if voorstel.oplossing is Oplossing.VERPLAATS_WERK
        else (activiteit, toen_activiteit, werk, toen_werk)
    )
    if ander != ander_toen or nu not in {toen, straks}:
        return Stand.OPNIEUW
    return Stand.GEDAAN if nu == straks else Stand.TE_DOEN
