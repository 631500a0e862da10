"""The address somebody typed in a form, looked up by our own geocoder."""

from flask import current_app

from kernenkaart.errors import Invalid
from kernenkaart.kaart.geocoder import Geocoder, certain, fitting
from kernenkaart.kaart.ophalen import NietBereikbaar
from kernenkaart.kernen.adres import Adres, NuNiet, OnbekendAdres

NOEM_MAX = 3


def find_adres(tekst: str) -> Adres:
    """What ``kernen.adres.find_adres`` promises."""
    geocoder: Geocoder = current_app.extensions["kernenkaart.kaart"].geocoder
    try:
        plekken = fitting(tekst, geocoder.look_up(tekst))
    except NietBereikbaar as error:
        kind = NuNiet if geocoder.url else Invalid  # what is switched off has no later
        raise kind(
            "Een adres opzoeken lukt nu niet. Kies een kern, of probeer het later opnieuw.", "plek"
        ) from error
    if not plekken:
        raise OnbekendAdres(
            "We vinden dit adres niet. Vul straat, huisnummer en dorp in, of kies een kern.", "plek"
        )
    plek = certain(tekst, plekken)
    if plek is None:
        namen = "; ".join(een.naam for een in plekken[:NOEM_MAX])
        raise Invalid(f"Er zijn meer plekken die zo heten: {namen}. Welke bedoel je?", "plek")
    return Adres(plek.naam, plek.punt)
