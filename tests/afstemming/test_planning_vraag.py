"""The address of a planning is read and written back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kernenkaart.afstemming.planning_vraag import DUREN, STATUSSEN, PlanVraag, add_months

VANDAAG = date(2027, 4, 21)


def read(**args: str) -> tuple[PlanVraag, dict[str, str]]:
    return PlanVraag.from_args(MultiDict(args), VANDAAG)


def test_an_empty_address_is_all_for_fourteen_months_from_this_one() -> None:
    vraag, fouten = read()

    assert fouten == {}
    assert (vraag.periode.eerste, vraag.periode.laatste) == (date(2027, 4, 1), date(2028, 5, 31))
    assert vraag.to_args(VANDAAG) == {}


def test_a_kern_written_by_hand_is_read() -> None:
    assert read(kern="tricht")[0].kern == "tricht"
    assert read(waar="gebied.3")[0].gebied_id == 3


@pytest.mark.parametrize(
    ("veld", "tekst"),
    [
        ("waar", "kern.'; drop"),
        ("waar", "gebied.een"),
        ("waar", "kern.a\0b"),
        ("organisatie", "-1"),
        ("organisatie", "99999999999999"),
        ("status", "vervallen"),
        ("maanden", "7"),
        ("van", "2027-13"),
        ("van", "9999-01"),
        ("van", "２０２７-01"),
        ("soort", "RIOOL'"),
        ("gekozen", "kern-1"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_told(veld: str, tekst: str) -> None:
    vraag, fouten = read(**{veld: tekst})

    assert list(fouten) == [veld]
    assert vraag.to_args(VANDAAG) == {}


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        PlanVraag,
        van=st.dates(date(1950, 1, 1), date(2149, 12, 1)).map(lambda dag: dag.replace(day=1)),
        maanden=st.sampled_from(DUREN),
        waar=st.sampled_from(["", "kern.tricht", "gebied.12"]),
        organisatie=st.none() | st.integers(0, 999_999),
        soort=st.sampled_from(["", "riool", "projecten"]),
        status=st.sampled_from(["", *STATUSSEN]),
        q=st.text(alphabet="abc é%_", max_size=20).map(lambda t: " ".join(t.split())),
        gekozen=st.sampled_from(["", "project-3", "werkzaamheid-12"]),
    )
)
def test_an_address_says_all_that_is_asked(vraag: PlanVraag) -> None:
    args = MultiDict({key: str(value) for key, value in vraag.to_args(VANDAAG).items()})

    assert PlanVraag.from_args(args, VANDAAG) == (vraag, {})


def test_going_later_and_back_again_leads_to_the_same_months() -> None:
    vraag, _ = read(van="2027-11")

    assert vraag.moved(7).van == date(2028, 6, 1)
    assert vraag.moved(7).moved(-7) == vraag


def test_nobody_leaves_the_years_we_know() -> None:
    assert add_months(date(2150, 1, 1), 600) == date(2150, 1, 1)
    assert add_months(date(1950, 1, 1), -1) == date(1950, 1, 1)
