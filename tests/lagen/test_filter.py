"""The address of the map page: what it says, and what it does with nonsense."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kernenkaart.lagen.filter import NAMEN, Vraag
from kernenkaart.tijd import PERIODEN, Periode

VANDAAG = date(2027, 4, 21)  # a Wednesday


def read(**args: object) -> tuple[Vraag, dict[str, str]]:
    return Vraag.from_args(MultiDict(args))  # type: ignore[arg-type]


def test_an_empty_address_is_this_quarter_of_everything() -> None:
    vraag, fouten = read()

    assert fouten == {}
    assert vraag.to_args() == {}
    assert vraag.periode(VANDAAG) == Periode(VANDAAG, date(2027, 6, 30))


@pytest.mark.parametrize(
    ("veld", "waarde"),
    [
        ("kern", "../etc"),
        ("kern", "x" * 121),
        ("soort", "wegen"),
        ("soort", "wegen.riool"),
        ("wanneer", "ooit"),
        ("van", "31-02-2027"),
        ("tot", "morgen of zo"),
        ("kader", "1,2,3"),
        ("kader", "5.3,51.8,5.1,51.9"),
        ("kader", "nan,nan,nan,nan"),
        ("kader", "-200,0,200,80"),
        ("zoom", "99"),
        ("zoom", "-1"),
        ("kader", "1e1,50,6,51"),
        ("zoom", "²"),
    ],
)
def test_nonsense_is_left_out_and_told_beside_its_field(veld: str, waarde: str) -> None:
    vraag, fouten = read(**{veld: waarde})

    # whoever gives a day asks for days, and sees beside it what is wrong with it
    assert vraag == Vraag(wanneer="zelf" if veld in {"van", "tot"} else "kwartaal")
    assert list(fouten) == [veld]
    assert fouten[veld].endswith(".")


def test_a_last_day_before_the_first_is_told() -> None:
    vraag, fouten = read(wanneer="zelf", van="12-06-2027", tot="11-06-2027")

    assert "tot" in fouten
    assert vraag.periode(VANDAAG) == Periode(date(2027, 6, 12), None)


def test_days_are_read_as_fields_show_them_and_as_addresses_do() -> None:
    for van in ("12-06-2027", "2027-06-12"):
        assert read(wanneer="zelf", van=van)[0].van == date(2027, 6, 12)


@pytest.mark.parametrize("lagen", [(), NAMEN, tuple(reversed(NAMEN)), ("onzin",)])
def test_all_layers_and_none_are_the_same(lagen: tuple[str, ...]) -> None:
    assert read(laag=list(lagen))[0].lagen == ()


def test_a_kind_of_a_layer_that_is_off_finds_nothing() -> None:
    vraag, _ = read(soort="projecten", laag=["werkzaamheden"])

    assert vraag.to_filter(VANDAAG).lagen == ("",)


vragen = st.builds(
    Vraag,
    q=st.text("abc de", max_size=8).map(lambda text: " ".join(text.split())),
    kern=st.sampled_from(["", "tricht"]),
    soort=st.sampled_from(["", *NAMEN, "werkzaamheden.riool"]),
    lagen=st.sets(st.sampled_from(NAMEN), max_size=3).map(
        lambda lagen: tuple(naam for naam in NAMEN if naam in lagen)
    ),
    wanneer=st.sampled_from([*PERIODEN]),
    zonder_plek=st.booleans(),
)


@given(vragen)
def test_an_address_says_what_it_was_made_of(vraag: Vraag) -> None:
    again, fouten = Vraag.from_args(MultiDict(vraag.to_args()))

    assert fouten == {}
    assert again == vraag
