"""Both sides of a clash settle it over HTTP; residents read only what was agreed."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from shapely.geometry import LineString
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.models import Status as ActiviteitStatus
from kernenkaart.actor import Rol
from kernenkaart.afstemming.botsing_models import (
    Botsing,
    BotsingVoorstel,
    Kant,
    Oplossing,
    VoorstelStatus,
)
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import today
from kernenkaart.toegang.models import Gebruiker
from kernenkaart.werkzaamheden.models import Hinder, Status, Werkzaamheid
from tests.conftest import ClientFactory
from tests.factories import (
    make_activiteit,
    make_gebruiker,
    make_organisatie,
    make_platform,
    make_verwacht,
    make_werkzaamheid,
    moment,
)
from tests.formulieren import counted

STRAKS = (today() + timedelta(days=40)).strftime("%d-%m-%Y")


@dataclass
class Geval:
    """A work over the fair, with who speaks for each side."""

    werk: Werkzaamheid
    feest: Activiteit
    platform: Platform
    planner: Gebruiker
    lid: Gebruiker
    botsing: Botsing

    @property
    def url(self) -> str:
        return f"/afstemming/botsingen/{self.botsing.id}"


@pytest.fixture
def geval(app: object, session: Session) -> Geval:  # it has changes looked at
    platform = make_platform(session, contact_email="groep@example.org")
    hart = platform.kernen[0].hart
    organisatie = make_organisatie(session, contact_email="werk@example.org")
    werk = make_werkzaamheid(
        session,
        organisatie=organisatie,
        titel="Nieuw riool",
        geom=LineString([(hart.x - 50, hart.y), (hart.x + 50, hart.y)]),
        hinder=Hinder.AFGESLOTEN,
        hinder_kort="Afgesloten voor auto's",
        eerste_dag=today() + timedelta(days=10),
        laatste_dag=today() + timedelta(days=20),
    )
    feest = make_activiteit(
        session,
        platform=platform,
        titel="Kermis",
        begint_op=moment(12, 10),
        eindigt_op=moment(13, 23),
    )
    session.commit()
    return Geval(
        werk,
        feest,
        platform,
        make_gebruiker(session, rol=Rol.KETENPARTNER, organisatie_id=organisatie.id),
        make_gebruiker(session, platform),
        session.scalars(select(Botsing)).one(),
    )


def voorstel(**velden: str) -> dict[str, str]:
    return {
        "kant": "activiteit",
        "oplossing": "verplaats_werk",
        "eerste_dag": STRAKS,
        "toelichting": "Dan is de kermis weg",
    } | velden


def find_voorstellen(session: Session) -> list[BotsingVoorstel]:
    session.expire_all()
    return list(session.scalars(select(BotsingVoorstel).order_by(BotsingVoorstel.id)))


def mails(session: Session) -> list[tuple[str, str]]:
    """To whom something was sent, with its subject, in order."""
    rows = session.execute(
        text(
            "SELECT args ->> 'aan', args ->> 'onderwerp' FROM procrastinate_jobs "
            "WHERE task_name = 'post.verstuur' ORDER BY id"
        )
    )
    return [(aan, onderwerp) for aan, onderwerp in rows]


def test_both_sides_see_it_on_their_page_and_on_mijn_and_nobody_else(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    paginas = (f"/werkzaamheden/{geval.werk.id}", f"/activiteiten/{geval.feest.id}")
    vreemde = make_gebruiker(session, make_platform(session))

    for wie in (geval.planner, geval.lid):
        for pagina in paginas:
            assert geval.url in client(wie).get(pagina).text
        assert geval.url in client(wie).get("/mijn").text
        assert client(wie).get(geval.url).status_code == 200
    for ander in (None, vreemde):
        for pagina in paginas:
            assert "/afstemming/" not in client(ander).get(pagina).text
    assert client(vreemde).get(geval.url).status_code == 404
    assert geval.url not in client(vreemde).get("/mijn").text


def test_a_page_of_a_clash_asks_few_questions(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    lid = client(geval.lid)

    for pagina in (geval.url, "/afstemming/botsingen", "/mijn", f"/activiteiten/{geval.feest.id}"):
        with counted(session) as statements:
            assert lid.get(pagina).status_code == 200
        assert len(statements) <= 8, statements


def test_it_is_settled_and_residents_read_the_outcome_only(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    assert client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel()).status_code == 302
    (gedaan,) = find_voorstellen(session)
    assert (gedaan.kant, gedaan.oplossing) == (Kant.ACTIVITEIT, Oplossing.VERPLAATS_WERK)
    assert gedaan.laatste_dag == today() + timedelta(days=50)
    assert mails(session) == [("werk@example.org", "Voorstel: Nieuw riool en Kermis")]

    antwoord = f"/afstemming/botsingen/voorstel/{gedaan.id}/aanvaarden"
    assert client(geval.planner).post(antwoord, data={"antwoord": "Prima"}).status_code == 302

    assert find_voorstellen(session)[0].status is VoorstelStatus.AANVAARD
    assert mails(session)[1:] == [("groep@example.org", "Antwoord: Nieuw riool en Kermis")]
    for pagina in (f"/werkzaamheden/{geval.werk.id}", f"/activiteiten/{geval.feest.id}"):
        tekst = client().get(pagina).text
        assert "Het werk gaat naar" in tekst
        assert "Dan is de kermis weg" not in tekst
        assert "Prima" not in tekst
    assert "nog te verplaatsen" in client(geval.planner).get("/mijn").text


def test_what_was_agreed_stays_when_things_move_and_is_looked_at_again(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel())
    (gedaan,) = find_voorstellen(session)
    client(geval.planner).post(f"/afstemming/botsingen/voorstel/{gedaan.id}/aanvaarden")

    geval.werk.eerste_dag = today() + timedelta(days=40)
    geval.werk.laatste_dag = today() + timedelta(days=50)
    session.commit()
    pagina = client(geval.lid).get(geval.url).text
    assert "Dit botst niet meer" in pagina
    assert "Opnieuw bekijken" not in pagina

    geval.werk.laatste_dag = today() + timedelta(days=60)
    session.commit()
    assert "Opnieuw bekijken" in client(geval.lid).get(geval.url).text
    assert "Het werk gaat naar" not in client().get(f"/activiteiten/{geval.feest.id}").text


def test_nobody_answers_for_the_other_side_nor_an_own_proposal(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    assert client(geval.planner).post(f"{geval.url}/voorstel", data=voorstel()).status_code == 403
    client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel())
    (gedaan,) = find_voorstellen(session)

    antwoord = f"/afstemming/botsingen/voorstel/{gedaan.id}/aanvaarden"

    assert client(geval.lid).post(antwoord).status_code == 403
    assert find_voorstellen(session)[0].status is VoorstelStatus.OPEN


def test_another_work_that_closes_the_way_is_named_to_who_may_see_it_only(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    ander = make_werkzaamheid(session, titel="Geheime kabel", openbaar=False)
    dag = today().isoformat()
    reden = {"code": "toegang_samen", "werken": [ander.id], "eerste": dag, "laatste": dag}
    geval.botsing.samen_met = [ander.id]
    geval.botsing.redenen = [reden]
    session.flush()

    assert (
        "Samen met het werk “Geheime kabel” sluit dit" in client(geval.planner).get(geval.url).text
    )
    lid = client(geval.lid).get(geval.url).text
    assert "Samen met een ander werk sluit dit de laatste weg" in lid
    assert "Geheime kabel" not in lid


def test_the_second_who_answers_is_told(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel())
    (gedaan,) = find_voorstellen(session)
    antwoord = f"/afstemming/botsingen/voorstel/{gedaan.id}"

    assert client(geval.planner).post(f"{antwoord}/afwijzen").status_code == 302
    assert client(geval.planner).post(f"{antwoord}/aanvaarden").status_code == 409

    assert find_voorstellen(session)[0].status is VoorstelStatus.AFGEWEZEN


def test_an_own_proposal_is_replaced_and_that_of_the_other_must_be_answered(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel())
    samen = voorstel(oplossing="kan_samen")

    assert client(geval.lid).post(f"{geval.url}/voorstel", data=samen).status_code == 302
    tegen = client(geval.planner).post(
        f"{geval.url}/voorstel", data=samen | {"kant": "werkzaamheid"}
    )

    assert tegen.status_code == 422
    assert "De ander heeft net iets voorgesteld" in tegen.text
    assert [een.status.value for een in find_voorstellen(session)] == ["ingetrokken", "open"]


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"eerste_dag": ""}, "Vul in op welke dag"),
        ({"eerste_dag": "01-01-2020"}, "Kies een dag die nog komt"),
        ({"laatste_dag": (today() + timedelta(days=39)).isoformat()}, "De laatste dag ligt"),
        ({"eerste_dag": (today() + timedelta(days=11)).isoformat()}, "Op die dagen botst het ook"),
        ({"oplossing": ""}, "Kies wat je voorstelt"),
        ({"toelichting": "x" * 501}, "hoogstens 500"),
    ],
)
def test_a_proposal_that_solves_nothing_is_refused(
    client: ClientFactory, session: Session, geval: Geval, velden: dict[str, str], zin: str
) -> None:
    response = client(geval.lid).post(f"{geval.url}/voorstel", data=voorstel(**velden))

    assert response.status_code == 422
    assert zin in response.text
    assert find_voorstellen(session) == []


@pytest.mark.parametrize(("veld", "waarde"), [("status", Status.CONCEPT), ("openbaar", False)])
def test_what_the_other_cannot_see_is_not_talked_about(
    client: ClientFactory, session: Session, geval: Geval, veld: str, waarde: object
) -> None:
    setattr(geval.werk, veld, waarde)
    session.commit()

    assert client(geval.lid).get(geval.url).status_code == 404
    assert geval.url not in client(geval.lid).get(f"/activiteiten/{geval.feest.id}").text
    response = client(geval.planner).post(
        f"{geval.url}/voorstel", data=voorstel(kant="werkzaamheid")
    )
    assert response.status_code == 422
    assert "De groep ziet dit werk nog niet" in response.text


def test_a_draft_of_a_group_stays_its_own(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    geval.feest.status = ActiviteitStatus.CONCEPT
    session.commit()

    assert client(geval.planner).get(geval.url).status_code == 404


def test_a_gebiedsmakelaar_speaks_for_the_groups_of_the_own_kernen(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    makelaar = make_gebruiker(session, rol=Rol.GEBIEDSMAKELAAR, kernen=geval.platform.kernen)

    assert client(makelaar).post(f"{geval.url}/voorstel", data=voorstel()).status_code == 302
    (gedaan,) = find_voorstellen(session)
    zelf = f"/afstemming/botsingen/voorstel/{gedaan.id}/aanvaarden"

    assert client(makelaar).post(zelf).status_code == 403
    assert client(geval.planner).post(zelf).status_code == 302


def test_a_series_that_clashes_all_year_stands_in_a_list_once(
    client: ClientFactory, session: Session, geval: Geval
) -> None:
    keer = make_verwacht(session, 11, platform=geval.platform, titel="Markt")
    for dag in (14, 15):
        make_activiteit(
            session,
            platform=geval.platform,
            titel="Markt",
            reeks_id=keer.reeks_id,
            reeks_dag=moment(dag).date(),
            begint_op=moment(dag, 10),
            eindigt_op=moment(dag, 16),
        )
    session.commit()

    pagina = client(geval.lid).get("/afstemming/botsingen").text

    assert pagina.count("Nieuw riool en Markt") == 1
    assert "en nog 2 keer van deze reeks" in pagina
