"""Importing kernen: by code, all or nothing, and nothing changes when nothing changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernenkaart.errors import Invalid
from kernenkaart.geo.bestand.waarden import Geobestand
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.kernen.grenzen import Uitkomst
from kernenkaart.kernen.inlezen import Opdracht, Verslag, import_gemeenten, import_kernen
from kernenkaart.kernen.models import Gemeente, Kern, KernSoort
from kernenkaart.kernen.services import Telling
from tests.factories import make_gemeente, make_kern, make_werkzaamheid
from tests.kernen.bestanden import X, Y, bestand, kernen, rij, vierkant


def lees(session: Session, file: Geobestand, **values: Any) -> Verslag:
    """Import into GM9001, unless said otherwise."""
    return import_kernen(session, file, Opdracht(**({"gemeente": "GM9001"} | values)))


def stored(session: Session, gemeente: str = "GM9001") -> Sequence[Kern]:
    query = select(Kern).join(Kern.gemeente).where(Gemeente.code == gemeente).order_by(Kern.id)
    return session.scalars(query).all()


def redenen(verslag: Verslag) -> dict[str, str]:
    return {one.naam: one.reden for one in verslag.kandidaten if one.reden}


def test_a_file_becomes_kernen_of_a_new_gemeente(session: Session) -> None:
    verslag = lees(session, kernen("Est", "Tuil"), gemeente_naam="Ergens")

    est, tuil = stored(session)
    assert (est.naam, est.code, est.slug, est.soort) == ("Est", "k-Est", "est", KernSoort.DORP)
    assert est.grens == vierkant(0)
    assert est.hart.within(est.grens)
    assert est.gemeente.naam == "Ergens"
    assert tuil.slug == "tuil"
    assert verslag.telling == Telling(nieuw=2)
    assert verslag.count(Uitkomst.BEHOUDEN) == 2


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    lees(session, kernen("Est", "Tuil"))
    count = select(func.count()).select_from(Journaalregel)
    before, moments = session.scalar(count), [kern.updated_at for kern in stored(session)]

    verslag = lees(session, kernen("Est", "Tuil"))

    assert verslag.telling == Telling(gelijk=2)
    assert session.scalar(count) == before
    assert [kern.updated_at for kern in stored(session)] == moments


def test_a_kern_is_found_again_by_its_code_and_keeps_its_address(session: Session) -> None:
    lees(session, kernen("Est", "Tuil"))
    (old, _) = stored(session)

    verslag = lees(session, bestand(rij(vierkant(5), naam="Est aan de Waal", code="k-Est")))

    (est, tuil) = stored(session)
    assert (est.id, est.naam, est.slug) == (old.id, "Est aan de Waal", "est")
    assert est.grens == vierkant(5)
    assert tuil.naam == "Tuil"
    assert verslag.telling == Telling(gewijzigd=1)
    assert "gebleven zoals het was: 1 (Tuil)" in verslag.opmerkingen[-1]


def test_names_may_change_places(session: Session) -> None:
    lees(session, kernen("Est", "Tuil"))
    swapped = bestand(
        rij(vierkant(0), naam="Tuil", code="k-Est"), rij(vierkant(1), naam="Est", code="k-Tuil")
    )

    verslag = lees(session, swapped)

    assert [(kern.code, kern.naam) for kern in stored(session)] == [
        ("k-Est", "Tuil"),
        ("k-Tuil", "Est"),
    ]
    assert verslag.telling == Telling(gewijzigd=2)


def test_what_is_refused_does_not_touch_what_is_stored(session: Session) -> None:
    lees(session, kernen("Est", "Tuil"))
    file = bestand(
        rij(None, naam="Est", code="k-Est"),
        rij(vierkant(1), naam="", code="k-Tuil"),
        rij(vierkant(2), naam="Zonder", code=None),
        rij(vierkant(3), naam="Goed", code="k-Goed"),
    )

    verslag = lees(session, file, code="code")

    assert redenen(verslag) == {
        "Est": "heeft geen vorm",
        "": "heeft geen naam",
        "Zonder": "heeft geen code",
    }
    assert [kern.naam for kern in stored(session)] == ["Est", "Tuil", "Goed"]
    assert stored(session)[0].grens == vierkant(0)


def test_soort_and_heart_come_from_the_file_and_stay_without(session: Session) -> None:
    full = bestand(
        rij(vierkant(), naam="Asperen", code="a", soort="stad", hart_x=X + 9, hart_y=Y + 9)
    )
    lees(session, full)
    (asperen,) = stored(session)
    assert (asperen.soort, asperen.hart) == (KernSoort.STAD, Point(X + 9, Y + 9))

    lees(session, bestand(rij(vierkant(), naam="Asperen", code="a")))

    (asperen,) = stored(session)
    assert (asperen.soort, asperen.hart) == (KernSoort.STAD, Point(X + 9, Y + 9))


def test_a_heart_that_the_file_does_not_give_moves_only_when_it_must(session: Session) -> None:
    lees(session, bestand(rij(vierkant(), naam="Est", code="e", hart_x=X + 9, hart_y=Y + 9)))

    lees(session, bestand(rij(vierkant(5), naam="Est", code="e")))

    (est,) = stored(session)
    assert est.hart.distance(Point(X + 5_500, Y + 500)) < 15


def test_another_heart_alone_is_a_change(session: Session) -> None:
    def file(x: float) -> Geobestand:
        return bestand(rij(vierkant(), naam="Est", code="e", hart_x=x, hart_y=Y + 9))

    lees(session, file(X + 9))

    assert lees(session, file(X + 9)).telling == Telling(gelijk=1)
    assert lees(session, file(X + 10)).telling == Telling(gewijzigd=1)
    assert stored(session)[0].hart == Point(X + 10, Y + 9)


@pytest.mark.parametrize(("gemeente", "geweigerd"), [(None, 0), ("GM9001", 1)])
def test_only_a_national_file_may_have_gaps(
    session: Session, gemeente: str | None, geweigerd: int
) -> None:
    file = bestand(
        *(rij(vierkant(n), naam=f"K{n}", code=n, gm_code="GM9001") for n in (0, 1, 2, 15))
    )

    verslag = lees(session, file, gemeente=gemeente)

    assert verslag.count(Uitkomst.GEWEIGERD) == geweigerd


def test_a_second_spijk_in_the_country_gets_its_gemeente_in_its_address(session: Session) -> None:
    make_gemeente(session, code="GM9002", naam="Altena")
    lees(session, kernen("Spijk"))

    lees(session, bestand(rij(vierkant(30), naam="Spijk", code="x")), gemeente="GM9002")

    assert [kern.slug for kern in stored(session, "GM9002")] == ["spijk-altena"]


def test_a_file_without_codes_is_matched_by_name(session: Session) -> None:
    lees(session, kernen("Est"))

    verslag = lees(session, bestand(rij(vierkant(3), naam="EST"), rij(vierkant(4), naam="'t Loo")))

    assert [(kern.code, kern.naam) for kern in stored(session)] == [
        ("k-Est", "EST"),
        ("t-loo", "'t Loo"),
    ]
    assert "teruggevonden op hun naam" in " ".join(verslag.opmerkingen)


def test_a_stored_name_under_another_code_is_refused_unless_names_count(session: Session) -> None:
    lees(session, kernen("Est"))
    file = bestand(rij(vierkant(3), naam="Est", code="2345"))

    refused = lees(session, file)
    accepted = lees(session, file, op_naam=True)

    assert "met code k-Est in plaats van 2345" in redenen(refused)["Est"]
    assert refused.telling == Telling()
    assert accepted.telling == Telling(gewijzigd=1)
    assert [(kern.code, kern.grens) for kern in stored(session)] == [("k-Est", vierkant(3))]


def test_only_features_of_the_gemeente_are_taken_when_the_file_names_it(session: Session) -> None:
    file = bestand(
        rij(vierkant(0), naam="Est", code="1", gm_code="GM9001"),
        rij(vierkant(1), naam="Buren", code="2", gm_code="GM9002"),
    )

    verslag = lees(session, file)

    assert redenen(verslag) == {"Buren": "hoort volgens het bestand bij GM9002"}


def test_a_file_may_name_the_gemeente_without_its_code(session: Session) -> None:
    file = bestand(
        rij(vierkant(0), naam="Est", code="1", gemeentenaam="WEST"),
        rij(vierkant(1), naam="Buren", code="2", gemeentenaam="Buren"),
    )

    verslag = lees(session, file, gemeente_naam="West")
    landelijk = lees(session, file, gemeente=None)

    assert redenen(verslag) == {"Buren": "hoort volgens het bestand bij Buren"}
    assert redenen(landelijk) == {"Buren": "noemt een onbekende gemeente: Buren"}
    assert landelijk.telling == Telling(gelijk=1)


def test_all_features_are_taken_when_the_file_names_only_others(session: Session) -> None:
    file = bestand(
        *(rij(vierkant(n), naam=f"K{n}", code=n, gm_code="GM0236") for n in range(3)),
        rij(vierkant(3), naam="Buurmalsen", code=9, gm_code="GM0214", gm_naam="Buren"),
    )

    verslag = lees(session, file)

    assert len(stored(session)) == 4
    assert "GM0214 bij Buurmalsen, GM0236 bij 3" in verslag.opmerkingen[0]
    assert stored(session)[0].gemeente.naam == "GM9001"


def test_nationally_the_gemeente_comes_from_a_column_and_is_made(session: Session) -> None:
    file = bestand(
        rij(vierkant(0), naam="Spijk", code="1", gm_code="GM9001", gm_naam="West"),
        rij(vierkant(60), naam="Spijk", code="2", gm_code=9002, gm_naam="Oost"),
        rij(vierkant(61), naam="Los", code="3", gm_code=None, gm_naam=None),
    )

    verslag = lees(session, file, gemeente=None)

    assert [kern.slug for kern in stored(session, "GM9001")] == ["spijk"]
    assert [kern.slug for kern in stored(session, "GM9002")] == ["spijk-oost"]
    assert stored(session, "GM9002")[0].gemeente.naam == "Oost"
    assert redenen(verslag) == {"Los": "noemt een onbekende gemeente: geen"}


def test_nationally_a_kern_without_gemeente_goes_where_most_of_it_lies(session: Session) -> None:
    import_gemeenten(
        session,
        bestand(
            rij(MultiPolygon([box(X, Y, X + 900, Y + 1000)]), code="GM9001", naam="West"),
            rij(MultiPolygon([box(X + 900, Y, X + 5000, Y + 1000)]), code="GM9002", naam="Oost"),
        ),
        Opdracht(gemeente=None),
    )

    verslag = lees(
        session,
        bestand(rij(vierkant(0), naam="Est", code="1"), rij(vierkant(1), naam="Tuil", code="2")),
        gemeente=None,
    )

    assert [kern.naam for kern in stored(session, "GM9001")] == ["Est"]
    assert [kern.naam for kern in stored(session, "GM9002")] == ["Tuil"]
    assert verslag.kandidaten[0].opmerkingen[0] == "naar ligging bij GM9001 gezet"


def test_nationally_without_any_gemeente_is_refused_with_what_to_do(session: Session) -> None:
    with pytest.raises(Invalid, match="Geef --gemeente"):
        lees(session, kernen("Est"), gemeente=None)


def test_a_kern_far_outside_its_gemeente_is_refused(session: Session) -> None:
    make_gemeente(session, code="GM9001", grens=MultiPolygon([box(X, Y, X + 9000, Y + 9000)]))

    verslag = lees(
        session,
        bestand(rij(vierkant(0), naam="In", code="1"), rij(vierkant(40), naam="Uit", code="2")),
    )

    assert redenen(verslag) == {"Uit": "ligt tot 32,0 km buiten GM9001; de marge is 5,0 km"}
    assert [kern.naam for kern in stored(session)] == ["In"]


def test_an_overlap_is_reported_and_nothing_is_cut(session: Session) -> None:
    file = bestand(
        rij(vierkant(0, over=10), naam="West", code="1"), rij(vierkant(1), naam="Oost", code="2")
    )

    verslag = lees(session, file)

    assert [(one.naam, one.ander, one.m2) for one in verslag.overlap] == [("West", "Oost", 10_000)]
    assert stored(session)[0].grens == vierkant(0, over=10)


def test_when_a_boundary_moves_what_lies_in_it_is_derived_again(session: Session) -> None:
    lees(session, kernen("Est", "Tuil"))
    est, tuil = stored(session)
    werk = make_werkzaamheid(session, geom=Point(X + 1_500, Y + 500))
    session.refresh(werk)
    assert werk.kern_id == tuil.id

    moved = bestand(
        rij(vierkant(0, over=900), naam="Est", code="k-Est"),
        rij(MultiPolygon([box(X + 1_900, Y, X + 2_000, Y + 1_000)]), naam="Tuil", code="k-Tuil"),
    )
    lees(session, moved)

    session.refresh(werk)
    assert werk.kern_id == est.id


def test_gemeenten_are_made_changed_and_left_alone(session: Session) -> None:
    def read(naam: str, nummer: int) -> Verslag:
        file = bestand(rij(vierkant(nummer), statcode="GM9001", statnaam=naam))
        return import_gemeenten(session, file, Opdracht(gemeente=None))

    assert read("West", 0).telling == Telling(nieuw=1)
    assert read("West", 0).telling == Telling(gelijk=1)
    assert read("West Betuwe", 1).telling == Telling(gewijzigd=1)
    gemeente = session.scalars(select(Gemeente).where(Gemeente.code == "GM9001")).one()
    assert (gemeente.naam, gemeente.grens) == ("West Betuwe", vierkant(1))


def test_a_stored_row_of_another_gemeente_is_not_touched(session: Session) -> None:
    other = make_kern(session, code="k-Est", naam="Est")
    before: datetime = other.updated_at

    lees(session, bestand(rij(vierkant(30), naam="Est", code="k-Est")))

    session.refresh(other)
    assert other.updated_at == before
    assert not shapely.equals(other.grens, vierkant(30))
