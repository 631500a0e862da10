"""What residents send in can say for whom it is and in which hall.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two choices to what was sent in."""
    op.execute(
        """
        ALTER TABLE inzending
            ADD doelgroep_id integer
                CONSTRAINT fk_inzending_doelgroep_id REFERENCES doelgroep (id),
            ADD zaal_id integer
                CONSTRAINT fk_inzending_zaal_id REFERENCES zaal (id) ON DELETE SET NULL
        """
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE inzending DROP doelgroep_id, DROP zaal_id")
