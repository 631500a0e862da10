"""A thing moves when somebody moves it, and not by the rounding of a form."""

import pytest
from shapely.geometry import Point
from sqlalchemy.orm import Session

from kernenkaart.kernen.plek import Plek, put_plek
from tests.factories import X, Y, make_activiteit, make_kern


@pytest.mark.parametrize(("opzij_m", "verplaatst"), [(0.01, False), (0.04, False), (0.06, True)])
def test_a_point_that_only_rounding_moved_stays(
    session: Session, opzij_m: float, verplaatst: bool
) -> None:
    make_kern(session)
    hier, daar = Point(X + 100.4, Y + 100), Point(X + 100.4 + opzij_m, Y + 100)
    activiteit = make_activiteit(session, geom=hier)

    put_plek(session, activiteit, Plek(punt=daar), marge_m=100_000)

    assert activiteit.geom == (daar if verplaatst else hier)
