"""R13 and R14 over HTTP: programs that write at the same moment, at two real web processes."""

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import urllib3
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from kernenkaart.actor import Actor, Rol
from kernenkaart.embedded import Cluster
from kernenkaart.toegang.models import Recht, Toegangssleutel, Verzoek
from kernenkaart.toegang.queries import actor_of
from kernenkaart.toegang.sleutels import make_sleutel, revoke
from kernenkaart.werkzaamheden.models import Werkzaamheid
from tests.ogc.schrijver import ITEMS, MIJN, feature, make_gebied, make_partner
from tests.served import Served, environment, serve

PAREN = 100


class Tweeling:
    """Two web processes on one database, and a key for them."""

    def __init__(self, served: list[Served], token: str) -> None:
        self.served = served
        self.token = token
        self.http = urllib3.PoolManager(maxsize=20)
        self.engine = create_engine(served[0].environ["KERNENKAART_DATABASE_URL"])

    def ask(self, number: int, method: str, path: str, document: Any = None, **koppen: str) -> Any:
        """Send a request to one of the two; headers with ``_`` for ``-``."""
        headers = {"Authorization": f"Bearer {self.token}"} | {
            naam.replace("_", "-"): waarde for naam, waarde in koppen.items()
        }
        soort = "merge-patch+json" if method == "PATCH" else "geo+json"
        return self.http.request(
            method,
            self.served[number % 2].url + path,
            body=None if document is None else json.dumps(document),
            headers=headers | {"Content-Type": f"application/{soort}"},
            retries=False,
        )

    def count(self, model: Any) -> int:
        """How many rows there are now."""
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture(scope="module")
def tweeling(
    cluster: Cluster, gemigreerd: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tweeling]:
    folder = tmp_path_factory.mktemp("schrijven")
    cluster.create_database("schrijven", template=gemigreerd)
    environ = environment(cluster, "schrijven", folder / "cache")
    engine = create_engine(environ["KERNENKAART_BEHEER_URL"])
    with Session(engine) as session:
        make_gebied(session)
        actor = actor_of(session, make_partner(session))
        _rij, token = make_sleutel(session, actor, naam="Planning", rechten=tuple(Recht), dagen=30)
        session.commit()
    engine.dispose()
    with ExitStack() as stack:
        served = []
        for naam in ("een", "twee"):
            (folder / naam).mkdir()
            served.append(stack.enter_context(serve(environ, folder / naam)))
        found = Tweeling(served, token)
        yield found
        found.engine.dispose()
        found.http.clear()
    cluster.drop_database("schrijven")


def test_the_same_request_twenty_times_at_once_makes_one_work(tweeling: Tweeling) -> None:
    voor, sleutel, samen = tweeling.count(Werkzaamheid), str(uuid.uuid4()), Barrier(20)

    def post(number: int) -> Any:
        samen.wait()
        return tweeling.ask(number, "POST", ITEMS, feature(), Idempotency_Key=sleutel)

    with ThreadPoolExecutor(20) as pool:
        antwoorden = list(pool.map(post, range(20)))

    assert Counter(antwoord.status for antwoord in antwoorden) == {201: 20}
    assert len({(a.json()["id"], a.headers["ETag"]) for a in antwoorden}) == 1
    assert tweeling.count(Werkzaamheid) == voor + 1
    assert tweeling.count(Verzoek) == 1


def test_of_two_that_change_the_same_version_one_is_told(tweeling: Tweeling) -> None:
    """Each changes another field, so a silent overwriting would go unnoticed but for the count."""
    gemaakt = tweeling.ask(0, "POST", ITEMS, feature())
    id_, etag = gemaakt.json()["id"], gemaakt.headers["ETag"]
    velden, samen = ("plek", "omleiding"), Barrier(2)
    gezegd: dict[str, str | None] = dict.fromkeys(velden)

    def patch(number: int, ronde: int, versie: str) -> Any:
        samen.wait()
        document = {"properties": {velden[number]: f"ronde {ronde}"}}
        return tweeling.ask(number, "PATCH", f"{ITEMS}/{id_}", document, If_Match=versie)

    verdeling: Counter[tuple[int, ...]] = Counter()
    with ThreadPoolExecutor(2) as pool:
        for ronde in range(PAREN):
            paar = list(pool.map(patch, (0, 1), (ronde,) * 2, (etag,) * 2))
            verdeling[tuple(sorted(a.status for a in paar))] += 1
            goed = next(a for a in paar if a.status == 200)
            gezegd[velden[paar.index(goed)]] = f"ronde {ronde}"
            etag = goed.headers["ETag"]

    nu = tweeling.ask(1, "GET", f"{MIJN}/{id_}").json()["properties"]
    assert verdeling == {(200, 412): PAREN}
    assert {veld: nu[veld] for veld in velden} == gezegd


def test_a_key_revoked_at_one_process_is_refused_by_the_other_at_once(tweeling: Tweeling) -> None:
    with Session(tweeling.engine) as session:
        eerste = session.scalars(select(Toegangssleutel).order_by(Toegangssleutel.id)).first()
        assert eerste is not None
        actor = Actor(gebruiker_id=eerste.gebruiker_id, rol=Rol.KETENPARTNER)
        sleutel, token = make_sleutel(session, actor, naam="Weg", rechten=tuple(Recht), dagen=30)
        session.commit()
        kop = {"Authorization": f"Bearer {token}"}
        voor = tweeling.ask(1, "GET", MIJN, **kop).status

        revoke(session, actor, sleutel.id)
        session.commit()

    assert voor == 200
    assert [tweeling.ask(number, "GET", MIJN, **kop).status for number in (0, 1)] == [401, 401]


def test_no_log_of_a_web_process_has_the_key(tweeling: Tweeling) -> None:
    assert tweeling.ask(0, "GET", MIJN).status == 200

    assert not [s for s in tweeling.served if tweeling.token.split("_", 2)[2] in s.log.read_text()]


def test_schemathesis_finds_no_answer_that_is_not_described(
    tweeling: Tweeling, tmp_path: Path
) -> None:
    """Whatever the OpenAPI document lets one send, with a key: only answers that it names."""
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_headers_conformance,response_schema_conformance"
    )
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run",
            f"{tweeling.served[0].url}/api/v1/openapi.json", "--checks", checks,
            "--include-path-regex", "/mijn/|/werkzaamheden/items", "--include-tag", "Werkzaamheden",
            "--header", f"Authorization: Bearer {tweeling.token}", "--max-examples", "15",
            "--seed", "20", "--phases", "examples,fuzzing", "--mode", "all", "--no-color",
            "--generation-database", "none", "--request-timeout", "20",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-6000:]
