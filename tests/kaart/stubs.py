"""A real HTTP server that answers as a test wants: well, badly, slowly or not at all."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.factories import X, Y

Answer = Callable[[BaseHTTPRequestHandler], None]


def send(
    body: bytes, status: int = 200, kind: str = "application/json", location: str = ""
) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        if location:
            request.send_header("Location", location)
        request.end_headers()
        request.wfile.write(body)

    return answer


def hang(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(40):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.1)


def cut_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"response"')


def doc(naam: str, x: float = X, y: float = Y, **anders: object) -> dict[str, object]:
    """A street as the Locatieserver gives it."""
    return {
        "weergavenaam": naam,
        "type": "weg",
        "centroide_rd": f"POINT({x} {y})",
        "gemeentecode": "1960",
    } | anders


def docs(*found: object) -> Answer:
    """The answer with these streets."""
    return send(json.dumps({"response": {"numFound": len(found), "docs": found}}).encode())


class Stub:
    """The running server: its address, what it was asked, and what it answers next."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.answer: Answer = send(b"{}")


@contextmanager
def serve() -> Iterator[Stub]:
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append(self.path)
            try:
                stub.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    stub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield stub
    server.shutdown()
    server.server_close()
