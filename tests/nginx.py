"""The nginx configuration of ``deploy/``, run as the user of the tests before a served copy."""

import getpass
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from kernenkaart.config import ROOT
from tests.served import free_port

SHIPPED = ROOT / "deploy" / "nginx" / "kernenkaart.conf"
NAAM = "kernenkaart.example.org"
ACHTER = {
    "KERNENKAART_PROXY_HOPS": "1",
    "KERNENKAART_TRUSTED_HOSTS": f"{NAAM},127.0.0.1",
    "KERNENKAART_VEILIGE_COOKIES": "ja",
}
START_S = 10

MAIN = """
daemon off;
worker_processes {workers};
{user}
pid {map}/nginx.pid;
error_log {map}/fout.log warn;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log {map}/rest.log combined buffer=64k flush=5s;
    client_body_temp_path {map}/body;
    proxy_temp_path {map}/proxy;
    fastcgi_temp_path {map}/fastcgi;
    uwsgi_temp_path {map}/uwsgi;
    scgi_temp_path {map}/scgi;
    include {map}/kernenkaart.conf;
    {extra}
}}
"""


def find_nginx() -> str:
    """Debian's nginx; it stands where only an administrator's path leads."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    if found := shutil.which("nginx", path=path):
        return found
    raise FileNotFoundError("nginx is not installed: `make test` installs it")


@dataclass
class Nginx:
    """A running nginx with the shipped configuration.

    Attributes:
        https: port of the site.
        http: port that leads to it.
        kaal: port of the site without TLS, for measuring.
    """

    map: Path
    app_port: int
    https: int = field(default_factory=free_port)
    http: int = field(default_factory=free_port)
    kaal: int = field(default_factory=free_port)

    def pool(self, naam: str = NAAM) -> urllib3.HTTPSConnectionPool:
        """Connections to the site, which has to show a certificate for ``naam``."""
        return urllib3.HTTPSConnectionPool(
            "127.0.0.1", self.https, maxsize=32, retries=False, timeout=60,
            ca_certs=str(self.map / "fullchain.pem"), server_hostname=naam, assert_hostname=naam,
            headers={"Host": naam},
        )  # fmt: skip

    def configuration(self) -> str:
        """What is shipped, with other ports and paths and nothing else changed."""
        text = SHIPPED.read_text(encoding="utf-8")
        text = re.sub(r"^ +listen \[::\]:.*\n", "", text, flags=re.MULTILINE)
        changes = {
            r"listen 80\b": f"listen 127.0.0.1:{self.http}",
            r"listen 443 ssl http2;": (
                f"listen 127.0.0.1:{self.https} ssl http2; listen 127.0.0.1:{self.kaal};"
            ),
            r"listen 443 ssl http2 default_server;": (
                f"listen 127.0.0.1:{self.https} ssl http2 default_server;"
            ),
            r"127\.0\.0\.1:8000;": f"127.0.0.1:{self.app_port};",
            rf"/etc/letsencrypt/live/{NAAM}": str(self.map),
            r"/var/cache/nginx": str(self.map / "cache"),
            r"/var/log/nginx": str(self.map),
            r"/srv/kernenkaart": str(ROOT),
        }
        for what, by in changes.items():
            text, count = re.subn(what, by, text)
            assert count, f"not in {SHIPPED.name}: {what}"
        return text

    def errors(self) -> str:
        """What nginx complained about."""
        path = self.map / "fout.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def make_certificate(folder: Path) -> None:
    """A certificate for ``NAAM`` that only this folder vouches for."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-noenc", "-days", "2", "-subj", f"/CN={NAAM}", "-addext", f"subjectAltName=DNS:{NAAM}",
            "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def nginx(app_url: str, folder: Path, extra: str = "", *, workers: int = 2) -> Iterator[Nginx]:
    """Run it in front of the copy served at ``app_url`` until the block ends.

    Args:
        folder: empty; everything nginx writes goes there.
        extra: another server for the same nginx.
        workers: its processes.
    """
    port = urlsplit(app_url).port
    assert port
    running = Nginx(folder, port)
    make_certificate(folder)
    (folder / "cache").mkdir()
    (folder / "kernenkaart.conf").write_text(running.configuration(), encoding="utf-8")
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    text = MAIN.format(map=folder, user=user, extra=extra, workers=workers)
    main.write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [find_nginx(), "-p", folder, "-c", main, "-e", folder / "fout.log"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(10)


def _wait(running: Nginx, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", running.https), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nginx did not start:\n{running.errors()}")
