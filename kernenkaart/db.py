"""The database: engine, base class of all models, session per request.

Services take a ``Session`` and never commit; the one visible ``commit()`` stands in the view or
the command. In a web request ``session()`` gives the session of that request.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask import Flask, current_app, g
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Engine,
    Enum,
    MetaData,
    String,
    create_engine,
    func,
    text,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    declared_attr,
    mapped_column,
    sessionmaker,
)
from sqlalchemy.pool import NullPool

from kernenkaart.config import Settings

NL = "nl-x-icu"  # C.UTF-8 does not sort Dutch names
Naam = String(200, collation=NL)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table. Enums are stored as their value, with a check constraint."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: String(),
    }


def code_enum(enum: type[StrEnum], name: str) -> Enum:
    """A column type that stores the values of ``enum`` as text, checked by the database."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class MetVersie:
    """A row that two people may edit at once: ``versie`` guards against silent overwriting."""

    versie: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.versie}  # type: ignore[attr-defined]


class Bijgehouden(MetVersie):
    """Columns of every row that people post and change.

    ``sleutel`` makes sending a form twice one row, ``demo`` marks invented content.
    """

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    sleutel: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class SoortKolommen:
    """A list of kinds that a beheerder keeps: data, not code."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    naam: Mapped[str] = mapped_column(Naam, unique=True)
    volgorde: Mapped[int] = mapped_column(default=0, server_default="0")
    actief: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:
        return (CheckConstraint("code ~ '^[a-z0-9-]+$'", name="code"),)


def connect_args(settings: Settings) -> dict[str, Any]:
    """Limits that keep one slow report from stopping the map, as options of the connection."""
    options = {
        "statement_timeout": settings.statement_timeout_s,
        "lock_timeout": settings.lock_timeout_s,
        "idle_in_transaction_session_timeout": settings.idle_in_transaction_s,
    }
    flags = " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in options.items())
    return {
        "options": f"{flags} -c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC",
        "connect_timeout": 2,
        "application_name": "kernenkaart",
    }


def make_engine(settings: Settings) -> Engine:
    """The engine of the web role: a small pool that never waits long and checks on checkout."""
    return create_engine(
        settings.database_url,
        connect_args=connect_args(settings),
        pool_size=settings.pool_size,
        max_overflow=4,
        pool_timeout=settings.pool_timeout_s,
        pool_pre_ping=True,
        pool_use_lifo=True,  # few visitors share few connections, which know their questions
    )


def make_beheer_engine(settings: Settings) -> Engine:
    """The engine of the owning role, for migrations and large imports; no time limits."""
    return create_engine(settings.beheer_url or settings.database_url, poolclass=NullPool)


def init_db(app: Flask, settings: Settings) -> None:
    """Give the app an engine and a session per request."""
    engine = make_engine(settings)
    app.extensions["kernenkaart.engine"] = engine
    app.extensions["kernenkaart.sessions"] = sessionmaker(engine, expire_on_commit=False)

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        opened: Session | None = g.pop("db_session", None)
        if opened is not None:
            opened.close()


def engine() -> Engine:
    """The engine of the running app."""
    found: Engine = current_app.extensions["kernenkaart.engine"]
    return found


def session() -> Session:
    """The session of this request or command, opened on first use."""
    if "db_session" not in g:
        g.db_session = current_app.extensions["kernenkaart.sessions"]()
    opened: Session = g.db_session
    return opened


@contextmanager
def beheer_session(settings: Settings) -> Iterator[Session]:
    """A session of the owning role, for commands; rolled back unless committed."""
    owner = make_beheer_engine(settings)
    with Session(owner, expire_on_commit=False) as opened:
        yield opened
    owner.dispose()
