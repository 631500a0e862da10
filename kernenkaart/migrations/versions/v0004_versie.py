"""A version on what beheerders edit, so that two of them never overwrite each other silently.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABELLEN = ("platform", "organisatie", "gebruiker")


def upgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"ALTER TABLE {tabel} ADD COLUMN versie integer NOT NULL DEFAULT 1")


def downgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"ALTER TABLE {tabel} DROP COLUMN versie")
