"""The database is what the models say, and can go back and forth."""

import re
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from kernenkaart.config import ROOT
from kernenkaart.embedded import Cluster
from kernenkaart.migrations.commands import alembic_config, downgrade, upgrade
from kernenkaart.migrations.models import MODULES


def test_every_module_with_a_table_is_known_to_the_migrations() -> None:
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in Path(ROOT, "kernenkaart").rglob("*.py")
        if re.search(r"^    __tablename__ = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert found == set(MODULES)


def test_there_is_one_chain_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_the_migrations_make_what_the_models_say_and_undo_all_of_it(cluster: Cluster) -> None:
    cluster.create_database("op_en_neer")
    url = cluster.url("kernenkaart_beheer", "op_en_neer")
    engine = create_engine(url)

    upgrade(url)
    command.check(alembic_config(url))
    downgrade(url)

    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "spatial_ref_sys"}
    upgrade(url)
    engine.dispose()
    cluster.drop_database("op_en_neer")
