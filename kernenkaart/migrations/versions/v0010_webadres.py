"""A website is an address of the web: nothing else ever becomes a link.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABELLEN = ("organisatie", "platform", "project")


def upgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"UPDATE {tabel} SET website = NULL WHERE website !~* '^https?://'")
        op.execute(
            f"ALTER TABLE {tabel} ADD CONSTRAINT ck_{tabel}_website CHECK (website ~* '^https?://')"
        )


def downgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"ALTER TABLE {tabel} DROP CONSTRAINT ck_{tabel}_website")
