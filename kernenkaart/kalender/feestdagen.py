"""The days on which the Netherlands is free or remembers.

Fixed and movable feasts as the government lists them (https://www.rijksoverheid.nl/onderwerpen/
arbeidsovereenkomst-en-cao/vraag-en-antwoord/officiele-feestdagen).
"""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from kernenkaart.activiteiten.pasen import FEESTEN, ZONDAG

VAST = {
    (1, 1): "Nieuwjaarsdag",
    (5, 4): "Dodenherdenking",
    (5, 5): "Bevrijdingsdag",
    (12, 25): "1e kerstdag",
    (12, 26): "2e kerstdag",
}


@lru_cache(maxsize=32)
def find_feestdagen(jaar: int) -> dict[date, str]:
    """Name of every feast day of a year, by day.

    Two feasts on one day stand together: ``Hemelvaartsdag, Bevrijdingsdag`` (2016). Koningsdag is
    27 April, or the 26th when that is a Sunday (since 2014).
    """
    koningsdag = date(jaar, 4, 27)
    if koningsdag.weekday() == ZONDAG:
        koningsdag -= timedelta(days=1)
    pasen = easter(jaar)
    feesten = [(pasen + timedelta(days=later), naam) for later, naam in FEESTEN.items()]
    feesten += [(koningsdag, "Koningsdag")]
    feesten += [(date(jaar, maand, dag), naam) for (maand, dag), naam in VAST.items()]
    found: dict[date, str] = {}
    for dag, naam in sorted(feesten, key=lambda feest: feest[0]):
        found[dag] = f"{found[dag]}, {naam}" if dag in found else naam
    return found
