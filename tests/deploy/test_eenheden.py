"""The systemd units: they start what ``make run`` starts, as a user of its own."""

import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from kernenkaart.config import ROOT
from kernenkaart.serve import WORKER, ZUINIG, web_command

MAP = ROOT / "deploy" / "systemd"
PYTHON = "/srv/kernenkaart/.venv/bin/python"
EENHEDEN = {"kernenkaart-web": web_command(8000), "kernenkaart-werker": list(WORKER)}


def read(naam: str) -> ConfigParser:
    """A unit; lines that end in a backslash go on."""
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((MAP / f"{naam}.service").read_text("utf-8").replace("\\\n", " "))
    return parser


@pytest.mark.parametrize("naam", EENHEDEN)
def test_a_unit_starts_what_make_run_starts(naam: str) -> None:
    command = shlex.split(read(naam)["Service"]["ExecStart"])

    assert command[0] == PYTHON
    assert sorted(command[1:]) == sorted(EENHEDEN[naam][1:])
    assert command[1:3] == EENHEDEN[naam][1:3]
    assert command[-1] == EENHEDEN[naam][-1]


def test_the_web_unit_is_as_thrifty_as_make_run() -> None:
    environment = dict(
        part.split("=", 1) for part in read("kernenkaart-web")["Service"]["Environment"].split()
    )

    assert environment.items() >= ZUINIG.items()


@pytest.mark.parametrize("naam", EENHEDEN)
def test_a_unit_comes_back_and_stops_in_time(naam: str) -> None:
    service = read(naam)["Service"]

    assert (service["Restart"], service["User"]) == ("always", "kernenkaart")
    assert int(service["TimeoutStopSec"]) >= 30


@pytest.mark.parametrize("naam", EENHEDEN)
def test_systemd_understands_a_unit(naam: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not here")
    unit = tmp_path / f"{naam}.service"
    text = (MAP / unit.name).read_text("utf-8")
    unit.write_text(text.replace(PYTHON, "/bin/true"), encoding="utf-8")

    done = subprocess.run(
        [program, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )

    assert unit.name not in done.stderr
