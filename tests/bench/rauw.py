"""The very statements of an answer, run by pgbench: the limit of what any server could do.

A question is asked once of the application itself, with a reader that writes down what it asks the
database. All values stay parameters of a prepared statement, as they are for the application.
"""

import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from psycopg.rows import TupleRow

from kernenkaart.embedded import find_programs
from kernenkaart.lezen import Lezer

OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC"
SECONDS = 2
_TEXT = re.compile(r"'(?:[^']|'')*'")
_PARAM = re.compile(r"%\((\w+)\)s")


class Recorder(Lezer):
    """A reader that remembers what was asked of it.

    Args:
        lezer: the one that answers.
    """

    def __init__(self, lezer: Lezer) -> None:
        self._lezer = lezer
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def row(self, statement: str, params: Mapping[str, Any]) -> TupleRow | None:
        """As ``Lezer.row``."""
        self.asked.append((statement, params))
        return self._lezer.row(statement, params)

    def rows(self, statement: str, params: Mapping[str, Any]) -> list[TupleRow]:
        """As ``Lezer.rows``."""
        self.asked.append((statement, params))
        return self._lezer.rows(statement, params)


@dataclass(frozen=True)
class Rauw:
    """Scripts for pgbench, one per question, and the values of their variables."""

    scripts: tuple[Path, ...]
    waarden: Mapping[str, str]


def record(app: Flask, paden: Sequence[str], map_: Path) -> Rauw:
    """What each of these questions asks of the database, as scripts in ``map_``.

    Raises:
        RuntimeError: if a question is not answered with 200.
    """
    recorder = Recorder(app.extensions["kernenkaart.lezer"])
    app.extensions["kernenkaart.lezer"] = recorder
    browser = app.test_client()
    scripts, waarden = [], {}
    map_.mkdir(parents=True)
    for nummer, pad in enumerate(paden):
        recorder.asked.clear()
        answer = browser.get(pad)
        if answer.status_code not in {200, 204}:
            raise RuntimeError(f"{pad}: {answer.status_code} {answer.text[:300]}")
        script = map_ / f"{nummer:03d}.sql"
        lines = [
            _line(statement, params, f"v{nummer}_{deel}_", waarden)
            for deel, (statement, params) in enumerate(recorder.asked)
        ]
        script.write_text("\n".join(lines), encoding="utf-8")
        scripts.append(script)
    app.extensions["kernenkaart.lezer"] = recorder._lezer
    return Rauw(tuple(scripts), waarden)


def run(rauw: Rauw, host: Path, database: str, *, clients: int) -> float:
    """Questions a second over so many connections, at random out of all."""
    output = _pgbench(rauw, host, database, "-c", str(clients), "-j", str(min(clients, 2)))
    found = re.search(r"tps = ([\d.]+)", output)
    assert found, output
    return float(found[1])


def alone_ms(rauw: Rauw, host: Path, database: str) -> dict[int, list[float]]:
    """Milliseconds that each question takes with nobody else asking, of the many times it was."""
    times: dict[int, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        _pgbench(rauw, host, database, "-c", "1", "-l", f"--log-prefix={folder}/log")
        [log] = Path(folder).iterdir()
        for line in log.read_text("ascii").splitlines():  # client, number, microseconds, script …
            _client, _number, micros, script, *_ = line.split()
            times.setdefault(int(script), []).append(int(micros) / 1000)
    return times


def typical_ms(times: Iterable[list[float]]) -> float:
    """The mean over questions; of each the fastest tenth decides.

    On a shared machine the others tell of the neighbours.
    """
    return statistics.mean(sorted(found)[len(found) // 10] for found in times)


def _pgbench(rauw: Rauw, host: Path, database: str, *options: str) -> str:
    files = [part for script in rauw.scripts for part in ("-f", str(script))]
    values = [part for name, value in rauw.waarden.items() for part in ("-D", f"{name}={value}")]
    done = subprocess.run(
        [
            find_programs().bin / "pgbench", "-n", "-M", "prepared", "-T", str(SECONDS),
            "-h", str(host), "-U", "kernenkaart_app", *options, *files, *values, database,
        ],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PGOPTIONS": OPTIONS},
    )  # fmt: skip
    if done.returncode or "ERROR" in done.stderr:
        raise RuntimeError(done.stdout + done.stderr[-2000:])
    return done.stdout


def _line(statement: str, params: Mapping[str, Any], prefix: str, waarden: dict[str, str]) -> str:
    def parameter(found: re.Match[str]) -> str:
        name = found[1]
        value, kind = _value(params[name])
        if value is None:
            return "NULL"
        waarden[prefix + name] = value
        return f":{prefix}{name}{kind}"

    plain = _TEXT.sub(_without_colon, statement)  # a colon would begin a variable of pgbench
    return _PARAM.sub(parameter, plain).replace("%%", "%").replace("\n", " ").rstrip("; ") + ";"


def _without_colon(found: re.Match[str]) -> str:
    text = found[0]
    if ":" not in text:
        return text
    return "E" + text.replace("\\", "\\\\").replace(":", "\\x3A")


def _value(value: Any) -> tuple[str | None, str]:
    """A value as text, and the type that the driver would give it."""
    match value:
        case None:
            return None, ""
        case bool():
            return str(value).lower(), "::boolean"
        case int():
            return str(value), "::int4"
        case float():
            return repr(value), "::float8"
        case datetime():
            return value.isoformat(), "::timestamptz"
        case date():
            return value.isoformat(), "::date"
        case list():
            kind = "int4" if all(isinstance(item, int) for item in value) and value else "text"
            return "{" + ",".join(str(item) for item in value) + "}", f"::{kind}[]"
        case str():
            return value, ""
    raise TypeError(type(value))
