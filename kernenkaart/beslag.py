"""What one run claims for itself: its folder and its port. A second run gets one clear line."""

import fcntl
import socket
from pathlib import Path
from typing import TextIO

from kernenkaart.errors import KernenkaartError
from kernenkaart.processen import wait_until

HOST = "127.0.0.1"
PORT_WAIT_S = 3.0  # an earlier copy may just be leaving


def lock(var: Path) -> TextIO:
    """Make ``var`` and lock it for as long as the returned file is open.

    Raises:
        KernenkaartError: if another copy has it, or if we may not write there.
    """
    try:
        var.mkdir(parents=True, exist_ok=True)
        file = (var / "slot").open("a+")
    except OSError as error:
        raise KernenkaartError(
            f"Ik mag niet schrijven in {var} ({error.strerror}). Maak die map van jou: "
            f"sudo chown -R $(id -un) {var.parent if not var.exists() else var}"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise KernenkaartError(
            f"De kernenkaart draait al vanuit deze map: {file.read().strip() or 'net gestart'}. "
            f"Stop die eerst (Ctrl-C in dat venster)."
        ) from None
    return file


def port_number(text: str) -> int:
    """The port that ``text`` names.

    Raises:
        KernenkaartError: if it names none.
    """
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise KernenkaartError(f"PORT={text} is geen poort. Kies een getal van 1 tot en met 65535.")


def claim_port(port: int) -> socket.socket:
    """Make sure that nobody else listens on ``port``, and keep others off it.

    The web server shares a port with whoever asks, so it would not notice by itself.

    Returns:
        A socket that holds the port without listening; keep it open.

    Raises:
        KernenkaartError: if the port is taken or may not be used.
    """
    trouble: list[OSError] = []

    def free() -> bool:
        trouble.clear()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                probe.listen()
            except OSError as error:
                trouble.append(error)
        return not trouble or isinstance(trouble[0], PermissionError)

    if not wait_until(free, PORT_WAIT_S):
        raise KernenkaartError(
            f"Poort {port} is bezet door een ander programma. "
            f"Kies een andere: make run PORT={port + 1}"
        )
    if trouble:
        raise KernenkaartError(
            f"Poort {port} mag je hier niet gebruiken. Kies een andere: make run PORT=8000"
        )
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind((HOST, port))
    return holder
