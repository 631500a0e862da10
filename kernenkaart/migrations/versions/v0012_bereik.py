"""A boundary lies within the reach of RD, as every other geometry does.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEREIK = (
    "NOT ST_IsEmpty(grens) AND ST_XMin(grens) >= -7000 AND ST_XMax(grens) <= 300000 "
    "AND ST_YMin(grens) >= 289000 AND ST_YMax(grens) <= 629000"
)
TABELLEN = ("kern", "gemeente")


def upgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"ALTER TABLE {tabel} ADD CONSTRAINT ck_{tabel}_grens_bereik CHECK ({BEREIK})")


def downgrade() -> None:
    for tabel in TABELLEN:
        op.execute(f"ALTER TABLE {tabel} DROP CONSTRAINT ck_{tabel}_grens_bereik")
