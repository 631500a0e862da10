import re

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernenkaart.actor import Rol
from kernenkaart.tijd import now
from kernenkaart.volgen.links import Doel, token_of
from kernenkaart.volgen.models import Abonnement, Ritme
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_kern,
    make_platform,
    make_werkzaamheid,
)
from tests.formulieren import counted
from tests.postbus import Postbus
from tests.volgen.helpers import follow, path_in, text_of, volgers
from tests.wachtrij import waiting, work

LAGEN = ["activiteiten", "werkzaamheden", "projecten", "initiatieven"]


def filled(**velden: object) -> dict[str, object]:
    return {"email": "An@Example.org", "lagen": LAGEN, "ritme": "dag", "straal": "500"} | velden


def test_one_asks_confirms_by_mail_and_sees_what_one_follows(
    mailing: Flask, client: ClientFactory, session: Session, postbus: Postbus
) -> None:
    kern = make_kern(session, naam="Proefdorp")
    bezoeker = client()

    assert bezoeker.post("/volgen", data=filled(kern=kern.slug)).location == "/volgen/gevraagd"
    work(mailing, session)
    [mail] = postbus.mails
    link = path_in(mail, "bevestig")

    assert mail["To"] == "an@example.org"
    assert "Proefdorp: alles" in text_of(mail)
    for _scanner in range(2):
        assert bezoeker.get(link).status_code == 200
    assert volgers(session)[0].email == "an@example.org"
    assert session.query(Abonnement).one().bevestigd_op is None
    pagina = bezoeker.post(link, follow_redirects=True).get_data(as_text=True)
    assert "Proefdorp: alles" in pagina
    assert "an@example.org" in pagina
    assert bezoeker.post(link).status_code == 302  # again changes nothing
    assert session.query(Abonnement).count() == 1


def test_the_mail_that_asks_to_confirm_holds_no_words_of_who_asked(
    mailing: Flask, client: ClientFactory, session: Session, postbus: Postbus
) -> None:
    make_kern(session)
    plek = {"plek": "Bel kwaad.example", "plek_was": "Bel kwaad.example", "bij": "5.28,51.88"}

    client().post("/volgen", data=filled(q="Win bij kwaad.example", **plek))
    work(mailing, session)

    [mail] = postbus.mails
    assert "Binnen 500 meter van een plek op de kaart" in text_of(mail)
    assert "kwaad" not in str(mail)
    bevestig = client().get(path_in(mail, "bevestig")).text
    assert "Win bij kwaad.example" in bevestig


def test_the_page_says_the_same_for_an_address_that_is_known(
    client: ClientFactory, session: Session
) -> None:
    follow(session, now(), email="bekend@example.org")
    bezoeker = client()

    known, unknown = (
        bezoeker.post("/volgen", data=filled(email=email), follow_redirects=True)
        for email in ("bekend@example.org", "onbekend@example.org")
    )

    assert known.status_code == unknown.status_code == 200
    strip = re.compile(r'nonce="[^"]*"|value="[^"]{40,}"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)


def test_nobody_gets_more_than_five_mails_an_hour(client: ClientFactory, session: Session) -> None:
    make_kern(session)
    bezoeker = client()

    answers = [bezoeker.post("/volgen", data=filled()).status_code for _ in range(7)]

    assert answers == [302] * 5 + [429] * 2
    assert len(waiting(session, "volgen.bevestig")) == 5


def test_a_robot_that_fills_in_the_trap_is_thanked_and_forgotten(
    client: ClientFactory, session: Session
) -> None:
    answer = client().post("/volgen", data=filled(website="https://koop.example"))

    assert answer.location == "/volgen/gevraagd"
    assert volgers(session) == []


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"email": ""}, "Vul je e-mailadres in"),
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"lagen": []}, "Kies wat je wilt weten"),
        ({"kern": "bestaat-niet"}, "Kies een van de mogelijkheden"),
        ({"plek": "Nergensstraat 1"}, "Een adres opzoeken lukt nu niet"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: ClientFactory, session: Session, velden: dict[str, object], melding: str
) -> None:
    answer = client().post("/volgen", data=filled(**velden))

    assert answer.status_code == 422
    assert melding in answer.text
    assert volgers(session) == []


def test_the_form_starts_from_what_one_was_looking_at(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, naam="Proefdorp")
    werk = make_werkzaamheid(session, titel="Nieuw riool Nieuwsteeg")

    met_kern = client().get(f"/volgen?kern={kern.slug}&laag=werkzaamheden&wanneer=jaar").text
    bij_werk = client().get(f"/volgen?ding=werkzaamheid-{werk.id}").text

    assert re.search(rf'selected value="{kern.slug}"', met_kern)
    assert len(re.findall(r"checked", met_kern)) == 1
    assert 'value="Nieuw riool Nieuwsteeg"' in bij_werk
    assert re.search(r"<details[^>]*open", bij_werk)
    assert not re.search(r"<details[^>]*open", client().get(f"/volgen?kern={kern.slug}").text)
    assert re.search(r'name="bij"[^>]*value="\d+\.\d{5},\d+\.\d{5}"', bij_werk)


def test_a_thing_that_a_visitor_does_not_see_is_not_followed(
    client: ClientFactory, session: Session
) -> None:
    intern = make_werkzaamheid(session, openbaar=False)

    for sleutel in (f"werkzaamheid-{intern.id}", "werkzaamheid-0", "gebruiker-1", "onzin"):
        assert client().get(f"/volgen?ding={sleutel}").status_code == 404


def test_a_follower_changes_the_rhythm_and_stops_with_one_thing(
    client: ClientFactory, session: Session
) -> None:
    een = follow(session, now(), {"soort": "activiteiten"})
    ander = follow(session, now(), {"soort": "projecten"})
    vreemd = follow(session, now(), email="ander@example.org")
    bezoeker = client()
    with bezoeker.application.app_context():
        mijn = f"/volgen/mijn/{token_of(Doel.MIJN, een.volger.publiek_id)}"

    assert bezoeker.post(f"{mijn}/{een.id}/week").status_code == 302
    assert bezoeker.post(f"{mijn}/{ander.id}/stop").status_code == 302
    assert bezoeker.post(f"{mijn}/{vreemd.id}/stop").status_code == 404

    session.expire_all()
    assert session.get_one(Abonnement, een.id).ritme is Ritme.WEEK
    assert {row.id for row in session.query(Abonnement)} == {een.id, vreemd.id}
    with counted(session) as statements:
        assert bezoeker.get(mijn).status_code == 200
    assert len(statements) <= 8
    assert "Gestopt" in bezoeker.post(f"{mijn}/{een.id}/stop").text
    assert [row.email for row in volgers(session)] == ["ander@example.org"]
    assert bezoeker.get(mijn).status_code == 410


def test_a_mail_program_stops_everything_with_one_click_and_no_token(
    mailing: Flask, client: ClientFactory, session: Session
) -> None:
    abonnement = follow(session, now())
    with mailing.app_context():
        stop = f"/volgen/stop/{token_of(Doel.STOP, abonnement.volger.publiek_id)}"
        mijn = f"/volgen/stop/{token_of(Doel.MIJN, abonnement.volger.publiek_id)}"
    mailing.config["WTF_CSRF_ENABLED"] = True
    try:
        bezoeker = client()
        assert bezoeker.post(mijn).status_code == 410  # a link for something else
        assert bezoeker.get(stop).status_code == 200
        assert len(volgers(session)) == 1
        for _twice in range(2):
            answer = bezoeker.post(stop, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
    finally:
        mailing.config["WTF_CSRF_ENABLED"] = False

    assert volgers(session) == []


def test_who_is_erased_is_in_no_row_any_more(
    mailing: Flask, client: ClientFactory, session: Session, postbus: Postbus
) -> None:
    email = "wis-mij@example.org"
    make_activiteit(session)
    client().post("/volgen", data=filled(email=email))
    work(mailing, session)
    client().post(path_in(postbus.mails[0], "bevestig"))
    abonnement = session.query(Abonnement).one()
    with mailing.app_context():
        stop = f"/volgen/stop/{token_of(Doel.STOP, abonnement.volger.publiek_id)}"

    client().post(stop)

    assert rows_with(session, "wis-mij") == []


def rows_with(session: Session, wat: str) -> list[str]:
    """The tables in which a text stands anywhere."""
    tables = session.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ).all()
    return [
        table
        for table in tables
        if table not in {"spatial_ref_sys", "alembic_version"}
        and session.scalar(
            text(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE :wat'), {"wat": f"%{wat}%"}
        )
    ]


def test_the_pages_lead_to_following_what_they_show(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session, naam="Proefdorp")
    werk = make_werkzaamheid(session)
    intern = make_werkzaamheid(session, openbaar=False)
    activiteit = make_activiteit(session, platform=make_platform(session, kernen=[kern]))
    bezoeker = client()
    medewerker = client(make_gebruiker(session, rol=Rol.MEDEWERKER))

    assert f"/volgen?kern={kern.slug}" in bezoeker.get(f"/kernen/{kern.slug}").text
    assert f"/volgen?ding=werkzaamheid-{werk.id}" in bezoeker.get(f"/werkzaamheden/{werk.id}").text
    pagina = bezoeker.get(f"/activiteiten/{activiteit.id}").text
    assert f"/volgen?ding=activiteit-{activiteit.id}" in pagina
    assert "/volgen?ding=" not in medewerker.get(f"/werkzaamheden/{intern.id}").text
    thuis = bezoeker.get(f"/?q=markt+Proefdorp&soort=activiteiten&kern={kern.slug}").text
    assert f"/volgen?q=markt&amp;kern={kern.slug}&amp;soort=activiteiten" in thuis
    lijst = bezoeker.get(f"/werkzaamheden?kern={kern.slug}").text
    assert f"/volgen?kern={kern.slug}&amp;soort=werkzaamheden" in lijst
    assert "/volgen" not in re.sub(r"<footer.*", "", bezoeker.get("/landelijk").text, flags=re.S)
