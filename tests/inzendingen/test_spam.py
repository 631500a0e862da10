"""Robots, floods and too many at once."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from altcha.v1 import Payload, create_challenge, solve_challenge
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from kernenkaart.errors import TooOften
from kernenkaart.inzendingen.models import Inzending
from kernenkaart.inzendingen.spam import PER_FOTO, make_opgave, read_bewijs, tellers
from kernenkaart.tijd import now
from kernenkaart.toegang.models import Poging
from kernenkaart.toegang.pogingen import Teller, count_try
from tests.conftest import ClientFactory
from tests.factories import make_kern
from tests.inzendingen.insturen import GEHEIM, PAD, filled
from tests.wachtrij import waiting


def solved(geheim: str = GEHEIM, **anders: object) -> str:
    """What a browser makes of a new sum."""
    opgave = make_opgave(geheim)
    delen = {naam: str(opgave[naam]) for naam in ("challenge", "salt", "algorithm")}
    solution = solve_challenge(**delen, max_number=int(str(opgave["maxNumber"])))  # type: ignore[arg-type]
    assert solution is not None
    velden = {**opgave, "number": solution.number} | anders
    velden.pop("maxNumber")
    return Payload.from_dict(velden).to_base64()  # type: ignore[arg-type]


def kept(session: Session) -> int:
    session.expire_all()
    return len(session.scalars(select(Inzending.id)).all())


def test_the_sum_is_there_for_a_browser_and_a_solution_of_it_holds(client: ClientFactory) -> None:
    assert "data-opgave=" in client().get(PAD).text
    assert read_bewijs(solved(), GEHEIM)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "onzin",
        "bnVsbA==",  # null
        "W10=",  # []
        "e30=",  # {}
        "x" * 3_000,
        "WyJhIl0=",
    ],
)
def test_what_is_no_solution_proves_nothing(payload: str) -> None:
    assert read_bewijs(payload, GEHEIM) is None


def test_a_solution_of_another_sum_or_too_late_proves_nothing() -> None:
    other = create_challenge(hmac_key=b"iets anders", max_number=10)  # type: ignore[call-overload]
    assert read_bewijs(solved(number=1), GEHEIM) is None
    assert read_bewijs(solved(signature=other.signature), GEHEIM) is None
    assert read_bewijs(solved("ander geheim"), GEHEIM) is None
    good = solved()
    with time_machine.travel(now() + timedelta(hours=3), tick=False):
        assert read_bewijs(good, GEHEIM) is None


def test_without_a_script_three_an_hour_get_through(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)

    answers = [
        client().post(PAD, data=filled(session, kern, email=f"buur{n}@voorbeeld.example"))
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429]
    assert "Straatfeest" in answers[-1].text
    assert kept(session) == 3


def test_with_the_sum_solved_more_get_through_but_each_solution_once(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)
    once = solved()

    def send(n: int, altcha: str) -> int:
        data = filled(session, kern, email=f"buur{n}@voorbeeld.example", altcha=altcha)
        return client().post(PAD, data=data).status_code

    assert [send(n, solved()) for n in range(4)] == [302] * 4
    assert [send(8, once), send(9, once)] == [302, 429]


def test_nobody_s_mailbox_is_bombed(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)

    answers = [client().post(PAD, data=filled(session, kern, altcha=solved())) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert len(waiting(session, "inzendingen.mail")) == 5


def test_the_limit_holds_over_all_processes(app: Flask, engine: Engine) -> None:
    def attempt(_n: int) -> bool:
        with Session(engine) as session:
            try:
                count_try(session, tellers("198.51.100.0/24", "x@voorbeeld.example", None, GEHEIM))
            except TooOften:
                return False
            session.commit()
            return True

    try:
        with ThreadPoolExecutor(8) as pool:
            through = sum(pool.map(attempt, range(16)))
    finally:
        with Session(engine) as session:
            session.execute(delete(Poging))
            session.commit()

    assert through == 3


def test_a_robot_that_fills_the_trap_is_told_nothing(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)

    answer = client().post(PAD, data=filled(session, kern, website="http://spam.example"))

    assert answer.status_code == 302
    assert kept(session) == 0


@pytest.mark.parametrize("geopend", ["", "onzin"])
def test_a_form_that_nobody_opened_is_shown_again(
    client: ClientFactory, session: Session, geopend: str
) -> None:
    kern = make_kern(session)

    answer = client().post(PAD, data=filled(session, kern, geopend=geopend))

    assert answer.status_code == 422
    assert "Dat ging erg snel" in answer.text
    assert "Straatfeest" in answer.text
    assert kept(session) == 0


def test_the_same_form_sent_twice_is_one(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    data = filled(session, kern)

    for _ in range(2):
        assert client().post(PAD, data=data).status_code == 302

    assert kept(session) == 1
    assert len(waiting(session, "inzendingen.mail")) == 1


def test_photos_are_counted_before_they_are_opened(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)

    def send() -> int:
        stuk = {"foto": (io.BytesIO(b"GIF89a"), "foto.jpg"), "alt": "Een feest"}
        return client().post(PAD, data=filled(session, kern, **stuk)).status_code

    for _ in range(PER_FOTO.aantal):
        session.add(
            Poging(
                soort=PER_FOTO.soort,
                sleutel=Teller(PER_FOTO, "127.0.0.0/24", GEHEIM).sleutel,
                op=now(),
            )
        )

    assert send() == 429
    session.execute(delete(Poging))
    assert send() == 422
    assert len(session.scalars(select(Poging)).all()) == 1
