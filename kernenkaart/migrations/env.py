"""How Alembic finds the models and the database."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import SchemaItem

from kernenkaart.db import Model
from kernenkaart.migrations.models import load_models

load_models()
config = context.config


def include_object(
    thing: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Leave PostGIS' own tables and those of the job queue alone."""
    if name and name.startswith("procrastinate_"):
        return False
    return bool(
        alembic_helpers.include_object(  # type: ignore[no-untyped-call]
            thing, name, kind, reflected, compare_to
        )
    )


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        include_object=include_object,
        render_item=alembic_helpers.render_item,
        process_revision_directives=alembic_helpers.writer,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(config.attributes["url"], poolclass=NullPool).connect() as own:
        run(own)
        own.commit()
