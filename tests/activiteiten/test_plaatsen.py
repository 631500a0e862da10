"""Post an activity: every mistake gets its sentence, and nothing typed is lost."""

import html
import re
import uuid
from typing import Any

import pytest
from shapely.affinity import translate
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, Status
from kernenkaart.actor import Rol
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.toegang.models import Lidmaatschap
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_platform
from tests.formulieren import filled_activiteit, hidden, posted


def test_a_platform_posts_an_activity_in_the_heart_of_its_kern(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled_activiteit(session, platform)
    )

    [activiteit] = posted(session, Activiteit)
    assert answer.status_code == 302
    assert (activiteit.titel, activiteit.status) == ("Boekenmarkt", Status.GEPUBLICEERD)
    assert activiteit.begint_op.isoformat() == "2027-06-12T08:00:00+00:00"
    assert activiteit.geom is not None
    assert activiteit.geom.equals(platform.kernen[0].hart)
    assert activiteit.kern_id == platform.kernen[0].id
    page = browser.get(answer.location).text
    assert f"Boekenmarkt staat nu in de kalender van {platform.kernen[0].naam}." in page
    assert "za 12 juni 2027, 10.00 - 16.00" in page


def test_the_journaal_knows_who_posted(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    gebruiker = make_gebruiker(session, platform)

    client(gebruiker).post(
        f"/activiteiten/nieuw/{platform.id}", data=filled_activiteit(session, platform)
    )

    regel = session.scalars(select(Journaalregel).where(Journaalregel.tabel == "activiteit")).one()
    assert (regel.actie, regel.gebruiker_id) == ("I", gebruiker.id)


def test_looking_first_places_nothing_and_carries_everything_along(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(session, platform, actie="bekijk", titel='Markt "<b>" & zo')

    answer = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    assert answer.status_code == 200
    assert posted(session, Activiteit) == []
    for naam in velden.keys() - {"actie"}:
        assert hidden(answer.text, naam) == str(velden[naam])


@pytest.mark.parametrize("actie", ["", "terug", "zoek"])
def test_another_button_shows_the_form_as_it_was_typed(
    client: ClientFactory, session: Session, actie: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, actie=actie, tot="?"),
    )

    assert answer.status_code == 200
    assert hidden(answer.text, "titel") == "Boekenmarkt"
    assert hidden(answer.text, "tot") == "?"
    assert posted(session, Activiteit) == []


@pytest.mark.parametrize(
    ("velden", "veld", "zin"),
    [
        ({"titel": " "}, "titel", "Vul een naam in. Bijvoorbeeld: Boekenmarkt."),
        (
            {"tot": "9.00"},
            "tot",
            "De eindtijd is vroeger dan de begintijd. Vul een latere tijd in.",
        ),
        ({"tot": "10.00"}, "tot", "De eindtijd is vroeger dan de begintijd."),
        ({"van": ""}, "van", "Vul een begintijd in. Bijvoorbeeld: 10.00."),
        ({"tot": ""}, "tot", "Vul een eindtijd in."),
        ({"datum": "2027-13-01"}, "datum", "Deze datum bestaat niet."),
        ({"laatste_dag": "11-06-2027"}, "laatste_dag", "De laatste dag ligt vóór de eerste dag."),
        ({"laatste_dag": "12-07-2028"}, "laatste_dag", "Een activiteit duurt hoogstens een jaar."),
        ({"soort": ""}, "soort", "Kies een soort uit de lijst."),
        ({"kern": "", "plek": ""}, "kern", "Kies een plek op de kaart, of kies een kern."),
        (
            {"kern": "", "plek_onbekend": "y"},
            "kern",
            "Kies een plek op de kaart, of kies een kern.",
        ),
        ({"lon": "5.1", "lat": ""}, "lat", "Vul beide getallen in, of geen van beide."),
        ({"lon": "5.6", "lat": "53.2"}, "plek", "Deze plek ligt te ver buiten de gemeente."),
        (
            {"datum": "28-03-2027", "van": "02:30", "tot": "05:00"},
            "van",
            "Deze tijd bestaat niet: die nacht gaat de klok een uur vooruit. Kies 3.00 of later.",
        ),
        ({"omschrijving": "x" * 5001}, "omschrijving", "Maak dit korter: hoogstens 5000 tekens."),
    ],
)
def test_a_mistake_gets_a_sentence_beside_its_field_and_loses_nothing(
    client: ClientFactory, session: Session, velden: dict[str, Any], veld: str, zin: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled_activiteit(session, platform, **velden)
    )

    assert answer.status_code == 422
    errors = re.findall(rf'id="{veld}-fout">(.*?)</p>', answer.text, re.S)
    assert len(errors) == 1
    assert zin in html.unescape(errors[0])
    assert f'<a href="#{veld}">' in answer.text
    assert "Veertig kramen." in answer.text or veld == "omschrijving"
    assert posted(session, Activiteit) == []


def test_two_mistakes_are_told_at_once(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, titel="", van="16.00", tot="10.00"),
    )

    assert "Verbeter deze 2 dingen:" in answer.text
    assert answer.text.index("Vul een naam in") < answer.text.index("De eindtijd is vroeger")


@pytest.mark.parametrize(
    ("velden", "begin", "eind"),
    [
        ({"van": "20.00", "tot": "01.00"}, "2027-06-12T18:00", "2027-06-12T23:00"),
        ({"van": "20:00", "tot": "24:00"}, "2027-06-12T18:00", "2027-06-12T22:00"),
        ({"hele_dag": "y", "van": "", "tot": ""}, "2027-06-11T22:00", "2027-06-12T22:00"),
        (
            {"hele_dag": "y", "laatste_dag": "13-06-2027"},
            "2027-06-11T22:00",
            "2027-06-13T22:00",
        ),
        ({"laatste_dag": "2027-06-13", "tot": "9"}, "2027-06-12T08:00", "2027-06-13T07:00"),
        # the hour that exists twice in October is taken the first time
        (
            {"datum": "31-10-27", "van": "2.30", "tot": "4.00"},
            "2027-10-31T00:30",
            "2027-10-31T03:00",
        ),
        # a day in March that has 23 hours
        ({"datum": "28-03-2027", "hele_dag": "y"}, "2027-03-27T23:00", "2027-03-28T22:00"),
    ],
)
def test_days_and_times_are_those_of_the_clock_in_the_village(
    client: ClientFactory, session: Session, velden: dict[str, Any], begin: str, eind: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled_activiteit(session, platform, **velden)
    )

    [activiteit] = posted(session, Activiteit)
    assert activiteit.begint_op.isoformat().startswith(begin)
    assert activiteit.eindigt_op.isoformat().startswith(eind)


def test_a_place_that_is_not_known_leaves_only_the_kern(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(
            session, platform, plek="", plek_onbekend="y", lon="5.2", lat="51.8"
        ),
    )

    [activiteit] = posted(session, Activiteit)
    assert activiteit.geom is None
    assert activiteit.kern_id == platform.kernen[0].id


def test_the_same_form_sent_twice_makes_one(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(session, platform)

    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)
    second = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    [activiteit] = posted(session, Activiteit)
    assert second.location.startswith(f"/activiteiten/{activiteit.id}?")


def test_a_form_sent_again_with_other_text_is_a_change_that_is_shown_first(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(session, platform)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    changed = velden | {"titel": "Platenmarkt"}
    onward = browser.post(f"/activiteiten/nieuw/{platform.id}", data=changed)
    answer = browser.post(onward.location, data=changed)

    [activiteit] = posted(session, Activiteit)
    assert onward.status_code == 307  # the browser sends the same form there
    assert answer.status_code == 409
    assert activiteit.titel == "Boekenmarkt"
    assert hidden(answer.text, "titel") == "Platenmarkt"
    assert "Je had dit al bewaard" in answer.text


def test_a_draft_is_kept_changed_and_placed(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled_activiteit(session, platform, actie="concept")

    first = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    [concept] = posted(session, Activiteit)
    assert concept.status is Status.CONCEPT
    page = browser.get(first.location).text
    assert re.search(r"Bewaard als concept om \d+\.\d\d uur\.", page)
    placed = browser.post(
        f"/activiteiten/{concept.id}/wijzig",
        data=velden | {"actie": "plaats", "versie": hidden(page, "versie")},
    )
    assert "net=geplaatst" in placed.location
    assert posted(session, Activiteit)[0].status is Status.GEPUBLICEERD


def test_with_more_groups_one_chooses_and_with_one_one_does_not(
    client: ClientFactory, session: Session
) -> None:
    een, twee = make_platform(session), make_platform(session)
    lid = make_gebruiker(session, een)
    alleen = client(make_gebruiker(session, twee)).get("/activiteiten/nieuw")
    niemand = client(make_gebruiker(session)).get("/activiteiten/nieuw")
    session.add(Lidmaatschap(gebruiker_id=lid.id, platform_id=twee.id))
    keuze = client(lid).get("/activiteiten/nieuw")

    assert alleen.location == f"/activiteiten/nieuw/{twee.id}"
    assert niemand.status_code == 403
    assert een.naam in keuze.text
    assert twee.naam in keuze.text


def test_a_beheerder_helps_out(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    beheerder = make_gebruiker(session, rol=Rol.BEHEERDER)

    answer = client(beheerder).post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, actie="concept"),
    )

    assert answer.status_code == 302
    assert client(beheerder).get(answer.location).status_code == 200


def test_a_key_of_another_platform_is_refused_and_tells_nothing(
    client: ClientFactory, session: Session
) -> None:
    vreemd = make_activiteit(session, sleutel=uuid.uuid4(), titel="Van een ander")
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, sleutel=str(vreemd.sleutel)),
    )

    assert answer.status_code == 409
    assert "Van een ander" not in answer.text


def test_what_else_there_is_that_day_is_told_with_free_days_and_never_blocks(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    browser = client(make_gebruiker(session, platform))
    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled_activiteit(session, platform, titel="Kermis"),
    )
    velden = filled_activiteit(session, platform)

    hint = browser.get(f"/activiteiten/die-dag?datum=12-06-2027&kern={kern.id}")
    other_day = browser.get(f"/activiteiten/die-dag?datum=13-06-2027&kern={kern.id}")
    preview = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden | {"actie": "bekijk"})
    placed = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    for page in (hint, preview):
        assert "Die dag is er ook" in page.text
        assert "Kermis" in page.text
        assert "za 5 juni" in page.text
        assert "za 19 juni" in page.text
    assert "Kermis" not in other_day.text
    assert placed.status_code == 302


@pytest.mark.parametrize(("afstand_m", "dichtbij"), [(1_990, True), (2_010, False)])
def test_that_day_looks_within_two_kilometres(
    client: ClientFactory, session: Session, afstand_m: int, dichtbij: bool
) -> None:
    kern = make_kern(session)
    make_kern(session)
    platform = make_platform(session, kernen=[kern])
    buur = make_activiteit(session, geom=translate(kern.hart, yoff=-afstand_m))
    browser = client(make_gebruiker(session, platform))
    dag = f"{buur.begint_op:%d-%m-%Y}"

    page = browser.get(f"/activiteiten/die-dag?datum={dag}&kern={kern.id}")

    assert (buur.titel in page.text) is dichtbij


@pytest.mark.parametrize(
    "vraag", ["", "datum=x&kern=y", "datum=12-06-2027", "datum=12-06-2027&kern=99999999", "lon=1"]
)
def test_that_day_answers_nothing_to_nonsense(
    client: ClientFactory, session: Session, vraag: str
) -> None:
    browser = client(make_gebruiker(session, make_platform(session)))

    answer = browser.get(f"/activiteiten/die-dag?{vraag}")

    assert answer.status_code == 200
    assert "Die dag is er ook" not in answer.text
