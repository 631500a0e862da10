"""Find the things of one gemeente, and what begins soonest, without reading all of the country.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

from kernenkaart.migrations.functies import MET_PLEK

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DAGEN = ("werkzaamheid", "project")


def upgrade() -> None:
    for tabel in MET_PLEK:
        op.execute(f"CREATE INDEX ix_{tabel}_gemeente_id ON {tabel} (gemeente_id)")
    for tabel in DAGEN:
        op.execute(f"CREATE INDEX ix_{tabel}_eerste_dag ON {tabel} (eerste_dag)")


def downgrade() -> None:
    for tabel in MET_PLEK:
        op.execute(f"DROP INDEX ix_{tabel}_gemeente_id")
    for tabel in DAGEN:
        op.execute(f"DROP INDEX ix_{tabel}_eerste_dag")
