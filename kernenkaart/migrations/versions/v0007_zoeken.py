"""Search in title and place together with one index, instead of one on the title alone.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABELLEN = ("activiteit", "werkzaamheid", "project", "initiatief")


def upgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"DROP INDEX ix_{tabel}_titel_trgm")
        op.execute(
            f"CREATE INDEX ix_{tabel}_zoek_trgm ON {tabel} "
            "USING gin ((titel || ' ' || coalesce(plek_naam, '')) gin_trgm_ops)"
        )


def downgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"DROP INDEX ix_{tabel}_zoek_trgm")
        op.execute(f"CREATE INDEX ix_{tabel}_titel_trgm ON {tabel} USING gin (titel gin_trgm_ops)")
