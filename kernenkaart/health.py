"""Is it alive (``/healthz``), can it do its work (``/readyz``), and with what (``…/details``)?"""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, text

from kernenkaart import db
from kernenkaart.geo.rdnap import measure_omrekening
from kernenkaart.migrations.stand import newest_revision
from kernenkaart.toegang.guards import public

bp = Blueprint("health", __name__)

WORKER_SILENT_S = 60


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Alive: the web process answers. Asks nobody else."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Each check by name, ``ok`` or what is wrong; 503 when one is wrong."""
    checks = {"database": "ok", "migraties": "ok", "worker": "ok"}
    try:
        with db.engine().connect() as connection:
            checks["migraties"] = _said(lambda: _is_migrated(connection), "niet bijgewerkt")
            checks["worker"] = _said(lambda: _worker_lives(connection), "geen teken van leven")
    except Exception as error:  # noqa: BLE001  # whatever is wrong, this page says so
        checks = dict.fromkeys(checks, "onbekend") | {"database": type(error).__name__}
    ready = set(checks.values()) == {"ok"}
    return jsonify(status="ok" if ready else "niet klaar", **checks), 200 if ready else 503


@bp.get("/healthz/details")
@public
def details() -> tuple[Response, int]:
    """Which transformation between RD and ETRS89 is used, and how good it is."""
    try:
        with db.engine().connect() as connection:
            omrekening = measure_omrekening(connection)
    except Exception as error:  # noqa: BLE001  # whatever is wrong, this page says so
        return jsonify(status="niet klaar", database=type(error).__name__), 503
    rd = {
        "transformatie": "RDNAPTRANS2018",
        "metRooster": omrekening.met_rooster,
        "nauwkeurigheidM": omrekening.nauwkeurigheid_m,
        "gemetenAfwijkingM": omrekening.afwijking_m,
        "proj": omrekening.proj,
    }
    return jsonify(status="ok", rd=rd), 200


def _is_migrated(connection: Connection) -> bool:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return False
    had = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return had == [newest_revision()]


def _said(check: Callable[[], bool], wrong: str) -> str:
    return "ok" if check() else wrong


def _worker_lives(connection: Connection) -> bool:
    return bool(
        connection.scalar(
            text(
                "SELECT exists(SELECT 1 FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => :s))"
            ),
            {"s": WORKER_SILENT_S},
        )
    )
