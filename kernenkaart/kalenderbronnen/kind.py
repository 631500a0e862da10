"""The child process that opens calendars and Excel files: what it reads may be hostile (T6, T17).

``python -m kernenkaart.kalenderbronnen.kind WAT DAG`` reads the file from its standard input and
writes one line of JSON, after it has limited itself. The functions with a name of their
own are the side of the parent.
"""

import base64
import json
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kernenkaart.errors import Invalid
from kernenkaart.kalenderbronnen.items import Inhoud

MODULE = "kernenkaart.kalenderbronnen.kind"
ROOT = Path(__file__).resolve().parents[2]
GEHEUGEN_MB = 1024
CPU_S = 10
WACHT_S = 40
BESTAND_MB = 10
TE_GROOT = f"Dit bestand is te groot. Een agenda is hoogstens {BESTAND_MB} MB."
TE_LANG = "Het lezen van dit bestand duurt te lang. Zet er minder in."


def read_agenda(data: bytes, vandaag: date) -> Inhoud:
    """What is in a calendar file.

    Raises:
        Invalid: beside ``bestand``, if it cannot be read.
    """
    return Inhoud.from_json(_ask("ical", vandaag, data)["inhoud"])


def read_blad(data: bytes, vandaag: date) -> str:
    """The first sheet of an Excel file as text, its cells parted by tabs.

    Raises:
        Invalid: beside ``bestand``, if it cannot be read.
    """
    return str(_ask("xlsx", vandaag, data)["tabel"])


def make_blad(rijen: Sequence[Sequence[str]], vandaag: date) -> bytes:
    """An Excel file of these rows; openpyxl is too big for a web process."""
    return base64.b64decode(_ask("schrijf", vandaag, json.dumps(rijen).encode())["bestand"])


def _ask(wat: str, vandaag: date, data: bytes) -> dict[str, Any]:
    if len(data) > BESTAND_MB * 1_000_000:
        raise Invalid(TE_GROOT, veld="bestand")
    with tempfile.TemporaryDirectory(prefix="kernenkaart-agenda-") as folder:
        command = [sys.executable, "-sP", "-m", MODULE, wat, vandaag.isoformat()]
        environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TMPDIR": folder}
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, env=environment, cwd=folder,
                timeout=WACHT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Invalid(TE_LANG, veld="bestand") from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Invalid(TE_LANG, veld="bestand")
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Invalid("Dit bestand is niet te lezen: het is beschadigd.", veld="bestand") from error
    if "fout" in answer:
        raise Invalid(answer["fout"], veld="bestand")
    return answer


def limit_self() -> None:
    """Give up what a reader does not need: memory, time, files."""
    memory = GEHEUGEN_MB << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    largest = 2 * BESTAND_MB * 1_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(wat: str, vandaag: date, data: bytes) -> dict[str, Any]:
    """Do what is asked; the libraries for it are loaded only here.

    Raises:
        Invalid: if the file cannot be read.
    """
    if wat == "ical":
        from kernenkaart.kalenderbronnen.lezen import read_ical  # noqa: PLC0415

        return {"inhoud": read_ical(data, vandaag).to_json()}
    from kernenkaart.kalenderbronnen.blad import read_xlsx, write_xlsx  # noqa: PLC0415

    if wat == "xlsx":
        return {"tabel": read_xlsx(data)}
    return {"bestand": base64.b64encode(write_xlsx(json.loads(data))).decode()}


def main(argv: list[str]) -> None:
    """Read what is in standard input as ``argv[1]`` says, today being ``argv[2]``."""
    limit_self()
    try:
        answer = run(argv[1], date.fromisoformat(argv[2]), sys.stdin.buffer.read())
    except Invalid as error:
        answer = {"fout": error.melding}
    except MemoryError:
        answer = {"fout": "Dit bestand is te groot om te lezen."}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv)
