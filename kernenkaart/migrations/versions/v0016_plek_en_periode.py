"""Ask place and period of activities of one index, as for works.

With the first moment alone beside the place, a period was half a condition: everything that had
begun before it was read and thrown away, and the planner took the index on periods beside it.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_activiteit_geom_periode ON activiteit "
        "USING gist (geom, tstzrange(begint_op, eindigt_op))"
    )
    op.execute("DROP INDEX ix_activiteit_geom_begint")


def downgrade() -> None:
    op.execute("CREATE INDEX ix_activiteit_geom_begint ON activiteit USING gist (geom, begint_op)")
    op.execute("DROP INDEX ix_activiteit_geom_periode")
