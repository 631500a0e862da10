"""Forms: what people type becomes a value or a sentence, and nothing is lost."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from kernenkaart.errors import Invalid
from kernenkaart.web.forms import PlekVelden, plek_waarden, show_error
from kernenkaart.web.velden import (
    DagVeld,
    KeuzeVeld,
    TekstvakVeld,
    TekstVeld,
    TijdVeld,
    Verplicht,
    clean,
    mag_leeg,
)


class Proef(PlekVelden):
    titel = TekstVeld("Naam", validators=[Verplicht("Vul een naam in. Bijvoorbeeld: Boekenmarkt.")])
    uitleg = TekstvakVeld("Uitleg")
    soort = KeuzeVeld("Soort", leeg="Kies een soort", validators=[Verplicht("Kies een soort.")])
    dag = DagVeld("Dag", validators=[Verplicht("Vul een datum in.")], description="12-06-2027")
    van = TijdVeld("Van", validators=[mag_leeg()])


INGEVULD = {
    "titel": "Boekenmarkt",
    "uitleg": "Veertig kramen",
    "soort": "1",
    "dag": "12-06-2027",
    "van": "10.00",
}


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="proef", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


def make(**velden: Any) -> Proef:
    form = Proef(formdata=MultiDict(INGEVULD | velden))
    form.soort.offer([(1, "Markt"), (2, "Sport")])
    form.kern.offer([(7, "Tricht")])
    return form


def editing(waarden: dict[str, Any], versie: int, **typed: str) -> Proef:
    """The form of somebody who began with ``waarden`` and typed ``typed`` over them."""
    start = Proef(formdata=None)
    start.soort.offer([(1, "Markt"), (2, "Sport")])
    start.kern.offer([(7, "Tricht")])
    start.start_from(waarden, versie)
    return make(**(start.typed() | {"versie": str(versie), "was": start.was.data} | typed))


def test_what_is_filled_in_well_becomes_values() -> None:
    form = make()

    assert form.validate(), form.errors
    assert (form.titel.data, form.soort.data) == ("Boekenmarkt", 1)
    assert (form.dag.data.isoformat(), form.van.data.isoformat()) == ("2027-06-12", "10:00:00")


@pytest.mark.parametrize(
    ("veld", "getypt", "zin"),
    [
        ("titel", "", "Vul een naam in. Bijvoorbeeld: Boekenmarkt."),
        ("titel", "  \t ", "Vul een naam in. Bijvoorbeeld: Boekenmarkt."),
        ("dag", "", "Vul een datum in."),
        ("dag", "31-02-2027", "Deze datum bestaat niet. Kijk de dag en de maand na."),
        ("dag", "morgen", "Vul een datum in als 12-06-2027."),
        ("dag", "zo 12-06-2027", "12 juni 2027 is een zaterdag. Verbeter de dag of de datum."),
        ("van", "25.00", "Deze tijd bestaat niet. Vul een tijd in als 10.00."),
        ("van", "tien uur", "Vul een tijd in als 10.00."),
        ("soort", "", "Kies een soort."),
        ("soort", "99", "Kies een van de mogelijkheden uit de lijst."),
        ("soort", "1 OR 1=1", "Kies een van de mogelijkheden uit de lijst."),
        ("lon", "links", "Vul een getal in."),
        ("lat", "nan", "Vul een getal in."),
        ("plek", "x" * 201, "Maak dit korter: hoogstens 200 tekens."),
    ],
)
def test_a_wrong_value_gets_one_sentence_beside_its_field_and_stays_as_typed(
    veld: str, getypt: str, zin: str
) -> None:
    form = make(**{veld: getypt})

    assert not form.validate()
    assert list(form[veld].errors) == [zin]
    assert clean(getypt) in form[veld]() or veld == "soort"


def test_the_summary_follows_the_page_and_points_to_the_fields() -> None:
    form = make(titel="", van="99")
    form.validate()

    show_error(form, Invalid("Dit mag niet op deze dag.", veld="dag"))
    show_error(form, Invalid("Het hele formulier klopt niet."))

    assert form.samenvatting == [
        (None, "Het hele formulier klopt niet."),
        ("titel", "Vul een naam in"),
        ("dag", "Dit mag niet op deze dag"),
        ("van", "Deze tijd bestaat niet"),
    ]


def test_a_field_names_its_help_and_its_error() -> None:
    form = make(dag="")
    form.validate()

    html = form.dag()

    assert 'aria-describedby="dag-hulp dag-fout"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("getypt", "schoon"),
    [
        ("  Boeken \t markt ", "Boeken markt"),
        ("a\x00b\x1bc", "abc"),
        ("e\u0301", "é"),
        ("\u202eomgekeerd", "omgekeerd"),
        ("los\ud800", "los"),
        ("twee\r\nregels", "twee regels"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_text_is_stored_without_invisible_tricks(getypt: str, schoon: str) -> None:
    assert clean(getypt) == schoon


def test_a_key_that_is_no_key_is_replaced_and_a_good_one_kept() -> None:
    sleutel = str(uuid.uuid4())

    assert make(sleutel=sleutel).sleutel.data == sleutel
    assert uuid.UUID(make(sleutel="'; DROP TABLE").sleutel.data)


@pytest.mark.parametrize(
    ("lon", "lat", "veld", "begin"),
    [
        ("5,25", "", "lat", "Vul beide getallen in"),
        ("51.9", "5.25", "lon", "De lengtegraad en de breedtegraad zijn verwisseld"),
        ("0", "0", "plek", "Deze plek ligt buiten Nederland"),
        ("1e9", "51.9", "plek", "Deze plek ligt buiten Nederland"),
    ],
)
def test_a_place_that_cannot_be_is_refused(lon: str, lat: str, veld: str, begin: str) -> None:
    form = make(lon=lon, lat=lat)

    with pytest.raises(Invalid) as error:
        form.to_punt()

    assert error.value.veld == veld
    assert error.value.melding.startswith(begin)


def test_a_place_survives_being_stored_and_edited_to_the_centimetre() -> None:
    punt = make(lon="5,2661", lat="51.8893").to_punt()
    assert punt is not None

    waarden = plek_waarden(punt, "Raadhuisplein", 7)
    again = make(lon=str(waarden["lon"]), lat=str(waarden["lat"])).to_punt()

    assert again is not None
    assert again.distance(punt) < 0.02


WAARDEN: dict[str, Any] = {"titel": "Markt", "uitleg": "Oud", "soort": 1}


def test_what_only_the_other_changed_is_taken_over() -> None:
    form = editing(WAARDEN, 1, titel="Mijn markt")

    verschillen = form.differences(WAARDEN | {"uitleg": "Van de ander", "soort": 2}, 2)

    assert [(v.veld.name, v.nu, v.overgenomen) for v in verschillen] == [
        ("uitleg", "Van de ander", True),
        ("soort", "Sport", True),
    ]
    assert (form.titel.data, form.uitleg.data, form.soort.data) == ("Mijn markt", "Van de ander", 2)
    assert form.versie.data == 2
    assert json.loads(form.was.data)["uitleg"] == "Van de ander"


def test_what_both_changed_keeps_the_own_text_and_shows_the_other() -> None:
    form = editing(WAARDEN, 1, titel="Mijn markt")

    verschillen = form.differences(WAARDEN | {"titel": "Jouw markt"}, 2)

    assert [(v.veld.name, v.nu, v.overgenomen) for v in verschillen] == [
        ("titel", "Jouw markt", False)
    ]
    assert form.titel.data == "Mijn markt"


@pytest.mark.parametrize("was", ["", "{", "[]", '"x"'])
def test_without_a_usable_start_every_difference_is_shown_and_nothing_taken(was: str) -> None:
    form = editing(WAARDEN, 1, titel="Mijn markt", was=was)

    verschillen = form.differences(WAARDEN, 2)

    assert [(v.veld.name, v.overgenomen) for v in verschillen] == [("titel", False)]
    assert form.titel.data == "Mijn markt"


def test_another_kern_chosen_by_hand_leaves_the_old_point_behind() -> None:
    waarden = WAARDEN | {"lon": 5.2661, "lat": 51.8893, "kern": 6}

    assert editing(waarden, 1).to_punt() is not None
    assert editing(waarden, 1, kern="7").to_punt() is None
    assert editing(waarden, 1, kern="7", lon="5.27").to_punt() is not None
