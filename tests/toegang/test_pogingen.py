"""T12 and T13: nobody guesses, nobody learns who has an account."""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from kernenkaart.errors import TooOften
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Poging
from kernenkaart.toegang.pogingen import PER_ACCOUNT, Teller, count_try, network_of
from tests.conftest import ClientFactory
from tests.toegang.inloggen import log_in, make_account, who


@pytest.fixture
def counted(engine: Engine) -> Iterator[Engine]:
    """An engine whose tries are really committed; they are taken back afterwards."""
    yield engine
    with Session(engine) as session:
        session.execute(delete(Poging))
        session.commit()


def test_five_wrong_passwords_are_enough_even_for_the_right_one(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client()

    answers = [log_in(browser, gebruiker, wachtwoord="fout").status_code for _ in range(6)]
    right = log_in(browser, gebruiker)

    assert answers == [422] * 5 + [429]
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) == 900
    assert "Wacht een kwartier" in right.get_data(as_text=True)


def test_an_unknown_address_is_stopped_in_the_same_way(client: ClientFactory) -> None:
    data = {"email": "niemand@example.org", "wachtwoord": "fout"}

    answers = [client().post("/inloggen", data=data).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_after_a_quarter_of_an_hour_one_may_try_again(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    start = now()

    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            log_in(client(), gebruiker, wachtwoord="fout")
        clock.move_to(start + timedelta(minutes=14, seconds=59))
        assert log_in(client(), gebruiker).status_code == 429
        clock.move_to(start + timedelta(minutes=15, seconds=1))
        assert log_in(client(), gebruiker).status_code == 302


def test_logging_in_forgets_the_tries(client: ClientFactory, session: Session) -> None:
    gebruiker = make_account(session)

    for _ in range(3):
        for _ in range(4):
            log_in(client(), gebruiker, wachtwoord="fout")
        assert log_in(client(), gebruiker).status_code == 302


def test_thirty_tries_from_one_network_are_enough(client: ClientFactory) -> None:
    def attempt(number: int) -> int:
        return (
            client()
            .post(
                "/inloggen",
                data={"email": f"a{number}@example.org", "wachtwoord": "fout"},
                environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
            )
            .status_code
        )

    answers = [attempt(number) for number in range(1, 33)]
    other = client().post(
        "/inloggen",
        data={"email": "b@example.org", "wachtwoord": "fout"},
        environ_base={"REMOTE_ADDR": "203.0.114.1"},
    )

    assert answers == [422] * 30 + [429] * 2
    assert other.status_code == 422


def test_a_whole_office_may_log_in_behind_one_address(
    client: ClientFactory, session: Session
) -> None:
    answers = [log_in(client(), make_account(session)).status_code for _ in range(35)]

    assert set(answers) == {302}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        (None, "onbekend"),
        ("unix:", "onbekend"),
    ],
)
def test_a_network_is_the_24_or_the_48(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_many_at_once_get_no_more_tries_than_one(counted: Engine) -> None:
    teller = Teller(PER_ACCOUNT, "an@example.org", "geheim")

    def attempt(_number: int) -> bool:
        with Session(counted) as session:
            try:
                count_try(session, [teller])
            except TooOften:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(attempt, range(200)))

    assert allowed == 5


def test_the_table_does_not_say_who_tried(session: Session) -> None:
    count_try(session, [Teller(PER_ACCOUNT, "an@example.org", "geheim")])

    row = session.query(Poging).one()

    assert b"an@" not in row.sleutel
    assert row.sleutel != Teller(PER_ACCOUNT, "an@example.org", "ander geheim").sleutel


@pytest.mark.parametrize(
    ("pairs", "clock"),
    [
        # the work done, which the other programs of this machine do not change
        (40, time.process_time),
        pytest.param(1000, time.perf_counter, marks=pytest.mark.volledig),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(
    client: ClientFactory, session: Session, pairs: int, clock: Callable[[], float]
) -> None:
    gebruikers = [make_account(session) for _ in range(pairs)]
    lengths = set()

    def attempt(email: str, number: int) -> float:
        data = {"email": email, "wachtwoord": "fout"}
        network = {"REMOTE_ADDR": f"10.{number // 250}.{number % 250}.1"}
        begun = clock()
        answer = client().post("/inloggen", data=data, environ_base=network)
        took = clock() - begun
        page = answer.get_data(as_text=True).split("<main")[1]
        lengths.add((answer.status_code, len(page.replace(email, "@"))))
        return took

    attempt("warm@example.org", 60_000)
    differences = []
    for number, gebruiker in enumerate(gebruikers):
        unknown = f"x{number}@example.org"
        if number % 2:
            differences.append(attempt(gebruiker.email, number) - attempt(unknown, number))
        else:
            differences.append(-(attempt(unknown, number) - attempt(gebruiker.email, number)))

    assert len(lengths) == 1
    assert abs(statistics.median(differences)) < 0.005


def test_asking_for_a_new_password_says_the_same_to_everybody(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session, email="bekend@example.org")

    pages = {
        client()
        .post("/wachtwoord-vergeten", data={"email": email})
        .get_data(as_text=True)
        .replace(email, "@")
        .split("<main")[1]
        for email in (gebruiker.email, "onbekend@example.org")
    }

    assert len(pages) == 1


def test_guessing_the_password_inside_a_session_is_counted_too(
    client: ClientFactory, session: Session
) -> None:
    gebruiker = make_account(session)
    browser = client(gebruiker)
    data = {"wachtwoord_nu": "fout", "wachtwoord": "lange wandeling langs de Linge"}

    answers = [browser.post("/account/wachtwoord", data=data).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]
    assert who(browser) == gebruiker.naam
