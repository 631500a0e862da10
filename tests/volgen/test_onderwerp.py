from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kernenkaart.lagen.keuzes import Keuzes
from kernenkaart.volgen.onderwerp import VOORUIT, Onderwerp

KEUZES = Keuzes(
    kernen=[("tricht", "Tricht", (5.0, 51.0, 6.0, 52.0))],
    soorten={"activiteiten": [("markt", "Markt")], "werkzaamheden": []},
    kader=None,
)


@pytest.mark.parametrize(
    ("vraag", "woorden"),
    [
        ("", "Alle kernen: alles"),
        ("kern=tricht", "Tricht: alles"),
        ("kern=tricht&soort=activiteiten.markt", "Tricht: Markt"),
        ("laag=activiteiten&laag=werkzaamheden", "Alle kernen: activiteiten en werkzaamheden"),
        ("soort=werkzaamheden&q=kermis", "Alle kernen: werkzaamheden met “kermis”"),
        ("bij=5.28,51.88&straal=1000&naam=De+Kerk", "Binnen 1 kilometer van De Kerk: alles"),
        ("bij=5.28,51.88&kern=tricht", "Binnen 500 meter van een plek op de kaart, in Tricht: alles"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_followed_is_said_in_words(vraag: str, woorden: str) -> None:
    assert Onderwerp.from_text(vraag).words(KEUZES) == woorden


def test_the_days_of_a_question_are_not_followed() -> None:
    onderwerp = Onderwerp.from_text("kern=tricht&wanneer=weekend&van=2027-05-01&zoom=12")

    assert onderwerp.to_text() == "kern=tricht"
    periode = onderwerp.to_filter(date(2027, 4, 21), "GM1960").periode
    assert (periode.eerste, periode.laatste) == (date(2027, 4, 21), date(2027, 4, 21) + VOORUIT)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["kern", "soort", "laag", "q", "bij", "straal", "naam", "kader", "plek"]),
        st.text(max_size=30)
        | st.sampled_from(["tricht", "activiteiten", "5.28,51.88", "1000", "zonder", "5,51,6,52"]),
    )
)
def test_the_same_subject_always_has_the_same_address(args: dict[str, str]) -> None:
    once = Onderwerp.from_args(MultiDict(args))

    again = Onderwerp.from_text(once.to_text())

    assert again.to_text() == once.to_text()
    assert again.words(KEUZES) == once.words(KEUZES)
