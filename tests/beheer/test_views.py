"""A beheerder keeps groups, organisations, kinds and words; nobody else comes near."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import ActiviteitSoort
from kernenkaart.actor import Rol
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort
from kernenkaart.platforms.models import Platform, PlatformRelatie, PlatformSoort
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.toegang.queries import actor_of
from tests.conftest import ClientFactory
from tests.factories import make_gebruiker, make_kern, make_organisatie, make_platform

PAGINAS = (
    "/beheer",
    "/beheer/platforms",
    "/beheer/platforms/nieuw",
    "/beheer/gebruikers",
    "/beheer/gebruikers/nieuw",
    "/beheer/organisaties",
    "/beheer/organisaties/nieuw",
    "/beheer/soorten",
    "/beheer/soorten/activiteiten",
    "/beheer/woorden/werkzaamheid.status",
)


def platform_data(session: Session, **values: object) -> dict[str, object]:
    soort = session.scalars(
        select(PlatformSoort.id).where(PlatformSoort.code == "dorpstafel")
    ).one()
    return {
        "naam": "Dorpstafel Voorbeeld",
        "soort": soort,
        "kernen": [make_kern(session).id],
        "zichtbaarheid": "openbaar",
        "actief": "y",
    } | values


@pytest.mark.parametrize("pagina", PAGINAS)
def test_every_page_opens_for_a_beheerder(
    client: ClientFactory, session: Session, pagina: str
) -> None:
    assert client(make_gebruiker(session, rol=Rol.BEHEERDER)).get(pagina).status_code == 200


@pytest.mark.parametrize("pagina", PAGINAS)
@pytest.mark.parametrize("rol", [Rol.PLATFORMLID, Rol.MEDEWERKER, Rol.GEBIEDSMAKELAAR])
def test_no_page_opens_for_anybody_else(
    client: ClientFactory, session: Session, pagina: str, rol: Rol
) -> None:
    assert client(make_gebruiker(session, rol=rol)).get(pagina).status_code == 403


def test_a_new_group_is_kept_with_its_kernen(client: ClientFactory, session: Session) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    response = browser.post(
        "/beheer/platforms/nieuw",
        data=platform_data(session, website="www.voorbeeld.nl", contact_email="Info@Voorbeeld.NL"),
    )

    platform = session.scalars(select(Platform)).one()
    assert response.status_code == 302
    assert (platform.website, platform.contact_email) == (
        "https://www.voorbeeld.nl",
        "info@voorbeeld.nl",
    )
    assert len(platform.kernen) == 1


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("naam", "", "Vul een naam in."),
        ("kernen", [], "Kies minstens één kern."),
        ("soort", "999999", "Kies een van de mogelijkheden"),
        ("contact_email", "geen adres", "Dit is geen e-mailadres."),
        ("website", "javascript:alert(1)", "Dit is geen webadres."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    client: ClientFactory, session: Session, veld: str, waarde: object, zin: str
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    response = browser.post(
        "/beheer/platforms/nieuw",
        data=platform_data(session, omschrijving="Praat over de speeltuin.", **{veld: waarde}),
    )

    assert response.status_code == 422
    assert zin in response.text
    assert "Praat over de speeltuin." in response.text
    assert session.scalars(select(Platform)).all() == []


def test_two_groups_never_share_a_name(client: ClientFactory, session: Session) -> None:
    make_platform(session, naam="Dorpstafel Voorbeeld")
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    response = browser.post(
        "/beheer/platforms/nieuw", data=platform_data(session, naam="dorpstafel voorbeeld")
    )

    assert response.status_code == 422
    assert "Er is al een groep met deze naam." in response.text


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session, naam="Dorpsraad Eerst")
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    data = platform_data(session, naam="Dorpsraad Tweede", versie=platform.versie)
    platform.omschrijving = "Door een ander veranderd"
    session.flush()

    response = browser.post(f"/beheer/platforms/{platform.id}", data=data)

    assert response.status_code == 409
    assert "Iemand anders heeft dit net veranderd" in response.text
    assert "Dorpsraad Tweede" in response.text
    session.refresh(platform)
    assert platform.naam == "Dorpsraad Eerst"


def test_a_relation_said_twice_is_kept_once_and_can_be_taken_away(
    client: ClientFactory, session: Session
) -> None:
    van, naar = make_platform(session), make_platform(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    url = f"/beheer/platforms/{van.id}/relaties"

    for _ in range(2):
        browser.post(url, data={"soort": "hoort_bij", "naar": naar.id})
    assert len(session.scalars(select(PlatformRelatie)).all()) == 1

    browser.post(f"{url}/{naar.id}/hoort_bij/weg")
    assert session.scalars(select(PlatformRelatie)).all() == []


def test_an_organisation_is_changed(client: ClientFactory, session: Session) -> None:
    organisatie = make_organisatie(session, naam="Waterschap Oud")
    soort = session.scalars(
        select(OrganisatieSoort.id).where(OrganisatieSoort.code == "waterschap")
    ).one()
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    browser.post(
        f"/beheer/organisaties/{organisatie.id}",
        data={"naam": "Waterschap Nieuw", "soort": soort, "actief": "y",
              "versie": organisatie.versie},
    )  # fmt: skip

    session.expire_all()
    assert session.scalars(select(Organisatie.naam)).all() == ["Waterschap Nieuw"]


def test_a_new_kind_gets_a_code_of_its_own_that_never_changes(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    browser.post("/beheer/soorten/activiteiten", data={"naam": "Café & muziek", "volgorde": "15"})
    soort = session.scalars(
        select(ActiviteitSoort).where(ActiviteitSoort.naam == "Café & muziek")
    ).one()

    browser.post(
        f"/beheer/soorten/activiteiten/{soort.id}", data={"naam": "Muziekcafé", "volgorde": "15"}
    )

    session.refresh(soort)
    assert (soort.code, soort.naam, soort.actief) == ("cafe-muziek", "Muziekcafé", False)


def test_a_word_that_is_too_long_changes_none_of_the_words(
    client: ClientFactory, session: Session
) -> None:
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    response = browser.post(
        "/beheer/woorden/werkzaamheid.hinder",
        data={"geen": "Niets aan de hand", "beperkt": "x" * 61, "afgesloten": "Dicht"},
    )

    assert response.status_code == 422
    assert "hoogstens 60 tekens" in response.text
    assert "Niets aan de hand" not in browser.get("/beheer/woorden/werkzaamheid.hinder").text


def test_an_invited_account_speaks_for_its_group_and_gets_a_mail(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    response = browser.post(
        "/beheer/gebruikers/nieuw",
        data={"naam": "Nieuwe Secretaris", "email": "Secretaris@Example.org",
              "rol": "platformlid", "platforms": [platform.id]},
    )  # fmt: skip

    gebruiker = session.scalars(
        select(Gebruiker).where(Gebruiker.email == "secretaris@example.org")
    ).one()
    assert response.status_code == 302
    assert actor_of(session, gebruiker).platform_ids == {platform.id}
    assert (
        session.scalar(
            text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'toegang.uitnodiging'")
        )
        == 1
    )


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("email", "", "Vul een e-mailadres in."),
        ("naam", "", "Vul een naam in."),
        ("rol", "bezoeker", "Kies een van de mogelijkheden"),
        ("platforms", [], "Kies minstens één groep."),
    ],
)
def test_an_invitation_that_is_not_right_makes_no_account(
    client: ClientFactory, session: Session, veld: str, waarde: object, zin: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, rol=Rol.BEHEERDER))
    data = {"naam": "Iemand", "email": "iemand@example.org", "rol": "platformlid",
            "platforms": [platform.id]} | {veld: waarde}  # fmt: skip

    response = browser.post("/beheer/gebruikers/nieuw", data=data)

    assert response.status_code == 422
    assert zin in response.text
    assert session.scalar(select(Gebruiker).where(Gebruiker.email == "iemand@example.org")) is None


def test_a_closed_account_is_logged_out(client: ClientFactory, session: Session) -> None:
    ander = make_gebruiker(session, make_platform(session))
    ingelogd = client(ander)
    assert ingelogd.get("/activiteiten/nieuw").status_code in (200, 302)
    beheerder = client(make_gebruiker(session, rol=Rol.BEHEERDER))

    beheerder.post(f"/beheer/gebruikers/{ander.publiek_id}/sluiten")

    response = ingelogd.get("/activiteiten/nieuw")
    assert response.status_code == 302
    assert response.location.startswith("/inloggen")


def test_a_beheerder_cannot_lock_out_the_own_account(
    client: ClientFactory, session: Session
) -> None:
    ik = make_gebruiker(session, rol=Rol.BEHEERDER)

    response = client(ik).post(f"/beheer/gebruikers/{ik.publiek_id}/sluiten", follow_redirects=True)

    assert "Je kunt je eigen account niet sluiten." in response.text
    session.refresh(ik)
    assert ik.active
