"""A whole season from a spreadsheet: recognised, looked at, mended, all or nothing, no doubles."""

import html
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Doelgroep, Status
from kernenkaart.activiteiten.seizoen import KOLOMMEN, Lijst, read_rows, to_velden
from kernenkaart.errors import Invalid
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform, make_zaal
from tests.formulieren import SCHERP, hidden, posted

VANDAAG = date(2027, 4, 21)
SOORTEN = ("Markt", "Sport", "Muziek en theater")
KOP = "titel\tdatum\tvan\ttot\tplek\tsoort\tomschrijving\n"
DRIE = (
    KOP
    + "Boekenmarkt\t12-06-2027\t10.00\t16.00\tRaadhuisplein\tMarkt\tVeertig kramen\n"
    + "Zomerloop\tza 19 juni 2027\t9:30\t12:00\tSportpark\tsport\t\n"
    + "Kermis\t10-06-2027 t/m 13-06-2027\t\t\tPlein\t\tVier dagen feest\n"
)


def rows(text: str) -> list[tuple[str, ...]]:
    found = read_rows(text, SOORTEN, VANDAAG)
    return [tuple(regel[kolom] for kolom in KOLOMMEN) for regel in found]


@pytest.mark.parametrize("scheiding", ["\t", ";", ","])
@pytest.mark.parametrize("einde", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_parts_its_cells(scheiding: str, einde: str) -> None:
    text = DRIE.replace("\t", scheiding).replace("\n", einde)

    assert rows(text)[0] == (
        *("Boekenmarkt", "12-06-2027", "10.00", "16.00", "Raadhuisplein", "Markt"),
        *("Veertig kramen", ""),
    )
    assert len(rows(text)) == 3


@pytest.mark.parametrize(
    "kop",
    [
        "Datum;Activiteit;Locatie",
        "DAG;Naam:;Waar *",
        "wanneer;wat;plaats",
    ],
)
def test_columns_are_found_by_their_names_in_any_order(kop: str) -> None:
    [regel] = read_rows(f"{kop}\n12-06-2027;Markt;Plein", SOORTEN, VANDAAG)

    assert (regel["datum"], regel["titel"], regel["plek"]) == ("12-06-2027", "Markt", "Plein")


def test_without_names_columns_are_found_by_what_stands_in_them() -> None:
    text = (
        "za 12 juni\tBoekenmarkt\t10.00\t16.00\tMarkt\tRaadhuisplein\n"
        "za 19 juni\tZomerloop\t9.30\t12.00\tSport\tSportpark\n"
    )

    assert rows(text)[1] == (
        *("Zomerloop", "za 19 juni", "9.30", "12.00", "Sportpark", "Sport", "", ""),
    )


def test_a_cell_with_quotes_and_line_ends_is_one_cell() -> None:
    [regel] = read_rows('titel;datum\n"Markt; en ""meer""\nerbij";12-06-2027', SOORTEN, VANDAAG)

    assert regel["titel"] == 'Markt; en "meer" erbij'


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("", "Plak hier"),
        (" \n\t\n", "Plak hier"),
        (KOP, "We zien niet wat de naam is"),
        ("zomaar wat tekst", "We zien niet wat de naam is"),
        (KOP + "x\t12-06-2027\n" * 501, "Plak hoogstens 500"),
        ("x" * 500_001, "Dit is te veel tekst"),
        ("titel\tdatum\n" + "x" * 200_000 + "\t12-06-2027", "In deze tabel staat een cel"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_a_sentence(text: str, begin: str) -> None:
    with pytest.raises(Invalid) as error:
        read_rows(text, SOORTEN, VANDAAG)

    assert error.value.melding.startswith(begin)
    assert error.value.veld == "tabel"


@pytest.mark.parametrize(
    ("cellen", "velden"),
    [
        ({"van": "10.00 - 16.00"}, {"van": "10.00", "tot": "16.00", "hele_dag": ""}),
        ({"van": "10 tot 16 uur"}, {"van": "10", "tot": "16 uur"}),
        ({"van": "10.00", "tot": "16.00"}, {"van": "10.00", "tot": "16.00"}),
        ({}, {"van": "", "tot": "", "hele_dag": "y"}),
        ({"datum": "1-6 t/m 3-6"}, {"datum": "1-6", "laatste_dag": "3-6"}),
        ({"soort": "MARKT"}, {"soort": "7"}),
        ({"soort": "Kaas"}, {"soort": "?Kaas"}),
        ({}, {"soort": "9", "doelgroep": ""}),
        ({"doelgroep": "Ouderen"}, {"doelgroep": "3"}),
        ({"doelgroep": "Katten"}, {"doelgroep": "?Katten"}),
    ],
)
def test_a_row_becomes_the_fields_of_the_form(
    cellen: dict[str, str], velden: dict[str, str]
) -> None:
    soorten, doelgroepen = Lijst({"markt": 7}, 9), Lijst({"ouderen": 3})
    found = to_velden(dict.fromkeys(KOLOMMEN, "") | cellen, soorten, doelgroepen)

    assert {naam: found[naam] for naam in velden} == velden


def open_season(
    client: ClientFactory, session: Session
) -> tuple[FlaskClient, Platform, dict[str, Any]]:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    page = browser.get(f"/activiteiten/seizoen/{platform.id}").text
    soort = re.search(r'<option value="(\d+)">Feest', page)
    assert soort
    return browser, platform, {"kern": platform.kernen[0].id, "soort": soort[1]}


def carried(page: str, **velden: Any) -> dict[str, Any]:
    return {naam: hidden(page, naam) for naam in ("velden", "kern", "soort")} | velden


def test_a_season_is_looked_at_first_and_then_placed_whole(
    client: ClientFactory, session: Session
) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"

    looked = browser.post(pad, data=keuze | {"tabel": DRIE, "actie": "bekijk"})
    assert looked.status_code == 200
    assert "3 activiteiten kloppen" in looked.text
    assert posted(session, Activiteit) == []
    placed = browser.post(pad, data=carried(looked.text, actie="plaats"))

    assert placed.location.endswith("?nieuw=3&al=0")
    kermis, markt, loop = sorted(posted(session, Activiteit), key=lambda row: row.begint_op)
    assert (kermis.hele_dag, kermis.soort.naam) == (True, "Feest")
    assert kermis.eindigt_op.isoformat() == "2027-06-13T22:00:00+00:00"
    assert (markt.soort.naam, markt.plek_naam) == ("Markt", "Raadhuisplein")
    assert loop.begint_op.isoformat() == "2027-06-19T07:30:00+00:00"
    assert {row.status for row in (kermis, markt, loop)} == {Status.GEPUBLICEERD}
    assert "3 activiteiten staan nu in de kalender." in browser.get(placed.location).text


def test_the_same_paste_twice_makes_no_doubles(client: ClientFactory, session: Session) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"
    twice = DRIE + DRIE.removeprefix(KOP)

    for expected in ("?nieuw=3&al=0", "?nieuw=0&al=3"):
        looked = browser.post(pad, data=keuze | {"tabel": twice, "actie": "bekijk"})
        assert "3 regels staan er dubbel in." in looked.text
        placed = browser.post(pad, data=carried(looked.text, actie="plaats"))
        assert placed.location.endswith(expected)

    assert len(posted(session, Activiteit)) == 3
    assert "Staat er al" in looked.text


def test_one_wrong_row_keeps_all_back_until_it_is_mended_in_place(
    client: ClientFactory, session: Session
) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"
    tabel = DRIE + "Loterij\t31-06-2027\t20.00\t19.00\t\tKaas\t\n"

    looked = browser.post(pad, data=keuze | {"tabel": tabel, "actie": "plaats"})

    assert looked.status_code == 422
    assert posted(session, Activiteit) == []
    fouten = {
        veld: re.search(rf'id="r4-{veld}-fout">(.*?)</p>', looked.text, re.S)
        for veld in ("datum", "soort")
    }
    assert fouten["datum"]
    assert "Deze datum bestaat niet." in fouten["datum"][1]
    assert fouten["soort"]
    assert "De soort “Kaas” staat niet in de lijst." in html.unescape(fouten["soort"][1])
    mended = {"r4-titel": "Loterij", "r4-datum": "30-06-2027", "r4-van": "19.00"}
    mended |= {"r4-tot": "20.00", "r4-soort": keuze["soort"], "r4-plek": ""}
    again = browser.post(pad, data=carried(looked.text, actie="bekijk", **mended))
    assert again.status_code == 200
    placed = browser.post(pad, data=carried(again.text, actie="plaats"))
    assert placed.location.endswith("?nieuw=4&al=0")


def test_a_row_says_for_whom_it_is_and_the_form_for_the_others(
    client: ClientFactory, session: Session
) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"
    namen = {groep.naam: groep.id for groep in session.scalars(select(Doelgroep))}
    een, ander = sorted(namen)[:2]
    keuze["doelgroep"] = namen[ander]
    tabel = f"titel;datum;voor wie\nBingo;12-06-2027;{een.upper()}\nSoos;13-06-2027;\n"

    looked = browser.post(pad, data=keuze | {"tabel": tabel, "actie": "bekijk"})
    wrong = browser.post(pad, data=keuze | {"tabel": f"{tabel}Kat;14-06-2027;Katten\n"})
    velden = carried(looked.text, actie="plaats", doelgroep=hidden(looked.text, "doelgroep"))
    browser.post(pad, data=velden)

    assert looked.text.count(f'<td data-kop="Voor wie">{een}</td>') == 1
    assert wrong.status_code == 422
    assert "De doelgroep “Katten” staat niet in de lijst." in html.unescape(wrong.text)
    found = {row.titel: row.doelgroep_id for row in posted(session, Activiteit)}
    assert found == {"Bingo": namen[een], "Soos": namen[ander]}


def test_a_public_is_found_without_the_name_of_its_column() -> None:
    text = "12-06-2027\tOuderen\tBingo\n13-06-2027\tOuderen\tSoos\n"

    found = read_rows(text, SOORTEN, VANDAAG, ("Ouderen", "Jongeren"))

    assert [(row["titel"], row["doelgroep"]) for row in found] == [
        ("Bingo", "Ouderen"),
        ("Soos", "Ouderen"),
    ]


def test_a_row_can_be_left_out(client: ClientFactory, session: Session) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"
    looked = browser.post(
        pad, data=keuze | {"tabel": DRIE + "\tmorgen\t\t\t\t\t\n", "actie": "bekijk"}
    )

    again = browser.post(pad, data=carried(looked.text, actie="bekijk", **{"r4-weg": "y"}))

    assert again.status_code == 200
    assert "3 activiteiten kloppen" in again.text


def test_a_place_of_before_is_found_again(client: ClientFactory, session: Session) -> None:
    from shapely.affinity import translate

    browser, platform, keuze = open_season(client, session)
    plein = translate(platform.kernen[0].hart, xoff=200)
    make_activiteit(session, platform=platform, plek_naam="Raadhuisplein", geom=plein)
    looked = browser.post(
        f"/activiteiten/seizoen/{platform.id}",
        data=keuze | {"tabel": "titel;datum;plek\nMarkt;12-06-2027;raadhuisplein"},
    )

    browser.post(f"/activiteiten/seizoen/{platform.id}", data=carried(looked.text, actie="plaats"))

    placed = posted(session, Activiteit)[-1]
    assert placed.geom is not None
    assert placed.geom.distance(plein) < 0.02


def test_a_place_that_is_a_hall_of_the_kern_is_that_hall(
    client: ClientFactory, session: Session
) -> None:
    browser, platform, keuze = open_season(client, session)
    zaal = make_zaal(session, platform.kernen[0], naam="Dorpshuis")
    make_zaal(session, naam="Sportpark")  # of another kern
    tabel = KOP + (
        "Kaarten\t12-06-2027\t19.00\t22.00\tdorpshuis\tMarkt\t\n"
        "Loop\t19-06-2027\t9.00\t12.00\tSportpark\tMarkt\t\n"
    )
    pad = f"/activiteiten/seizoen/{platform.id}"

    looked = browser.post(pad, data=keuze | {"tabel": tabel, "actie": "bekijk"})
    browser.post(pad, data=carried(looked.text, actie="plaats"))

    kaarten, loop = posted(session, Activiteit)
    assert (kaarten.zaal_id, kaarten.geom, kaarten.plek_naam) == (zaal.id, zaal.geom, "dorpshuis")
    assert loop.zaal_id is None


def test_five_hundred_rows_are_placed_at_once(client: ClientFactory, session: Session) -> None:
    browser, platform, keuze = open_season(client, session)
    pad = f"/activiteiten/seizoen/{platform.id}"
    tabel = "titel;datum\n" + "\n".join(f"Markt {n};{n % 28 + 1}-06-2027" for n in range(500))

    looked = browser.post(pad, data=keuze | {"tabel": tabel})
    placed = browser.post(pad, data=carried(looked.text, actie="plaats"))

    assert placed.location.endswith("?nieuw=500&al=0")


@pytest.mark.parametrize("velden", ["", "{", "[]", "[1]", '[["x"]]', "null", '{"a":1}'])
def test_nonsense_in_a_hidden_field_is_no_crash(
    client: ClientFactory, session: Session, velden: str
) -> None:
    browser, platform, keuze = open_season(client, session)

    answer = browser.post(
        f"/activiteiten/seizoen/{platform.id}",
        data=keuze | {"velden": velden, "actie": "plaats"},
    )

    assert answer.status_code in {200, 422}
    assert posted(session, Activiteit) == []


def test_another_platform_may_not(client: ClientFactory, session: Session) -> None:
    _, platform, keuze = open_season(client, session)
    vreemde = client(make_gebruiker(session, make_platform(session)))
    pad = f"/activiteiten/seizoen/{platform.id}"

    assert vreemde.get(pad).status_code == 403
    assert vreemde.post(pad, data=keuze | {"tabel": DRIE}).status_code == 403
    assert client().get(pad).status_code == 302


@pytest.mark.parametrize("scherp", SCHERP)
def test_texts_come_out_literally(client: ClientFactory, session: Session, scherp: str) -> None:
    browser, platform, keuze = open_season(client, session)
    tabel = f"titel\tdatum\tsoort\n{scherp}\t12-06-2027\t\n{scherp}\tx\t{scherp}"

    page = browser.post(f"/activiteiten/seizoen/{platform.id}", data=keuze | {"tabel": tabel})

    assert scherp.replace('"', "") in html.unescape(page.text).replace('"', "")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
