"""Pages of activities: who sees and may do what, and that nothing typed is lost."""

import html
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit, ActiviteitSoort, Status
from kernenkaart.actor import Rol
from kernenkaart.journaal.models import Journaalregel
from kernenkaart.platforms.models import Platform
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_kern, make_platform
from tests.formulieren import SCHERP, counted, hidden


def filled(session: Session, platform: Platform, **velden: Any) -> dict[str, Any]:
    soort = session.scalars(select(ActiviteitSoort.id).order_by(ActiviteitSoort.volgorde)).first()
    return {
        "titel": "Boekenmarkt",
        "soort": soort,
        "datum": "12-06-2027",
        "van": "10.00",
        "tot": "16.00",
        "plek": "Raadhuisplein",
        "kern": platform.kernen[0].id,
        "omschrijving": "Veertig kramen.\nEn koffie.",
        "sleutel": str(uuid.uuid4()),
        "actie": "plaats",
    } | velden


def posted(session: Session) -> list[Activiteit]:
    session.expire_all()
    return list(session.scalars(select(Activiteit).order_by(Activiteit.id)))


def test_a_platform_posts_an_activity_in_the_heart_of_its_kern(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform))

    [activiteit] = posted(session)
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

    client(gebruiker).post(f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform))

    regel = session.scalars(select(Journaalregel).where(Journaalregel.tabel == "activiteit")).one()
    assert (regel.actie, regel.gebruiker_id) == ("I", gebruiker.id)


def test_looking_first_places_nothing_and_carries_everything_along(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie="bekijk", titel='Markt "<b>" & zo')

    answer = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    assert answer.status_code == 200
    assert posted(session) == []
    for naam in velden.keys() - {"actie"}:
        assert hidden(answer.text, naam) == str(velden[naam])


@pytest.mark.parametrize("actie", ["", "terug", "zoek"])
def test_another_button_shows_the_form_as_it_was_typed(
    client: ClientFactory, session: Session, actie: str
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, actie=actie, tot="?")
    )

    assert answer.status_code == 200
    assert hidden(answer.text, "titel") == "Boekenmarkt"
    assert hidden(answer.text, "tot") == "?"
    assert posted(session) == []


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
        ({"kern": ""}, "kern", "Kies een plek op de kaart, of kies een kern."),
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
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, **velden)
    )

    assert answer.status_code == 422
    errors = re.findall(rf'id="{veld}-fout">(.*?)</p>', answer.text, re.S)
    assert len(errors) == 1
    assert zin in html.unescape(errors[0])
    assert f'<a href="#{veld}">' in answer.text
    assert "Veertig kramen." in answer.text or veld == "omschrijving"
    assert posted(session) == []


def test_two_mistakes_are_told_at_once(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, titel="", van="16.00", tot="10.00"),
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

    browser.post(f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, **velden))

    [activiteit] = posted(session)
    assert activiteit.begint_op.isoformat().startswith(begin)
    assert activiteit.eindigt_op.isoformat().startswith(eind)


def test_what_was_stored_comes_back_in_the_form_and_saving_it_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, van="20.00", tot="01.00"),
    )
    [before] = posted(session)
    session.expunge(before)
    page = browser.get(f"/activiteiten/{before.id}/wijzig").text
    velden = filled(session, platform) | {
        naam: hidden(page, naam)
        for naam in ("datum", "van", "tot", "laatste_dag", "lon", "lat", "versie", "was")
    }

    answer = browser.post(f"/activiteiten/{before.id}/wijzig", data=velden)

    [after] = posted(session)
    assert answer.status_code == 302
    assert (after.begint_op, after.eindigt_op) == (before.begint_op, before.eindigt_op)
    assert after.geom is not None
    assert after.geom.distance(before.geom) < 0.02


def test_a_place_that_is_not_known_leaves_only_the_kern(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    browser.post(
        f"/activiteiten/nieuw/{platform.id}",
        data=filled(session, platform, plek="", plek_onbekend="y", lon="5.2", lat="51.8"),
    )

    [activiteit] = posted(session)
    assert activiteit.geom is None
    assert activiteit.kern_id == platform.kernen[0].id


def test_the_same_form_sent_twice_makes_one(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform)

    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)
    second = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    [activiteit] = posted(session)
    assert second.location.startswith(f"/activiteiten/{activiteit.id}?")


def test_a_form_sent_again_with_other_text_is_a_change_that_is_shown_first(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    changed = velden | {"titel": "Platenmarkt"}
    onward = browser.post(f"/activiteiten/nieuw/{platform.id}", data=changed)
    answer = browser.post(onward.location, data=changed)

    [activiteit] = posted(session)
    assert onward.status_code == 307  # the browser sends the same form there
    assert answer.status_code == 409
    assert activiteit.titel == "Boekenmarkt"
    assert hidden(answer.text, "titel") == "Platenmarkt"
    assert "Je had dit al bewaard" in answer.text


def test_the_second_of_two_editors_is_told_and_overwrites_nothing_by_accident(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, titel="Markt", omschrijving="Oud")
    een, twee = (client(make_gebruiker(session, platform)) for _ in range(2))
    pad = f"/activiteiten/{activiteit.id}/wijzig"
    page_een, page_twee = een.get(pad).text, twee.get(pad).text

    def sent(page: str, **velden: str) -> dict[str, Any]:
        namen = ("datum", "van", "tot", "laatste_dag", "lon", "lat", "versie", "was", "titel")
        found = {naam: hidden(page, naam) for naam in namen}
        soort = {"soort": activiteit.soort_id, "omschrijving": "Oud", "actie": "plaats"}
        return soort | found | {"kern": activiteit.kern_id} | velden

    een.post(pad, data=sent(page_een, omschrijving="Van een"))
    answer = twee.post(pad, data=sent(page_twee, titel="Van twee"))

    assert answer.status_code == 409
    [nu] = posted(session)
    assert (nu.titel, nu.omschrijving) == ("Markt", "Van een")
    assert "Van een" in answer.text
    assert hidden(answer.text, "titel") == "Van twee"
    again = twee.post(pad, data=sent(answer.text, titel="Van twee", omschrijving="Van een"))
    assert again.status_code == 302
    [nu] = posted(session)
    assert (nu.titel, nu.omschrijving) == ("Van twee", "Van een")


def pages(platform_id: int, activiteit_id: int) -> list[str]:
    return [
        f"/activiteiten/nieuw/{platform_id}",
        f"/activiteiten/overnemen/{platform_id}",
        *(
            f"/activiteiten/{activiteit_id}/{wat}"
            for wat in ("wijzig", "afgelasten", "intrekken", "publiceren", "doorgaan")
        ),
    ]


def test_another_platform_gets_403_everywhere_and_changes_nothing(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    vreemde = client(make_gebruiker(session, make_platform(session)))
    medewerker = client(make_gebruiker(session, rol=Rol.MEDEWERKER))
    velden = filled(session, platform, reden="x", versie=1)

    for pad in pages(platform.id, activiteit.id):
        for browser in (vreemde, medewerker):
            assert browser.get(pad).status_code == 403, pad
            if "overnemen" not in pad:
                assert browser.post(pad, data=velden).status_code == 403, pad

    [nu] = posted(session)
    assert (nu.titel, nu.status, nu.versie) == (activiteit.titel, Status.GEPUBLICEERD, 1)


def test_a_visitor_is_sent_to_the_login_page(client: ClientFactory, session: Session) -> None:
    activiteit = make_activiteit(session)

    for pad in pages(activiteit.platform_id, activiteit.id):
        answer = client().get(pad)
        assert answer.status_code == 302
        assert answer.location.startswith("/inloggen")


ACTORS = ("bezoeker", "eigen", "ander", "medewerker", "beheerder")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("wie", ACTORS)
def test_for_every_status_and_actor_list_and_page_agree(
    client: ClientFactory, session: Session, status: Status, wie: str
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=status)
    gebruiker = {
        "bezoeker": lambda: None,
        "eigen": lambda: make_gebruiker(session, platform),
        "ander": lambda: make_gebruiker(session, make_platform(session)),
        "medewerker": lambda: make_gebruiker(session, rol=Rol.MEDEWERKER),
        "beheerder": lambda: make_gebruiker(session, rol=Rol.BEHEERDER),
    }[wie]()
    browser = client(gebruiker)
    openbaar = status in {Status.GEPUBLICEERD, Status.AFGELAST}

    page = browser.get(f"/activiteiten/{activiteit.id}")
    listed = browser.get("/activiteiten?wanneer=alles")

    expected = openbaar or wie in {"eigen", "beheerder"}
    assert page.status_code == (200 if expected else 404)
    assert (activiteit.titel in listed.text) is expected
    assert (f"/activiteiten/{activiteit.id}/wijzig" in page.text) is (
        wie in {"eigen", "beheerder"} and status is not Status.INGETROKKEN
    )


def do(browser: FlaskClient, activiteit: Activiteit, wat: str, **velden: str) -> int:
    return browser.post(f"/activiteiten/{activiteit.id}/{wat}", data=velden).status_code


def test_calling_off_stays_visible_with_its_reason_and_can_be_undone(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    browser = client(make_gebruiker(session, platform))

    assert "afgelasten?" in browser.get(f"/activiteiten/{activiteit.id}/afgelasten").text
    assert do(browser, activiteit, "afgelasten") == 422
    assert do(browser, activiteit, "afgelasten", reden="Te veel wind") == 302
    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert f"<s>{activiteit.titel}</s>" in page
    assert "Te veel wind" in page
    assert do(browser, activiteit, "doorgaan") == 302

    page = client().get(f"/activiteiten/{activiteit.id}").text
    assert "<s>" not in page
    assert "Gaat niet door. Te veel wind" in page  # what changed stays told
    assert "Gaat toch door." in page


@pytest.mark.parametrize("status", [Status.CONCEPT, Status.GEPUBLICEERD, Status.AFGELAST])
def test_withdrawing_hides_it_and_putting_back_gives_the_old_status(
    client: ClientFactory, session: Session, status: Status
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=status)
    browser = client(make_gebruiker(session, platform))

    assert do(browser, activiteit, "intrekken") == 302
    assert client().get(f"/activiteiten/{activiteit.id}").status_code == 404
    assert browser.get(f"/activiteiten/{activiteit.id}").status_code == 200
    assert do(browser, activiteit, "terugzetten") == 302

    assert posted(session)[0].status is status


def test_asking_twice_for_the_same_is_answered_once(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform, status=Status.CONCEPT)
    browser = client(make_gebruiker(session, platform))

    assert do(browser, activiteit, "publiceren") == 302
    assert do(browser, activiteit, "publiceren") == 302
    assert do(browser, activiteit, "doorgaan") == 302  # goes on already
    assert do(browser, activiteit, "terugzetten") == 409  # was never withdrawn


def test_a_draft_is_kept_changed_and_placed(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie="concept")

    first = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)

    [concept] = posted(session)
    assert concept.status is Status.CONCEPT
    page = browser.get(first.location).text
    assert re.search(r"Bewaard als concept om \d+\.\d\d uur\.", page)
    placed = browser.post(
        f"/activiteiten/{concept.id}/wijzig",
        data=velden | {"actie": "plaats", "versie": hidden(page, "versie")},
    )
    assert "net=geplaatst" in placed.location
    assert posted(session)[0].status is Status.GEPUBLICEERD


def test_an_earlier_activity_is_taken_over_but_for_its_date(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    eerder = make_activiteit(session, platform=platform, titel="Kerstmarkt", plek_naam="Plein")
    browser = client(make_gebruiker(session, platform))

    lijst = browser.get(f"/activiteiten/overnemen/{platform.id}").text
    page = browser.get(f"/activiteiten/nieuw/{platform.id}?over={eerder.id}").text

    assert f"over={eerder.id}" in lijst
    assert hidden(page, "titel") == "Kerstmarkt"
    assert hidden(page, "plek") == "Plein"
    assert hidden(page, "van") == "10.00"
    assert hidden(page, "datum") == ""


def test_a_draft_of_another_platform_cannot_be_taken_over(
    client: ClientFactory, session: Session
) -> None:
    vreemd = make_activiteit(session, status=Status.CONCEPT)
    platform = make_platform(session)
    browser = client(make_gebruiker(session, platform))

    answer = browser.get(f"/activiteiten/nieuw/{platform.id}?over={vreemd.id}")

    assert answer.status_code == 404


def test_with_more_groups_one_chooses_and_with_one_one_does_not(
    client: ClientFactory, session: Session
) -> None:
    een, twee = make_platform(session), make_platform(session)
    lid = make_gebruiker(session, een)
    alleen = client(make_gebruiker(session, twee)).get("/activiteiten/nieuw")
    niemand = client(make_gebruiker(session)).get("/activiteiten/nieuw")
    from kernenkaart.toegang.models import Lidmaatschap

    session.add(Lidmaatschap(gebruiker_id=lid.id, platform_id=twee.id))
    keuze = client(lid).get("/activiteiten/nieuw")

    assert alleen.location == f"/activiteiten/nieuw/{twee.id}"
    assert niemand.status_code == 403
    assert een.naam in keuze.text
    assert twee.naam in keuze.text


@pytest.mark.parametrize("scherp", SCHERP)
def test_texts_come_out_literally_everywhere(
    client: ClientFactory, session: Session, scherp: str
) -> None:
    platform = make_platform(session, naam=f"Groep {scherp}")
    browser = client(make_gebruiker(session, platform))
    velden = filled(
        session, platform, titel=scherp, plek=scherp, omschrijving=scherp, actie="bekijk"
    )
    preview = browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden | {"actie": "plaats"})
    [activiteit] = posted(session)
    do(browser, activiteit, "afgelasten", reden=scherp)

    for page in (
        preview,
        browser.get(f"/activiteiten/{activiteit.id}"),
        browser.get(f"/activiteiten/{activiteit.id}/wijzig"),
        browser.get(f"/activiteiten/{activiteit.id}/doorgaan"),
        browser.get(f"/activiteiten/overnemen/{platform.id}"),
    ):
        assert page.status_code == 200
        body = re.sub(r"<script type=\"application/json\".*?</script>", "", page.text, flags=re.S)
        assert scherp in html.unescape(body)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_what_else_there_is_that_day_is_told_with_free_days_and_never_blocks(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    platform = make_platform(session, kernen=[kern])
    browser = client(make_gebruiker(session, platform))
    browser.post(
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, titel="Kermis")
    )
    velden = filled(session, platform)

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
    from shapely.affinity import translate

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


def test_no_page_asks_more_than_eight_questions(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    activiteit = make_activiteit(session, platform=platform)
    browser = client(make_gebruiker(session, platform))
    velden = filled(session, platform, actie="bekijk")

    for pad in (
        f"/activiteiten/{activiteit.id}",
        f"/activiteiten/{activiteit.id}/wijzig",
        f"/activiteiten/{activiteit.id}/afgelasten",
        f"/activiteiten/nieuw/{platform.id}",
        f"/activiteiten/overnemen/{platform.id}",
        "/activiteiten/nieuw",
        "/activiteiten?q=markt&wanneer=jaar",
        "/activiteiten/die-dag?datum=12-06-2027&kern=1",
    ):
        with counted(session) as statements:
            assert browser.get(pad).status_code in {200, 302}
        assert len(statements) <= 8, (pad, statements)
    with counted(session) as statements:
        assert browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden).status_code == 200
    assert len(statements) <= 8, statements


def test_a_beheerder_helps_out(client: ClientFactory, session: Session) -> None:
    platform = make_platform(session)
    beheerder = make_gebruiker(session, rol=Rol.BEHEERDER)

    answer = client(beheerder).post(
        f"/activiteiten/nieuw/{platform.id}", data=filled(session, platform, actie="concept")
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
        data=filled(session, platform, sleutel=str(vreemd.sleutel)),
    )

    assert answer.status_code == 409
    assert "Van een ander" not in answer.text


def test_a_page_names_what_else_there_is_that_day_nearby(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een, twee = (make_activiteit(session, platform=platform) for _ in range(2))
    make_activiteit(session, platform=platform, status=Status.AFGELAST, titel="Afgelast feest")

    page = client().get(f"/activiteiten/{een.id}").text

    assert twee.titel in page
    assert "Afgelast feest" not in page


def test_what_changed_is_told_in_plain_words_and_without_names(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    lid = make_gebruiker(session, platform, naam="Jet Voorbeeld")
    browser = client(lid)
    velden = filled(session, platform)
    browser.post(f"/activiteiten/nieuw/{platform.id}", data=velden | {"actie": "concept"})
    [activiteit] = posted(session)
    pad = f"/activiteiten/{activiteit.id}/wijzig"

    for changed in (
        {"titel": "Geheim plan", "actie": "concept"},  # nobody saw it yet
        {"titel": "Boekenmarkt"},
        {"van": "11.00"},
        {"titel": "Platenmarkt", "plek": "Plein", "omschrijving": "Ook platen."},
    ):
        velden |= {"actie": "plaats"} | changed
        versie = hidden(browser.get(pad).text, "versie")
        assert browser.post(pad, data=velden | {"versie": versie}).status_code == 302

    page = client().get(f"/activiteiten/{activiteit.id}").text
    story = html.unescape(page[page.index("Wat is er veranderd?") :])
    for zin in (
        "Voor het eerst in de kalender.",
        "Nieuwe tijd: za 12 juni 2027, 11.00 - 16.00. Was: za 12 juni 2027, 10.00 - 16.00.",
        "Nieuwe naam. Was: Boekenmarkt.",
        "Nieuwe plek. Was: Raadhuisplein.",
        "De uitleg is aangepast.",
    ):
        assert story.count(zin) == 1, zin
    assert "Geheim plan" not in page
    assert "Jet Voorbeeld" not in page
