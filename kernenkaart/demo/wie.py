"""Who is in the demo: gebieden, organisations, groups, gebiedsmakelaars and logins."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.demo.bron import Blok, read
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.kernen.models import Gebied, Kern, Spreekuur
from kernenkaart.organisaties.models import Organisatie, OrganisatieSoort
from kernenkaart.platforms.models import (
    Platform,
    PlatformRelatie,
    PlatformSoort,
    RelatieSoort,
    Zichtbaarheid,
)
from kernenkaart.toegang.models import Gebruiker, Lidmaatschap, Toewijzing

Kernen = dict[str, Kern]
Groepen = dict[tuple[str, str], Platform]


def add_gebieden(kernen: Kernen) -> None:
    """Cluster the kernen, and describe each that has no description."""
    tekst = read("wie")
    for slug, omschrijving in tekst["omschrijving"].items():
        if slug in kernen and not kernen[slug].omschrijving:
            kernen[slug].omschrijving = omschrijving
    for naam, slugs in tekst["gebieden"].items():
        leden = [kernen[slug] for slug in slugs if slug in kernen and not kernen[slug].gebied_id]
        if leden:
            gebied = Gebied(gemeente_id=leden[0].gemeente_id, naam=naam)
            for kern in leden:
                kern.gebied = gebied


def add_organisaties(session: Session) -> dict[str, Organisatie]:
    """The organisations by key."""
    soorten = {soort.code: soort for soort in session.scalars(select(OrganisatieSoort))}
    found = {
        blok["sleutel"]: Organisatie(
            naam=blok["naam"],
            soort=soorten[blok["soort"]],
            telefoon=blok["telefoon"],
            contact_email=f"{blok['sleutel']}@{DOMEIN}",
            demo=True,
        )
        for blok in read("wie")["organisaties"]
    }
    session.add_all(found.values())
    return found


def add_groepen(session: Session, kernen: Kernen) -> Groepen:
    """The groups, by key and slug of each kern they are active in."""
    soorten = {soort.code: soort for soort in session.scalars(select(PlatformSoort))}
    found: Groepen = {}
    relaties: list[tuple[Platform, Blok, list[Kern]]] = []
    for blok in read("wie")["groepen"]:
        leden = [kernen[slug] for slug in blok.get("kernen", blok.get("samen")) if slug in kernen]
        groepjes = [leden] if "samen" in blok else [[kern] for kern in leden]
        for groepje in filter(None, groepjes):
            naam = blok["naam"].format(kern=groepje[0].naam)
            platform = Platform(
                naam=naam,
                soort=soorten[blok["soort"]],
                omschrijving=blok["omschrijving"],
                contact_rol=blok.get("rol"),
                contact_email=f"{naam.lower().replace(' ', '-')}@{DOMEIN}",
                zichtbaarheid=Zichtbaarheid(blok.get("zichtbaarheid", "openbaar")),
                demo=True,
                kernen=groepje,
            )
            session.add(platform)
            for kern in groepje:
                found[blok["sleutel"], kern.slug] = platform
            if "relatie" in blok:
                relaties.append((platform, blok, groepje))
    session.flush()
    for platform, blok, groepje in relaties:
        for kern in groepje:
            if naar := found.get((blok["naar"], kern.slug)):
                session.add(
                    PlatformRelatie(
                        van_id=platform.id, naar_id=naar.id, soort=RelatieSoort(blok["relatie"])
                    )
                )
    return found


def add_people(
    session: Session,
    kernen: Kernen,
    organisaties: dict[str, Organisatie],
    wachtwoord: str,
    vandaag: date,
) -> dict[str, Gebruiker]:
    """The gebiedsmakelaars with their kernen and spreekuur, and the accounts that can log in.

    Args:
        wachtwoord: hash of the password of the demo logins; the others have none.

    Returns:
        The demo logins by role.
    """
    tekst = read("wie")
    logins: dict[str, Gebruiker] = {}
    for blok in tekst["inlogs"]:
        organisatie = organisaties.get(blok.get("organisatie", ""))
        gebruiker = _account(blok["naam"], Rol(blok["rol"]), f"{blok['rol']}@{DOMEIN}", wachtwoord)
        gebruiker.functie = blok["functie"]
        gebruiker.organisatie_id = organisatie.id if organisatie else None
        session.add(gebruiker)
        logins[blok["rol"]] = gebruiker
    session.flush()
    namen = tekst["inlogs"][0]["platforms"]
    for platform_id in session.scalars(select(Platform.id).where(Platform.naam.in_(namen))):
        session.add(
            Lidmaatschap(
                gebruiker_id=logins["platformlid"].id,
                platform_id=platform_id,
                functie=tekst["inlogs"][0]["functie"],
                van=vandaag - timedelta(days=400),
            )
        )
    for blok in tekst["makelaars"]:
        _add_makelaar(session, kernen, blok, logins["gebiedsmakelaar"], vandaag)
    return logins


def _add_makelaar(
    session: Session, kernen: Kernen, blok: Blok, login: Gebruiker, vandaag: date
) -> None:
    eigen = [kernen[slug] for slug in blok["kernen"] if slug in kernen]
    if not eigen:
        return
    makelaar = login
    if blok["naam"] != login.naam:
        adres = blok["naam"].lower().replace(" ", ".")
        makelaar = _account(blok["naam"], Rol.GEBIEDSMAKELAAR, f"{adres}@{DOMEIN}", None)
        makelaar.organisatie_id, makelaar.functie = login.organisatie_id, login.functie
        session.add(makelaar)
        session.flush()
    session.add_all(
        Toewijzing(gebruiker_id=makelaar.id, kern_id=kern.id, van=vandaag - timedelta(days=500))
        for kern in eigen
    )
    uur = blok["spreekuur"]
    if uur["kern"] in kernen:
        session.add(
            Spreekuur(
                gebruiker_id=makelaar.id,
                kern_id=kernen[uur["kern"]].id,
                weekdag=uur["weekdag"],
                van=uur["van"],
                tot=uur["tot"],
                plek=uur["plek"],
            )
        )


def _account(naam: str, rol: Rol, email: str, wachtwoord: str | None) -> Gebruiker:
    return Gebruiker(
        naam=naam,
        email=email,
        rol=rol,
        password=wachtwoord,
        active=True,
        demo=True,
    )
