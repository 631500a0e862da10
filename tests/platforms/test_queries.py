from sqlalchemy.orm import Session

from kernenkaart.actor import BEZOEKER, Actor, Rol
from kernenkaart.platforms.models import PlatformRelatie, RelatieSoort, Zichtbaarheid
from kernenkaart.platforms.queries import find_groepen
from tests.factories import add, make_kern, make_platform
from tests.formulieren import counted


def relate(session: Session, van, naar, soort: RelatieSoort) -> None:
    add(session, PlatformRelatie(van_id=van.id, naar_id=naar.id, soort=soort))


def test_groups_come_by_kind_and_name_in_one_statement(session: Session) -> None:
    kern = make_kern(session)
    for naam in ("Dorpsraad C", "Dorpsraad A", "Dorpsraad B"):
        make_platform(session, kernen=[kern], naam=naam)

    with counted(session) as statements:
        found = find_groepen(session, BEZOEKER, kern.id)

    assert [groep.naam for groep in found] == ["Dorpsraad A", "Dorpsraad B", "Dorpsraad C"]
    assert len(statements) == 1


def test_a_relation_with_a_group_that_may_not_be_seen_is_not_told(session: Session) -> None:
    kern = make_kern(session)
    groep = make_platform(session, kernen=[kern])
    openbaar = make_platform(session, kernen=[], naam="Dorpsraad: van ons allen")
    intern = make_platform(session, kernen=[], zichtbaarheid=Zichtbaarheid.INTERN)
    weg = make_platform(session, kernen=[], actief=False)
    for ander in (openbaar, intern, weg):
        relate(session, groep, ander, RelatieSoort.WERKT_SAMEN)

    [found] = find_groepen(session, BEZOEKER, kern.id)

    assert found.relaties == (("werkt_samen", "Dorpsraad: van ons allen"),)


def test_members_see_their_own_group_even_when_it_is_hidden(session: Session) -> None:
    platform = make_platform(session, zichtbaarheid=Zichtbaarheid.VERBORGEN)
    lid = Actor(gebruiker_id=1, rol=Rol.PLATFORMLID, platform_ids=frozenset({platform.id}))
    kern_id = platform.kernen[0].id

    assert find_groepen(session, BEZOEKER, kern_id) == []
    assert [groep.id for groep in find_groepen(session, lid, kern_id)] == [platform.id]


def test_a_group_that_stopped_is_gone_for_everyone(session: Session) -> None:
    platform = make_platform(session, actief=False)
    beheerder = Actor(gebruiker_id=1, rol=Rol.BEHEERDER)

    assert find_groepen(session, beheerder, platform.kernen[0].id) == []
