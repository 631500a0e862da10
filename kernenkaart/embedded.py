"""The private PostgreSQL + PostGIS cluster: the default database of ``make run``, tests and bench.

It listens on a unix socket in a folder that only its owner can enter, never on TCP. PostgreSQL
refuses to run as root, so root runs it as the user ``postgres``, in a folder that this user can
reach.
"""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from kernenkaart.errors import KernenkaartError
from kernenkaart.processen import Runner, dies_with_us, wait_until

SUPERUSER = "postgres"
BEHEER = "kernenkaart_beheer"  # owns the database, runs migrations
APP = "kernenkaart_app"  # what web and worker log in as; owns nothing
DATABASE = "kernenkaart"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
PORT = 5432  # only a part of the socket's name

SYSTEM_MAP = Path("/var/lib/kernenkaart")
SOCKET_PATH_MAX = 107  # bytes, of struct sockaddr_un
LOG_MAX_BYTES = 5_000_000
START_ATTEMPTS = 10
START_MAX_S = 120.0  # crash recovery may take a while
STOP_MAX_S = 60.0

DURABLE = {"jit": "off", "max_parallel_workers_per_gather": "0", "cluster_name": "kernenkaart"}
THROWAWAY = DURABLE | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class ClusterError(KernenkaartError):
    """The private cluster cannot be made or started; the text says what to do."""


@dataclass(frozen=True)
class Programs:
    """Where one version of PostgreSQL with PostGIS has its programs."""

    bin: Path
    version: int


def find_programs(version: int | None = None) -> Programs:
    """The newest installed PostgreSQL that has PostGIS, or the one of ``version``.

    Raises:
        ClusterError: if there is none.
    """
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders += [Path(folder) for folder in os.get_exec_path()]
    found = [
        program
        for folder in dict.fromkeys(folders)
        if (program := _programs_in(folder)) and version in (None, program.version)
    ]
    if found:
        return max(found, key=lambda program: program.version)
    if version is None:
        raise ClusterError(
            "PostgreSQL met PostGIS is niet gevonden. Installeer het met: "
            "sudo apt-get install postgresql postgresql-postgis"
        )
    raise ClusterError(
        f"De gegevens zijn van PostgreSQL {version}, en dat is hier niet (meer) geïnstalleerd. "
        f"Installeer het met: sudo apt-get install postgresql-{version}-postgis-3"
    )


def _programs_in(folder: Path) -> Programs | None:
    if not (folder / "initdb").is_file():
        return None
    answer = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    number = re.search(r"\) (\d+)", answer.stdout)
    if number is None:
        return None
    version = int(number[1])
    shares = (
        Path(f"/usr/share/postgresql/{version}/extension"),
        folder.parent / "share/extension",
        folder.parent / "share/postgresql/extension",
    )
    if not any((share / "postgis.control").is_file() for share in shares):
        return None
    return Programs(folder, version)


class Cluster:
    """One PostgreSQL cluster with one socket, in one folder.

    Args:
        data_map: the folder it is wanted in; made when absent. If the user that must run it
            cannot reach that folder, ``map`` is one below ``/var/lib/kernenkaart`` instead.
        durable: False gives up the data at a crash of the machine, for tests.
    """

    def __init__(self, data_map: Path, *, durable: bool = True) -> None:
        wanted = Path(data_map).absolute()
        self.runner = Runner.for_map(wanted)
        self.map = _choose_map(wanted, self.runner)
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def tijdelijk(cls) -> Iterator[Self]:
        """A running cluster that is fast, not durable, and gone afterwards."""
        place = Path(tempfile.mkdtemp(prefix="kernenkaart-"))
        cluster = cls(place, durable=False)
        try:
            cluster.ensure_running()
            yield cluster
        finally:
            cluster.stop()
            shutil.rmtree(cluster.map, ignore_errors=True)
            shutil.rmtree(cluster.socket_map, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.map / "data"

    @property
    def log(self) -> Path:
        """The log of the server."""
        return self.map / "postgres.log"

    @property
    def socket_map(self) -> Path:
        """The folder of the socket: in the cluster's own, or a short one when that is too long."""
        inside = self.map / "socket"
        if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_MAX:
            return inside
        return Path("/tmp") / f"kernenkaart-{_digest(self.map)}"  # noqa: S108 -- made 0700, owner checked

    @property
    def pid(self) -> int | None:
        """The process id of the running server; None when it does not run."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        program = command.split(b"\0", 1)[0]  # empty for a zombie
        return pid if program.endswith(b"postgres") else None

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """The SQLAlchemy address of ``database`` for ``role``."""
        host = quote(str(self.socket_map), safe="")
        return f"postgresql+psycopg://{role}@/{database}?host={host}&port={PORT}"

    def connect(
        self, database: str = DATABASE, role: str = SUPERUSER
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """A new connection in autocommit; the caller closes it."""
        return psycopg.connect(
            host=str(self.socket_map),
            port=PORT,
            user=role,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Make a database owned by ``BEHEER``: a copy of ``template``, or empty with PostGIS."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(BEHEER)
        )
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self.connect("postgres") as connection:
            connection.execute(statement)
        if template is None:
            self._add_extensions(name)

    def drop_database(self, name: str) -> None:
        """Remove a database and throw out whoever is connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self.connect("postgres") as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def ensure_running(self) -> None:
        """Make the cluster when it is not there, start it when it does not run, fill in roles.

        A server that an earlier process left running is taken over.

        Raises:
            ClusterError: if that is not possible; the text says why.
        """
        self._check_owner()
        if not (self.data / "PG_VERSION").is_file():
            self._init()
        self._prepare_socket_map()
        for _attempt in range(START_ATTEMPTS):
            if self.pid is None:
                self._start()
            if wait_until(self._answers_or_ended, START_MAX_S) and self._answers():
                self._prepare_database()
                return
            time.sleep(0.5)  # a server that was killed needs a moment to disappear
        raise ClusterError(f"De database start niet. Lees waarom in {self.log}")

    def exit_code(self) -> int | None:
        """The exit code of the server we started, once it has ended; None while it runs."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        """End the server; does nothing when it does not run."""
        pid = self._process.pid if self._starting() and self._process else self.pid
        if pid is None:
            return
        # SIGINT throws out the clients and writes a checkpoint; SIGQUIT leaves at once
        os.kill(pid, signal.SIGINT if self.durable else signal.SIGQUIT)
        if not self._wait_gone(pid, STOP_MAX_S):
            os.kill(pid, signal.SIGQUIT)
            self._wait_gone(pid, STOP_MAX_S)
        self._process = None

    def _check_owner(self) -> None:
        if not self.map.exists() or os.geteuid() == 0:
            return
        owner = self.map.stat().st_uid
        if owner != os.geteuid():
            raise ClusterError(
                f"De database in {self.map} is van gebruiker {_user_name(owner)}. "
                f"Draai dit als die gebruiker of met sudo, of verwijder die map als de gegevens "
                f"weg mogen."
            )

    def _init(self) -> None:
        """initdb next door and move it in place, so that half a cluster never counts as one."""
        self.runner.own(self.map)
        fresh = self.map / "data.nieuw"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [
            str(find_programs().bin / "initdb"),
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=trust",  # the socket folder decides who can connect
            "--auth-host=reject",
        ]
        if not self.durable:
            command.append("--no-sync")
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, **self.runner.options()
        )
        if answer.returncode != 0:
            raise ClusterError(f"De database kan niet worden gemaakt: {answer.stderr.strip()}")
        fresh.rename(self.data)

    def _prepare_socket_map(self) -> None:
        folder = self.socket_map
        if os.path.lexists(folder):
            about = folder.lstat()
            ours = about.st_uid in (self.runner.uid, os.geteuid())
            if not ours or not stat.S_ISDIR(about.st_mode):
                raise ClusterError(f"{folder} is niet van ons. Verwijder die en begin opnieuw.")
        self.runner.own(folder)

    def _start(self) -> None:
        version = int((self.data / "PG_VERSION").read_text())
        # what a killed server left behind; PostgreSQL trusts it while the number is in use
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        settings = (DURABLE if self.durable else THROWAWAY) | {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket_map),
            "unix_socket_permissions": "0700",
        }
        server = find_programs(version).bin / "postgres"
        command = [*dies_with_us("INT"), str(server), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, **self.runner.options()
            )

    def _starting(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _answers_or_ended(self) -> bool:
        return self._answers() or (self.pid is None and not self._starting())

    def _answers(self) -> bool:
        if self.pid is None:
            return False
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _wait_gone(self, pid: int, limit_s: float) -> bool:
        if self._process is not None and self._process.pid == pid:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(limit_s)
            return self._process.poll() is not None
        return wait_until(lambda: self.pid != pid, limit_s)

    def _prepare_database(self) -> None:
        """Roles, database and extensions, as far as they are not there."""
        with self.connect("postgres") as connection:
            for role in (BEHEER, APP):
                known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                if known.fetchone() is None:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            missing = known.fetchone() is None
        if missing:
            self.create_database(DATABASE)
        else:
            self._add_extensions(DATABASE)

    def _add_extensions(self, database: str) -> None:
        with self.connect(database) as connection:
            for name in EXTENSIONS:
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
                connection.execute(statement.format(sql.Identifier(name)))
            owner = sql.Identifier(BEHEER)
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")  # PostgreSQL < 15


def _choose_map(wanted: Path, runner: Runner) -> Path:
    """``wanted``, or the one below ``SYSTEM_MAP`` where the runner cannot reach ``wanted``."""
    if runner.uid is None:
        return wanted
    elsewhere = SYSTEM_MAP / _digest(wanted)
    filled = (wanted / "data" / "PG_VERSION").is_file()
    if not filled and (elsewhere / "data" / "PG_VERSION").is_file():
        return elsewhere
    runner.own(wanted)
    if runner.reaches(wanted):
        return wanted
    if filled:
        raise ClusterError(
            f"De gebruiker die de database draait, kan niet (meer) bij {wanted}. "
            f"Geef de mappen erboven leesrechten (chmod o+x) of verplaats de hele map."
        )
    wanted.rmdir()
    SYSTEM_MAP.mkdir(parents=True, exist_ok=True)
    SYSTEM_MAP.chmod(0o755)
    return elsewhere


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
