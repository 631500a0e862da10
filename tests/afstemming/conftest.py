"""What tests of the planning share."""

import pytest
from shapely.geometry import MultiPolygon, box
from sqlalchemy.orm import Session

from kernenkaart.kernen.models import Gebied, Kern
from tests.factories import X, Y, add, make_gemeente, make_kern


@pytest.fixture
def dorp(session: Session) -> Kern:
    """A kern of a square kilometre with a gebied of its own; the factories put things in it."""
    gebied = add(session, Gebied(gemeente_id=make_gemeente(session).id, naam="Oost"))
    grens = MultiPolygon([box(X, Y, X + 1_000, Y + 1_000)])
    return make_kern(session, grens=grens, naam="Proefdorp", slug="proefdorp", gebied_id=gebied.id)
