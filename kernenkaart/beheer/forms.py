"""What a beheerder fills in."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField

from kernenkaart.actor import Actor, Rol
from kernenkaart.beheer.queries import find_groepen_per_kern, find_kernen
from kernenkaart.beheer.soorten import LIJSTEN, find_soorten
from kernenkaart.errors import Invalid
from kernenkaart.kernen.adres import find_adres
from kernenkaart.kernen.forms import PlekForm
from kernenkaart.kernen.plek import Plek
from kernenkaart.labels.queries import find_labels
from kernenkaart.organisaties.models import Organisatie
from kernenkaart.organisaties.services import OrganisatieGegevens
from kernenkaart.platforms.models import Platform, RelatieSoort, Zichtbaarheid
from kernenkaart.platforms.services import PlatformGegevens
from kernenkaart.toegang.beheer import GebruikerGegevens
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.web.adres import clean_email, clean_website
from kernenkaart.web.forms import Formulier, Invoer, plek_waarden
from kernenkaart.web.velden import (
    GetalVeld,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    Verplicht,
    VinkjesVeld,
    hoogstens,
)
from kernenkaart.werkzaamheden.models import Diepte
from kernenkaart.zalen.models import Zaal
from kernenkaart.zalen.policy import may_keep
from kernenkaart.zalen.services import ZaalGegevens


def offer_soorten(session: Session, veld: KeuzeVeld, lijst: str, huidig: int | None) -> None:
    """Offer the kinds in use, and the one that is stored already."""
    veld.offer(
        (soort.id, soort.naam)
        for soort in find_soorten(session, LIJSTEN[lijst])
        if soort.actief or soort.id == huidig
    )


class PlatformForm(Invoer):
    """A group of residents."""

    naam = TekstVeld("Hoe heet de groep?", validators=[hoogstens(200)])
    soort = KeuzeVeld("Wat voor groep is het?")
    kernen = VinkjesVeld("In welke kernen?")
    omschrijving = TekstvakVeld(
        "Wat doet de groep?", description="In één zin.", validators=[hoogstens(500)]
    )
    website = TekstVeld("Website", validators=[hoogstens(300)])
    contact_rol = TekstVeld(
        "Wie beantwoordt vragen?",
        description="Een rol, geen naam. Bijvoorbeeld: secretaris.",
        validators=[hoogstens(60)],
    )
    contact_telefoon = TekstVeld(
        "Telefoon van die rol", description="Staat op de kaart.", validators=[hoogstens(30)]
    )
    contact_email = TekstVeld(
        "E-mail van die rol",
        description="Staat nergens op de kaart. Berichten van lezers gaan hierheen.",
        validators=[hoogstens(254)],
    )
    zichtbaarheid = KeuzeVeld(
        "Wie mag de groep zien?", [Verplicht("Kies wie de groep mag zien.")], soort=str
    )
    actief = BooleanField("De groep bestaat nog", default=True)

    def offer(self, session: Session, platform: Platform | None) -> None:
        """Fill the lists."""
        offer_soorten(session, self.soort, "platforms", platform.soort_id if platform else None)
        self.kernen.choices = find_kernen(session)
        self.zichtbaarheid.offer(find_labels(session, "platform.zichtbaarheid").items())

    def to_gegevens(self) -> PlatformGegevens:
        """The values.

        Raises:
            Invalid: if an address is no address.
        """
        return PlatformGegevens(
            naam=self.naam.data or "",
            soort_id=self.soort.data or 0,
            omschrijving=self.omschrijving.data or None,
            website=clean_website(self.website.data or "", "website"),
            contact_rol=self.contact_rol.data or None,
            contact_telefoon=self.contact_telefoon.data or None,
            contact_email=clean_email(self.contact_email.data or "", "contact_email"),
            zichtbaarheid=Zichtbaarheid(self.zichtbaarheid.data),
            actief=self.actief.data,
            kern_ids=frozenset(self.kernen.data or ()),
        )


def platform_waarden(platform: Platform) -> dict[str, Any]:
    """What ``PlatformForm`` shows of a stored platform."""
    return {
        "naam": platform.naam,
        "soort": platform.soort_id,
        "kernen": [kern.id for kern in platform.kernen],
        "omschrijving": platform.omschrijving or "",
        "website": platform.website or "",
        "contact_rol": platform.contact_rol or "",
        "contact_telefoon": platform.contact_telefoon or "",
        "contact_email": platform.contact_email or "",
        "zichtbaarheid": platform.zichtbaarheid.value,
        "actief": platform.actief,
    }


class RelatieForm(Formulier):
    """How this group stands to another."""

    soort = KeuzeVeld("Relatie", soort=str)
    naar = KeuzeVeld("Met welke groep?", leeg="Kies een groep")

    def offer(self, session: Session, platform: Platform) -> None:
        """Fill the lists."""
        self.soort.offer(find_labels(session, "platform.relatie").items())
        self.naar.offer(
            (other_id, naam)
            for other_id, naam in session.execute(
                select(Platform.id, Platform.naam).order_by(Platform.naam)
            )
            if other_id != platform.id
        )

    def to_soort(self) -> RelatieSoort:
        """The kind of relation."""
        return RelatieSoort(self.soort.data)


class OrganisatieForm(Invoer):
    """An organisation that plans works."""

    naam = TekstVeld("Hoe heet de organisatie?", validators=[hoogstens(200)])
    soort = KeuzeVeld("Wat voor organisatie is het?")
    telefoon = TekstVeld("Telefoon", description="Staat op de kaart.", validators=[hoogstens(30)])
    website = TekstVeld("Website", validators=[hoogstens(300)])
    contact_email = TekstVeld(
        "E-mail",
        description="Staat nergens op de kaart. Berichten van lezers gaan hierheen.",
        validators=[hoogstens(254)],
    )
    actief = BooleanField("Plant nog werk", default=True)

    def offer(self, session: Session, organisatie: Organisatie | None) -> None:
        """Fill the list."""
        offer_soorten(
            session, self.soort, "organisaties", organisatie.soort_id if organisatie else None
        )

    def to_gegevens(self) -> OrganisatieGegevens:
        """The values.

        Raises:
            Invalid: if an address is no address.
        """
        return OrganisatieGegevens(
            naam=self.naam.data or "",
            soort_id=self.soort.data or 0,
            telefoon=self.telefoon.data or None,
            website=clean_website(self.website.data or "", "website"),
            contact_email=clean_email(self.contact_email.data or "", "contact_email"),
            actief=self.actief.data,
        )


def organisatie_waarden(organisatie: Organisatie) -> dict[str, Any]:
    """What ``OrganisatieForm`` shows of a stored organisation."""
    return {
        "naam": organisatie.naam,
        "soort": organisatie.soort_id,
        "telefoon": organisatie.telefoon or "",
        "website": organisatie.website or "",
        "contact_email": organisatie.contact_email or "",
        "actief": organisatie.actief,
    }


class ZaalForm(PlekForm):
    """A hall: its place is always known."""

    op_de_pagina = ("naam", "plek", "lon", "lat", "kern", "actief")

    naam = TekstVeld(
        "Hoe heet de zaal?",
        [Verplicht("Vul een naam in. Bijvoorbeeld: Dorpshuis."), hoogstens(200)],
    )
    plek = TekstVeld("Adres", validators=[hoogstens(200)])
    kern = KeuzeVeld("Bij welke kern hoort hij?", leeg="De kern waar hij in ligt")
    actief = BooleanField("In gebruik", default=True)

    def offer(self, session: Session, actor: Actor) -> None:
        """Fill the list with the kernen whose halls ``actor`` keeps."""
        self.kern.offer(kern for kern in find_kernen(session) if may_keep(actor, kern[0]))

    def to_plek(self) -> Plek:
        """The place that was filled in; without a point the address is looked up.

        Raises:
            Invalid: if it cannot be, or there is neither.
        """
        if self.lon.errors or self.lat.errors:
            return Plek()
        punt = self.to_punt()
        if punt is None:
            if not self.plek.data:
                raise Invalid("Kies een plek op de kaart, of vul een adres in.", veld="plek")
            self.adres = find_adres(self.plek.data)
            punt = self.adres.punt
        return Plek(punt=punt, kern_id=self.kern.data, naam=self.plek.data or "")

    def to_gegevens(self) -> ZaalGegevens:
        """The values of a form that validates."""
        plek = self.to_plek()
        assert plek.punt is not None  # noqa: S101  # the form validates
        return ZaalGegevens(
            naam=self.naam.data or "",
            adres=plek.naam,
            punt=plek.punt,
            kern_id=plek.kern_id,
            actief=self.actief.data,
        )


def zaal_waarden(zaal: Zaal) -> dict[str, Any]:
    """What ``ZaalForm`` shows of a stored hall."""
    plek = plek_waarden(zaal.geom, zaal.adres, zaal.kern_id)
    return plek | {"naam": zaal.naam, "actief": zaal.actief}


class SoortForm(Formulier):
    """One kind of a list."""

    naam = TekstVeld("Naam", validators=[Verplicht("Vul een naam in. Bijvoorbeeld: Markt.")])
    volgorde = GetalVeld("Volgorde", description="Een laag getal staat bovenaan.", default=500)
    actief = BooleanField("In gebruik", default=True)

    def offer(self, session: Session) -> None:
        """Fill the lists: here there are none."""

    def to_eigen(self) -> dict[str, Any]:
        """What only this list has, by column: here nothing."""
        return {}

    def to_volgorde(self) -> int:
        """The place in the list.

        Raises:
            Invalid: if it is no number from 0 to 9999.
        """
        if self.volgorde.data is None or not 0 <= self.volgorde.data < 10_000:
            raise Invalid("Vul een getal in van 0 tot 9999.", veld="volgorde")
        return int(self.volgorde.data)


class WerkSoortForm(SoortForm):
    """One kind of work: what it opens, and for how long the street stays closed after it."""

    diepte = KeuzeVeld("Wat gaat er open?", soort=str)
    moratorium_maanden = GetalVeld(
        "Zoveel maanden niet graven na dit werk",
        description="Voor een nieuwe straat. 0 is: geen afspraak.",
        default=0,
    )

    def offer(self, session: Session) -> None:
        """Fill the list."""
        self.diepte.offer(find_labels(session, "werkzaamheid.diepte").items())

    def to_eigen(self) -> dict[str, Any]:
        """What only this list has, by column.

        Raises:
            Invalid: if the months are no number from 0 to 240.
        """
        maanden = self.moratorium_maanden.data
        if maanden is None or not 0 <= maanden <= 240 or maanden % 1:
            raise Invalid("Vul een heel getal in van 0 tot 240.", veld="moratorium_maanden")
        return {"diepte": Diepte(self.diepte.data), "moratorium_maanden": int(maanden)}


class GebruikerForm(Invoer):
    """An account: an invitation, or an account that is there."""

    naam = TekstVeld("Naam", validators=[Verplicht("Vul een naam in."), hoogstens(100)])
    email = TekstVeld(
        "E-mail",
        description="Hierheen gaat de link om een wachtwoord te kiezen.",
        validators=[hoogstens(254)],
    )
    rol = KeuzeVeld("Rol", soort=str)
    functie = TekstVeld("Functie", validators=[hoogstens(100)])
    telefoon = TekstVeld("Telefoon", validators=[hoogstens(30)])
    organisatie = KeuzeVeld("Organisatie", leeg="Geen")
    platforms = VinkjesVeld("Namens welke groepen?", description="Per kern. Klap een kern open.")
    kernen = VinkjesVeld(
        "Gebiedsmakelaar van welke kernen?", description="Alleen voor een gebiedsmakelaar."
    )

    def offer(self, session: Session) -> None:
        """Fill the lists."""
        self.rol.offer(find_labels(session, "gebruiker.rol").items())
        rows = session.execute(select(Organisatie.id, Organisatie.naam).order_by(Organisatie.naam))
        self.organisatie.offer((row.id, row.naam) for row in rows)
        self.platforms.offer_per(find_groepen_per_kern(session))
        self.kernen.choices = find_kernen(session)

    def to_gegevens(self) -> GebruikerGegevens:
        """The values."""
        return GebruikerGegevens(
            naam=self.naam.data or "",
            email=self.email.data or "",
            rol=Rol(self.rol.data),
            functie=self.functie.data or None,
            telefoon=self.telefoon.data or None,
            organisatie_id=self.organisatie.data,
            platform_ids=frozenset(self.platforms.data or ()),
            kern_ids=frozenset(self.kernen.data or ()),
        )


def gebruiker_waarden(gebruiker: Gebruiker, actor: Actor) -> dict[str, Any]:
    """What ``GebruikerForm`` shows of a stored account; ``actor`` is that account's own actor."""
    return {
        "naam": gebruiker.naam,
        "email": gebruiker.email,
        "rol": gebruiker.rol.value,
        "functie": gebruiker.functie or "",
        "telefoon": gebruiker.telefoon or "",
        "organisatie": gebruiker.organisatie_id,
        "platforms": sorted(actor.platform_ids),
        "kernen": sorted(actor.kern_ids),
    }
