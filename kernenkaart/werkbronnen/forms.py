"""What is filled in about a source: an address or a file, and which column is what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import BooleanField, FileField

from kernenkaart.actor import Actor
from kernenkaart.errors import Invalid
from kernenkaart.labels.queries import find_labels
from kernenkaart.organisaties.posten import find_own
from kernenkaart.web.forms import Formulier, show_error
from kernenkaart.web.ophalen import LENGTE_MAX, clean_adres
from kernenkaart.web.velden import KeuzeVeld, TekstVeld, Verplicht, clean, hoogstens
from kernenkaart.werkbronnen.koppeling import (
    NIET_HIER,
    VERTAALD,
    Buiten,
    Datumvorm,
    Koppeling,
    Veld,
)
from kernenkaart.werkbronnen.models import Ritme, Werkbron
from kernenkaart.werkbronnen.queries import find_soorten
from kernenkaart.werkbronnen.services import Bestand, BronGegevens
from kernenkaart.werkzaamheden.models import Hinder, Status

RITMES = {
    Ritme.HAND: "Alleen als ik het vraag",
    Ritme.UUR: "Elk uur",
    Ritme.DAG: "Elke dag",
    Ritme.WEEK: "Elke week",
}
KIES = "Kies een van de mogelijkheden uit de lijst."
ACCEPT = ".geojson,.json,.gpkg,.gml,.zip,.csv,.txt,.xlsx,.xml,.gz"
KOLOM = {
    Veld.SLEUTEL: ("Kenmerk", "Hieraan herkennen we hetzelfde werk de volgende keer."),
    Veld.TITEL: ("Naam van het werk", "Leeg: we maken een naam uit de omschrijving."),
    Veld.OMSCHRIJVING: ("Omschrijving", ""),
    Veld.SOORT: ("Soort werk", ""),
    Veld.DIEPTE: ("Wat er opengaat", "Leeg: zoals altijd bij de soort werk."),
    Veld.BEGIN: ("Eerste dag", "Of een periode, zoals voorjaar 2028."),
    Veld.EIND: ("Laatste dag", ""),
    Veld.VROEGST: ("Op zijn vroegst", "Hoe ver het werk naar voren kan schuiven."),
    Veld.LAATST: ("Op zijn laatst", "Hoe ver het werk naar achteren kan schuiven."),
    Veld.DUUR: ("Hoe lang het duurt", "In dagen, of zoals 3 weken."),
    Veld.STATUS: ("Hoe zeker het is", ""),
    Veld.ORGANISATIE: ("Organisatie", ""),
    Veld.HINDER: ("Hinder", ""),
    Veld.HINDER_KORT: ("Hinder in het kort", ""),
    Veld.HINDER_VORM: ("Waar hinder is", "Een vorm als tekst: WKT of GeoJSON."),
    Veld.OMLEIDING: ("Omleiding", "In woorden."),
    Veld.OMLEIDING_VORM: ("Hoe de omleiding loopt", "Een lijn als tekst: WKT of GeoJSON."),
    Veld.PLEK: ("Straat of adres", "Zonder andere plek zoeken we het adres op."),
    Veld.X: ("x of lengtegraad", ""),
    Veld.Y: ("y of breedtegraad", ""),
    Veld.VORM: ("Vorm als tekst", "WKT of GeoJSON."),
}


class BestandForm(Formulier):
    """A file with works."""

    bestand = FileField("Kies een bestand")

    def has_file(self) -> bool:
        """Whether a file was sent."""
        return isinstance(self.bestand.data, FileStorage) and bool(self.bestand.data.filename)

    def to_bestand(self, hoogstens_mb: int) -> Bestand:
        """The file that was sent.

        Raises:
            Invalid: beside ``bestand``, if there is none or it is too large.
        """
        if not self.has_file():
            raise Invalid("Kies een bestand.", veld="bestand")
        data = self.bestand.data.stream.read(hoogstens_mb * 1_000_000 + 1)
        if len(data) > hoogstens_mb * 1_000_000:
            raise Invalid(f"Dit bestand is groter dan {hoogstens_mb} MB.", veld="bestand")
        if not data.strip():
            raise Invalid("Dit bestand is leeg.", veld="bestand")
        naam = clean(str(self.bestand.data.filename)).replace("\\", "/").rpartition("/")[2]
        return Bestand(naam, data)


class BronForm(BestandForm):
    """A new source."""

    op_de_pagina = ("organisatie", "adres", "bestand", "naam", "ritme", "kaartlaag")

    organisatie = KeuzeVeld(
        "Van wie is het werk?", [Verplicht("Kies een organisatie uit de lijst.")], leeg="Kies"
    )
    adres = TekstVeld(
        "Adres van het bestand",
        [hoogstens(LENGTE_MAX)],
        description="Bijvoorbeeld https://www.voorbeeld.nl/werk.geojson",
    )
    naam = TekstVeld(
        "Hoe noemen we deze bron?",
        [hoogstens(200)],
        description="Bijvoorbeeld: planning kabels en leidingen.",
    )
    ritme = KeuzeVeld("Hoe vaak lezen we het adres?", soort=str)
    kaartlaag = TekstVeld(
        "Kaartlaag", [hoogstens(100)], description="Alleen als er meer lagen in het bestand zitten."
    )

    def offer(self, session: Session, actor: Actor) -> None:
        """Set what can be chosen."""
        self.organisatie.offer((o.id, o.naam) for o in find_own(session, actor))
        self.ritme.offer((ritme.value, naam) for ritme, naam in RITMES.items())
        if actor.is_ketenpartner and self.organisatie.data is None:
            self.organisatie.data = actor.organisatie_id

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field for itself, then that there is an address or a file, and not both."""
        super().validate(extra_validators)
        try:
            if self.has_file() == bool(self.adres.data):
                raise Invalid("Vul een adres in of kies een bestand, een van de twee.", "adres")
            if self.adres.data and not self.adres.errors:
                clean_adres(self.adres.data)
        except Invalid as error:
            show_error(self, error)
        return not self.errors

    def to_gegevens(self) -> BronGegevens:
        """The values of a form that validates."""
        return BronGegevens(
            organisatie_id=self.organisatie.data,
            naam=self.naam.data or "",
            adres=self.adres.data or "",
            ritme=Ritme(self.ritme.data or Ritme.HAND),
            kaartlaag=self.kaartlaag.data or "",
        )


class KoppelForm(Formulier):
    """Which column is what, and what its values mean.

    The choices per column and per value are made by ``offer``; they are read from the request by
    name: ``k-<veld>`` and ``v-<veld>-<nummer>``.
    """

    soort = KeuzeVeld("Soort werk, als de bron het niet zegt", [Verplicht(KIES)])
    status = KeuzeVeld("Hoe zeker het is, als de bron het niet zegt", [Verplicht(KIES)], soort=str)
    hinder = KeuzeVeld("Hinder, als de bron het niet zegt", [Verplicht(KIES)], soort=str)
    datumvorm = KeuzeVeld("Hoe staat een datum er?", [Verplicht(KIES)], soort=str)
    zonder_dag = TekstVeld(
        "Werk zonder dag",
        [hoogstens(40)],
        description="Bijvoorbeeld 2028 of voorjaar 2028. Leeg: zonder dag nemen we het niet over.",
    )
    buiten = KeuzeVeld("Werk buiten de gemeente", [Verplicht(KIES)], soort=str)
    raad_soort = BooleanField("Zoek de soort in de tekst als die er niet bij staat")
    openbaar = BooleanField("Iedereen mag dit werk zien")

    def offer(self, session: Session, actor: Actor, bron: Werkbron) -> None:
        """Set what can be chosen, and start from the mapping that is kept."""
        self.kolommen: Sequence[Mapping[str, Any]] = bron.kolommen
        soorten = [(key, naam) for key, _, naam in find_soorten(session)]
        statussen = [
            (code, naam)
            for code, naam in find_labels(session, "werkzaamheid.status").items()
            if code not in NIET_HIER
        ]
        hinder = list(find_labels(session, "werkzaamheid.hinder").items())
        self.soort.offer(soorten)
        self.status.offer(statussen)
        self.hinder.offer(hinder)
        self.datumvorm.offer(
            [(Datumvorm.DAG_EERST.value, "dag-maand-jaar, of jaar voorop"),
             (Datumvorm.MAAND_EERST.value, "maand-dag-jaar")]
        )  # fmt: skip
        self.buiten.offer(
            [(Buiten.WEIGER.value, "Weigeren, en in het verslag noemen"),
             (Buiten.SLA_OVER.value, "Overslaan")]
        )  # fmt: skip
        self.betekenissen: dict[Veld, list[tuple[Any, str]]] = {
            Veld.SOORT: soorten,
            Veld.DIEPTE: list(find_labels(session, "werkzaamheid.diepte").items()),
            Veld.STATUS: statussen,
            Veld.HINDER: hinder,
            Veld.ORGANISATIE: [(o.id, o.naam) for o in find_own(session, actor)],
        }

    def start_from(self, koppeling: Koppeling) -> None:
        """Fill the fields with a mapping."""
        self.soort.data = koppeling.soort_id
        for naam in ("status", "hinder", "datumvorm", "buiten"):
            self[naam].data = getattr(koppeling, naam).value
        self.zonder_dag.data = koppeling.zonder_dag
        self.raad_soort.data, self.openbaar.data = koppeling.raad_soort, koppeling.openbaar

    def columns_for(self, koppeling: Koppeling) -> list[dict[str, Any]]:
        """Each field with what can be chosen for it, and its values with what they can mean."""
        namen = [kolom["naam"] for kolom in self.kolommen]
        waarden = {kolom["naam"]: kolom for kolom in self.kolommen}
        return [
            {
                "veld": veld.value,
                "naam": naam,
                "hulp": hulp,
                "gekozen": koppeling.kolommen.get(veld),
                "namen": namen,
                "voorbeelden": waarden.get(koppeling.kolommen.get(veld, ""), {}).get("waarden", ())[
                    :3
                ],
                "waarden": list(self._values(veld, koppeling)),
                "betekenissen": self.betekenissen.get(veld, []),
                "fout": self.fouten.get(veld),
            }
            for veld, (naam, hulp) in KOLOM.items()
        ]

    @property
    def fouten(self) -> Mapping[str, str]:
        """What is wrong with the choice of a column, by field."""
        return getattr(self, "_fouten", {})

    def refuse(self, error: Invalid) -> None:
        """Put an error beside the column or the field that it is about."""
        if error.veld in set(Veld):
            self._fouten = {str(error.veld): error.melding}
            self.form_errors.append(error.melding)
        else:
            show_error(self, error)

    def _values(self, veld: Veld, koppeling: Koppeling) -> Iterable[tuple[int, str, Any]]:
        kolom = koppeling.kolommen.get(veld)
        if veld not in VERTAALD or kolom is None:
            return
        meaning = koppeling.vertaling.get(veld, {})
        for nummer, waarde in enumerate(self._waarden(kolom)):
            yield nummer, waarde, meaning.get(waarde.lower())

    def _waarden(self, naam: str) -> Sequence[str]:
        found = next((k["waarden"] for k in self.kolommen if k["naam"] == naam), ())
        return tuple(found)

    def to_koppeling(self, sent: MultiDict[str, str]) -> Koppeling:
        """The mapping that was sent."""
        namen = {kolom["naam"] for kolom in self.kolommen}
        kolommen = {
            veld.value: sent[f"k-{veld}"] for veld in Veld if sent.get(f"k-{veld}") in namen
        }
        vertaling = {
            veld.value: self._meanings(veld, kolommen[veld], sent)
            for veld in VERTAALD
            if veld in kolommen
        }
        return Koppeling(
            soort_id=self.soort.data,
            kolommen=kolommen,
            vertaling=vertaling,
            status=Status(self.status.data),
            hinder=Hinder(self.hinder.data),
            datumvorm=Datumvorm(self.datumvorm.data),
            buiten=Buiten(self.buiten.data),
            openbaar=self.openbaar.data,
            raad_soort=self.raad_soort.data,
            zonder_dag=self.zonder_dag.data or "",
        )

    def _meanings(self, veld: Veld, kolom: str, sent: MultiDict[str, str]) -> dict[str, Any]:
        """What the values of a column mean; of a column that was not the one before, nothing."""
        if sent.get(f"was-{veld}") != kolom:
            return {}
        offered = {str(code): code for code, _ in self.betekenissen[veld]}
        found = {}
        for nummer, waarde in enumerate(self._waarden(kolom)):
            chosen = sent.get(f"v-{veld}-{nummer}", "")
            if chosen in offered:
                found[waarde.lower()] = offered[chosen]
        return found


class RitmeForm(Formulier):
    """How often an address is read by itself."""

    ritme = KeuzeVeld("Hoe vaak lezen we het adres?", [Verplicht(KIES)], soort=str)

    def offer(self) -> None:
        """Set what can be chosen."""
        self.ritme.offer((ritme.value, naam) for ritme, naam in RITMES.items())
