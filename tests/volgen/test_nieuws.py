"""What there is to tell, by itself: without a database."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kernenkaart.tijd import AMSTERDAM
from kernenkaart.volgen.nieuws import Ding, Melding, Soort, Stand, compare

NU = datetime(2027, 4, 21, 7, 0, tzinfo=AMSTERDAM)
MARKT = Stand(
    laag="activiteiten",
    id=1,
    titel="Boekenmarkt",
    begint_op=datetime(2027, 5, 8, 10, 0, tzinfo=AMSTERDAM),
    eindigt_op=datetime(2027, 5, 8, 16, 0, tzinfo=AMSTERDAM),
    hele_dag=False,
    status="gepubliceerd",
    plek="Raadhuisplein",
    kern="Tricht",
    xy=(145_000, 430_000),
    reeks=None,
)
WERK = replace(MARKT, laag="werkzaamheden", titel="Riool", status="verwacht")
UUR = timedelta(hours=1)


def told(was: Stand | None, nu: Stand | None, *, here: bool = True) -> list[Melding]:
    """What is told of one thing, found as followed or only still to be seen elsewhere."""
    bekend = {was.sleutel: was} if was else {}
    gevonden = [Ding(nu)] if nu and here else []
    elders = {nu.sleutel: Ding(nu)} if nu and not here else {}
    return list(compare(bekend, gevonden, elders, NU).meldingen)


@pytest.mark.parametrize(
    ("was", "nu", "soort"),
    [
        (None, MARKT, Soort.NIEUW),
        (None, replace(MARKT, status="afgelast"), None),
        (MARKT, MARKT, None),
        (MARKT, replace(MARKT, titel="Grote boekenmarkt"), None),
        (MARKT, replace(MARKT, begint_op=MARKT.begint_op - UUR), Soort.VERPLAATST),  # type: ignore[operator]
        (MARKT, replace(MARKT, plek="Dorpshuis"), Soort.VERPLAATST),
        (MARKT, replace(MARKT, xy=(145_100, 430_000)), None),
        (MARKT, replace(MARKT, xy=(145_101, 430_000)), Soort.VERPLAATST),
        (MARKT, replace(MARKT, xy=None), Soort.VERPLAATST),
        (MARKT, replace(MARKT, status="afgelast"), Soort.NIET_DOOR),
        (replace(MARKT, status="afgelast"), MARKT, Soort.WEER_DOOR),
        (replace(MARKT, status="verwacht"), MARKT, Soort.STATUS),
        (WERK, replace(WERK, status="uitgesteld"), Soort.STATUS),
        (WERK, replace(WERK, status="bezig"), None),
        (WERK, replace(WERK, status="vervallen"), Soort.NIET_DOOR),
        (MARKT, None, Soort.WEG),
        (replace(MARKT, status="afgelast"), None, None),
    ],
)
def test_what_happened_to_a_thing_is_told_as_what_it_is(
    was: Stand | None, nu: Stand | None, soort: Soort | None
) -> None:
    assert [melding.soort for melding in told(was, nu)] == ([soort] if soort else [])


def test_what_was_told_is_not_told_again() -> None:
    moved = replace(MARKT, plek="Dorpshuis")

    first = compare({MARKT.sleutel: MARKT}, [Ding(moved)], {}, NU)

    assert first.weet == [moved]
    assert told(first.weet[0], moved) == []


def test_what_leaves_the_question_is_told_as_moved_and_stays_known() -> None:
    later = replace(MARKT, kern="Geldermalsen")

    nieuws = compare({MARKT.sleutel: MARKT}, [], {MARKT.sleutel: Ding(later)}, NU)

    assert [melding.soort for melding in nieuws.meldingen] == [Soort.VERPLAATST]
    assert (nieuws.weet, nieuws.vergeet) == ([later], [])


@pytest.mark.parametrize("still_there", [True, False])
def test_what_is_over_is_forgotten_in_silence(still_there: bool) -> None:
    past = replace(MARKT, begint_op=NU - 3 * UUR, eindigt_op=NU)
    elders = {past.sleutel: Ding(past)} if still_there else {}

    nieuws = compare({past.sleutel: past}, [], elders, NU)

    assert (nieuws.meldingen, nieuws.vergeet) == ([], [past.sleutel])
    assert told(None, past) == []


def weekly(n: int, **values: object) -> Ding:
    """The n-th time of a series on Tuesdays at 20.00."""
    begin = datetime(2027, 4, 27, 20, 0, tzinfo=AMSTERDAM) + timedelta(weeks=n)
    stand = replace(
        MARKT, id=10 + n, reeks=5, begint_op=begin, eindigt_op=begin + 2 * UUR, **values
    )
    dag = date(2027, 4, 27) + timedelta(weeks=n)
    return Ding(stand, herhaling="elke dinsdag", reeks_dag=dag)


def test_a_series_is_told_once_with_its_first_time() -> None:
    [melding] = compare({}, [weekly(n) for n in range(8)], {}, NU).meldingen

    assert (melding.soort, melding.ding, melding.meer) == (Soort.NIEUW, weekly(0), 7)


def test_the_next_time_of_a_known_series_speaks_for_itself_unless_it_differs_from_the_rule() -> (
    None
):
    bekend = {weekly(0).stand.sleutel: weekly(0).stand}
    begin = weekly(2).stand.begint_op
    assert begin is not None
    moved = replace(weekly(2), stand=replace(weekly(2).stand, begint_op=begin + 24 * UUR))
    off = weekly(3, status="afgelast")

    nieuws = compare(bekend, [weekly(0), weekly(1), moved, off], {}, NU)

    assert [(m.soort, m.ding) for m in nieuws.meldingen] == [
        (Soort.NIET_DOOR, off),
        (Soort.VERPLAATST, moved),
    ]
    was = nieuws.meldingen[1].was
    assert was is not None
    assert was.begint_op == begin
    assert len(nieuws.weet) == 3


def test_a_whole_series_that_moves_is_told_once() -> None:
    bekend = {weekly(n).stand.sleutel: weekly(n).stand for n in range(5)}
    moved = [replace(weekly(n), stand=replace(weekly(n).stand, plek="Kerk")) for n in range(5)]

    [melding] = compare(bekend, moved, {}, NU).meldingen

    assert (melding.soort, melding.meer) == (Soort.VERPLAATST, 4)


def test_what_is_remembered_comes_back_as_it_was() -> None:
    for stand in (MARKT, replace(MARKT, begint_op=None, eindigt_op=None, xy=None, reeks=3)):
        assert Stand.from_json(stand.laag, stand.id, stand.to_json()) == stand
