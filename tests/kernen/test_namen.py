"""Every kern has an address of its own that can be read aloud."""

import pytest

from kernenkaart.kernen.namen import Slugs, slugify


@pytest.mark.parametrize(
    ("naam", "slug"),
    [
        ("Tricht", "tricht"),
        ("'s-Gravenmoer", "s-gravenmoer"),
        ("Sint Anna ter Muiden", "sint-anna-ter-muiden"),
        ("Bergen (NH.)", "bergen-nh"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("Ĳsselstein", "ijsselstein"),
        ("Oost ('t Rot)", "oost-t-rot"),
        ("Groß Ølst", "gross-olst"),
        ("  --  ", ""),
        ("北京", ""),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_becomes_part_of_an_address(naam: str, slug: str) -> None:
    assert slugify(naam) == slug


def test_a_second_kern_of_that_name_gets_its_gemeente_and_a_third_its_code() -> None:
    slugs = Slugs(["spijk"])

    assert slugs.take("Spijk", "Altena", "BU1") == "spijk-altena"
    assert slugs.take("Spijk", "Altena", "BU2") == "spijk-altena-bu2"
    assert slugs.take("Spijk", "Altena", "BU2") == "spijk-altena-bu2-2"
    assert slugs.take("Spijk", "Altena", "BU2") == "spijk-altena-bu2-3"


def test_a_name_without_letters_still_has_an_address() -> None:
    slugs = Slugs([])

    assert slugs.take("???", "???", "???") == "kern"
    assert slugs.take("???", "???", "???") == "kern-x"
