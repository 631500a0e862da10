"""Words a beheerder chose for fixed codes.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE label (
            lijst varchar(40) NOT NULL,
            code varchar(40) NOT NULL,
            tekst varchar NOT NULL,
            CONSTRAINT pk_label PRIMARY KEY (lijst, code),
            CONSTRAINT ck_label_tekst CHECK (length(tekst) BETWEEN 1 AND 60)
        )
        """
    )
    for statement in functies.journal("label"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE label")
