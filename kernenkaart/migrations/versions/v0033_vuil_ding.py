"""Find what waits to be looked at by the thing, also when very much waits.

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_afstem_vuil_ding ON afstem_vuil (ding_id, laag)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_afstem_vuil_ding")
