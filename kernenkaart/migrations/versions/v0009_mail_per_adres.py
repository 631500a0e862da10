"""Count mails per address, so that nobody's mailbox is bombed.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # who got the mails of before is not known and no longer matters
    op.execute("DELETE FROM verzending WHERE klaar_op IS NOT NULL")
    op.execute("ALTER TABLE verzending ADD COLUMN adres bytea NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE verzending ALTER COLUMN adres DROP DEFAULT")
    op.execute("CREATE INDEX ix_verzending_adres ON verzending (adres, begonnen_op)")


def downgrade() -> None:
    op.execute("ALTER TABLE verzending DROP COLUMN adres")
