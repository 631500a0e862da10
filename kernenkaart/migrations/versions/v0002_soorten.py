"""The kinds a new kernenkaart starts with; a beheerder changes them in pages.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SOORTEN = {
    "activiteit_soort": (
        "Bijeenkomst", "Bestuursbezoek", "Cursus", "Feest", "Kermis", "Markt", "Muziek en theater",
        "Natuur", "Ouderen", "Jeugd", "Sport", "Vergadering", "Werkdag", "Anders",
    ),
    "werkzaamheid_soort": (
        "Asfalt", "Bestrating", "Bomen en groen", "Brug of duiker", "Dijk", "Glasvezel en telecom",
        "Riool", "Stroom", "Gas", "Warmte", "Waterleiding", "Sloot en oever", "Verlichting",
        "Bouw", "Anders",
    ),
    "project_soort": (
        "Dijkverzwaring", "Woningbouw", "Verkeer", "Centrum en pleinen", "Natuur en water",
        "Energie", "Gebouw", "Anders",
    ),
    "initiatief_soort": (
        "Groen", "Ontmoeten", "Spelen en sport", "Zorg voor elkaar", "Duurzaam", "Cultuur",
        "Veiligheid", "Anders",
    ),
    "platform_soort": (
        "Dorpsraad", "Dorpstafel", "Inwonersplatform", "Werkgroep", "Vereniging", "Stichting",
        "Anders",
    ),
    "organisatie_soort": (
        "Gemeente", "Waterschap", "Provincie", "Rijk", "Netbeheerder", "Drinkwaterbedrijf",
        "Telecombedrijf", "Woningcorporatie", "Anders",
    ),
}  # fmt: skip


def upgrade() -> None:
    for tabel, namen in SOORTEN.items():
        columns: list[sa.ColumnClause[str]] = [
            sa.column(name) for name in ("code", "naam", "volgorde")
        ]
        op.bulk_insert(
            sa.table(tabel, *columns),
            [
                {"code": naam.lower().replace(" ", "-"), "naam": naam, "volgorde": 10 * number}
                for number, naam in enumerate(namen, start=1)
            ],
        )


def downgrade() -> None:
    for tabel in SOORTEN:
        op.execute(f"DELETE FROM {tabel}")
