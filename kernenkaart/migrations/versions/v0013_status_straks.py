"""A draft remembers the status that was chosen for it.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODES = {
    "initiatief": "concept idee zoekt_helpers bezig bijna_klaar klaar gestopt ingetrokken",
    "werkzaamheid": "concept nog_niet_zeker verwacht bevestigd bezig klaar uitgesteld vervallen",
    "project": "concept verkenning voorbereiding uitvoering klaar gestopt",
}


def upgrade() -> None:
    for tabel, codes in CODES.items():
        waarden = ", ".join(f"'{code}'" for code in codes.split())
        op.execute(
            f"ALTER TABLE {tabel} ADD COLUMN status_straks varchar(40), "
            f"ADD CONSTRAINT ck_{tabel}_status_straks CHECK (status_straks IN ({waarden}))"
        )


def downgrade() -> None:
    for tabel in CODES:
        op.execute(f"ALTER TABLE {tabel} DROP COLUMN status_straks")  # its check goes with it
