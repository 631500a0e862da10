"""100,000 works come in behind the scenes: with progress, in little memory, and only once."""

from pathlib import Path

import pytest

from kernenkaart.embedded import Cluster
from tests.werkbronnen.groot import take_over_twice

AANTAL = 100_000
GEHEUGEN_MB = 500
UUR_S = 3_600


@pytest.mark.volledig
def test_a_hundred_thousand_works_come_in_with_progress_in_little_memory_and_once(
    cluster: Cluster, gemigreerd: str, tmp_path: Path
) -> None:
    cluster.create_database("groot", template=gemigreerd)

    first, second = take_over_twice(cluster, "groot", tmp_path, AANTAL)

    assert first.verslag["nieuw"] == AANTAL
    assert first.paren
    assert first.botsingen
    for gemeten in (first, second):
        assert max(gemeten.geheugen_mb.values()) < GEHEUGEN_MB, gemeten.geheugen_mb
        for stap in ("lezen", "wegen"):
            seen = gemeten.standen[stap]
            assert len(set(seen)) > 10, (stap, seen)
            assert seen == sorted(seen)
    assert len(set(first.standen["overnemen"])) > 10
    assert first.overnemen_s < UUR_S / 4, first.seconden
    assert second.verslag["gelijk"] == AANTAL
    assert second.werken == first.werken
    cluster.drop_database("groot")
