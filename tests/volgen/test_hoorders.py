"""Who calls something off is told how many hear of it, before and after."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Activiteit
from kernenkaart.activiteiten.regel import Frequentie, Regel
from kernenkaart.platforms.models import Platform
from kernenkaart.tijd import now
from kernenkaart.volgen.models import Ritme
from kernenkaart.volgen.queries import count_hearers
from kernenkaart.volgen.services import next_rounds
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_gebruiker, make_platform
from tests.feeds.test_ical import make_reeks, times_of
from tests.volgen.helpers import UUR, follow, run_round
from tests.volgen.test_bundelen import news, on, post


def hearers(session: Session, activiteit: Activiteit, dagen: int, *, hele: bool = False) -> int:
    rondes = next_rounds(on(dagen, 12), UUR)
    return count_hearers(session, activiteit, hele=hele, rondes=rondes)


@pytest.fixture
def platform(session: Session) -> Platform:
    return make_platform(session)


@pytest.fixture
def browser(client: ClientFactory, session: Session, platform: Platform) -> FlaskClient:
    return client(make_gebruiker(session, platform))


def test_the_page_says_how_many_hear_it_before_and_after(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    markt = make_activiteit(session, platform=platform)
    for email in ("een@example.org", "twee@example.org"):
        follow(session, now(), {"q": markt.titel}, email=email)
        follow(session, now(), email=email)
    adres = f"/activiteiten/{markt.id}/afgelasten"

    before = browser.get(adres).text
    after = browser.post(adres, data={"reden": "Te veel wind."}, follow_redirects=True).text

    assert "2 volgers krijgen hierover een mail." in before
    assert "2 volgers krijgen hierover een mail." in after


def test_nobody_is_counted_who_does_not_know_it_or_knows_already(
    session: Session, platform: Platform
) -> None:
    markt = post(session, "Markt", platform=platform)
    other = post(session, "Kermis", platform=platform)
    follow(session, on(0, 12), {"q": "Kermis"})

    assert hearers(session, markt, 0) == 0
    assert hearers(session, other, 0) == 1
    other.status = "afgelast"
    session.flush()
    assert hearers(session, other, 0) == 1
    run_round(session, on(1, 7))
    assert news(session) == [("Gaat niet door", "Kermis")]
    assert hearers(session, other, 1) == 0


def test_who_gets_the_mail_too_late_is_not_counted(session: Session, platform: Platform) -> None:
    morgen = post(session, "Morgen", dagen=1, platform=platform)
    follow(session, on(-1, 12), email="dag@example.org")
    follow(session, on(-1, 12), email="week@example.org", ritme=Ritme.WEEK)

    assert hearers(session, morgen, -1) == 1
    assert hearers(session, morgen, 0) == 1
    assert hearers(session, morgen, 1) == 0


def test_who_knows_a_series_hears_of_each_of_its_times(
    browser: FlaskClient, session: Session, platform: Platform
) -> None:
    reeks = make_reeks(session, platform, Regel(Frequentie.WEEK), begin=now() + timedelta(days=1))
    rows = times_of(session, reeks)
    follow(session, now(), ritme=Ritme.WEEK)

    page = browser.get(f"/activiteiten/{rows[20].id}/afgelasten").text

    assert "Alleen deze keer: Eén volger krijgt hierover een mail." in page
    assert "Ook de volgende keren: Eén volger" in page
