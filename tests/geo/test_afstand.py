import pytest

from kernenkaart.geo.afstand import format_afstand


@pytest.mark.parametrize(
    ("afstand_m", "woorden"),
    [
        (0, "op dezelfde plek"),
        (24.9, "op dezelfde plek"),
        (60, "50 meter verderop"),
        (149, "150 meter verderop"),
        (974, "950 meter verderop"),
        (980, "1 kilometer verderop"),
        (1_540, "1,5 kilometer verderop"),
        (2_000, "2 kilometer verderop"),
    ],
)
def test_a_distance_is_rounded_as_people_say_it(afstand_m: float, woorden: str) -> None:
    assert format_afstand(afstand_m) == woorden
