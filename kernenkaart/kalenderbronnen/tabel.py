"""A table of activities, as CSV or Excel: rows become items, wrong ones are named."""

from datetime import date, datetime, time, timedelta

from kernenkaart.activiteiten.forms import make_moments
from kernenkaart.activiteiten.seizoen import KOLOMMEN, Regel, read_rows, split_dagen, split_tijden
from kernenkaart.errors import Invalid
from kernenkaart.kalenderbronnen.blokken import decode
from kernenkaart.kalenderbronnen.items import (
    DUUR_MAX,
    TE_LANG,
    TEKST_MAX,
    TITEL_MAX,
    Inhoud,
    Item,
    Klacht,
)
from kernenkaart.kalenderbronnen.kind import read_agenda, read_blad
from kernenkaart.tijd import at, parse_dag, parse_tijd

VOORBEELDEN = (
    ("Boekenmarkt", "12-06-2027", "10.00", "16.00", "Dorpsplein", "Markt", "Veertig kramen."),
    ("Kermis", "10-06-2027 t/m 13-06-2027", "", "", "Dorpsplein", "Feest", ""),
)
# an entry of a calendar says nothing of its public; the examples are skipped when it is read
SJABLOON = (tuple(kolom for kolom in KOLOMMEN if kolom != "doelgroep"), *VOORBEELDEN)
SOORTEN_BESTAND = "Kies een agenda (.ics), een Excel-bestand (.xlsx) of een tabel (.csv)."


def read_file(data: bytes, vandaag: date) -> Inhoud:
    """What is in a file that somebody sends; what kind it is, is seen by what stands in it.

    Raises:
        Invalid: beside ``bestand``, if it cannot be read.
    """
    if not data.strip():
        raise Invalid("Dit bestand is leeg.", veld="bestand")
    if data.startswith(b"PK"):
        return read_table(read_blad(data, vandaag), vandaag)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("Dit is een oud Excel-bestand. Bewaar het als .xlsx.", veld="bestand")
    if b"BEGIN:V" in data.upper() or b"B\0E\0G\0I\0N" in data[:2000]:
        return read_agenda(data, vandaag)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(f"Dit bestand kunnen we niet lezen. {SOORTEN_BESTAND}", veld="bestand")
    return read_table(decode(data), vandaag)


def read_table(tekst: str, vandaag: date) -> Inhoud:
    """The rows of a table with the columns of a pasted season.

    Raises:
        Invalid: beside ``bestand``, if no column can be a name and a day, or there is too much.
    """
    try:
        rows = read_rows(tekst, (), vandaag)
    except Invalid as error:
        raise Invalid(
            f"{error.melding} Of gebruik de lege tabel van deze pagina.", veld="bestand"
        ) from error
    items: dict[str, Item] = {}
    klachten: list[Klacht] = []
    for nummer, row in enumerate(rows, start=1):
        if (row["titel"], row["datum"]) in {(v[0], v[1]) for v in VOORBEELDEN}:
            continue  # the examples of the empty table
        try:
            item = _to_item(row, vandaag)
        except ValueError as error:
            klachten.append(Klacht(f"Regel {nummer}: {error}", row["titel"][:TITEL_MAX]))
        except Invalid as error:
            klachten.append(Klacht(f"Regel {nummer}: {error.melding}", row["titel"][:TITEL_MAX]))
        else:
            items.setdefault(item.sleutel, item)
    sorted_items = sorted(items.values(), key=lambda item: (item.begint_op, item.titel))
    return Inhoud("", tuple(sorted_items), tuple(klachten), heel=not klachten)


def _to_item(row: Regel, vandaag: date) -> Item:
    """Raises ValueError or Invalid: with a Dutch sentence, if a row is no activity."""
    if not row["titel"]:
        raise ValueError("vul een naam in.")
    begin, eind, hele_dag = _moments(row, vandaag)
    if eind - begin > DUUR_MAX:
        raise ValueError(TE_LANG)
    titel, plek = row["titel"][:TITEL_MAX], row["plek"][:TITEL_MAX]
    return Item(
        uid=f"{titel.casefold()}\n{plek.casefold()}\n{begin.isoformat()}",
        keer="",
        titel=titel,
        omschrijving=row["omschrijving"][:TEKST_MAX],
        plek=plek,
        begint_op=begin,
        eindigt_op=eind,
        hele_dag=hele_dag,
        soorten=(row["soort"],) if row["soort"] else (),
    )


def _moments(row: Regel, vandaag: date) -> tuple[datetime, datetime, bool]:
    eerste, laatste = split_dagen(row["datum"])
    dag = parse_dag(eerste, vandaag)
    tot_en_met = parse_dag(laatste, vandaag) if laatste else dag
    if tot_en_met < dag:
        raise ValueError("de laatste dag ligt vóór de eerste dag.")
    van, tot = split_tijden(row["van"], row["tot"])
    if not van and not tot:
        return at(dag, time()), at(tot_en_met + timedelta(days=1), time()), True
    begin = parse_tijd(van)
    if not tot:
        moment = at(dag, begin)
        return moment, moment + timedelta(hours=1), False
    return *make_moments(dag, tot_en_met, begin, parse_tijd(tot)), False
