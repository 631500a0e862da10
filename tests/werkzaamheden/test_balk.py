"""The bar of how far a work can move: its days within what there is, in percent."""

from datetime import date

import pytest

from kernenkaart.werkzaamheden.balk import RAND, make_balk
from kernenkaart.werkzaamheden.models import Werkzaamheid

EERSTE, LAATSTE = date(2027, 6, 11), date(2027, 6, 20)


def planned(vroegst: date | None = None, laatst: date | None = None) -> Werkzaamheid:
    """Ten days of work."""
    return Werkzaamheid(eerste_dag=EERSTE, laatste_dag=LAATSTE, vroegst=vroegst, laatst=laatst)


@pytest.mark.parametrize("ruimte", [(None, None), (EERSTE, LAATSTE)])
def test_what_cannot_move_has_no_bar(ruimte: tuple[date | None, date | None]) -> None:
    assert make_balk(planned(*ruimte)) is None


def test_days_are_as_wide_as_they_are_long_both_ends_included() -> None:
    balk = make_balk(planned(date(2027, 6, 1), date(2027, 6, 30)))

    heel = 100 - 2 * RAND
    assert balk is not None
    assert (balk.van, balk.tot) == (RAND, RAND + heel)
    assert (balk.x, balk.breedte) == pytest.approx((RAND + heel / 3, heel / 3), abs=0.02)
    assert balk.midden == pytest.approx(50, abs=0.02)
    assert (balk.vroegst, balk.laatst) == (True, True)


def test_what_can_only_end_later_begins_at_the_edge() -> None:
    balk = make_balk(planned(laatst=date(2027, 7, 10)))

    assert balk is not None
    assert (balk.vroegst, balk.laatst) == (False, True)
    assert balk.x == balk.van
