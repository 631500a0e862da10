"""All tables, and the rules the database keeps itself.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

from kernenkaart.migrations import functies

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JOURNAL = {
    "gebruiker": ("password", "tf_totp_secret", "mf_recovery_codes", "fs_uniquifier"),
    "lidmaatschap": (),
    "gemeente": (),
    "gebied": (),
    "kern": (),
    "toewijzing": (),
    "spreekuur": (),
    "organisatie_soort": (),
    "organisatie": (),
    "platform_soort": (),
    "platform": (),
    "platform_kern": (),
    "platform_relatie": (),
    "activiteit_soort": (),
    "activiteit": (),
    "werkzaamheid_soort": (),
    "werkzaamheid": (),
    "hinderregel": (),
    "project_soort": (),
    "project": (),
    "project_fase": (),
    "initiatief_soort": (),
    "initiatief": (),
}
APP_ROLE = "kernenkaart_app"


def upgrade() -> None:
    for extension in ("postgis", "pg_trgm", "btree_gist", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute((Path(__file__).parent / "0001_tabellen.sql").read_text(encoding="utf-8"))
    for statement in functies.FUNCTIES.values():
        op.execute(statement)
    for tabel, zonder in JOURNAL.items():
        for statement in functies.journal(tabel, zonder):
            op.execute(statement)
    for tabel in functies.MET_PLEK:
        for statement in functies.place(tabel):
            op.execute(statement)
    for statement in functies.follow_boundaries(functies.MET_PLEK):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER journaal_blijft BEFORE UPDATE OR DELETE ON journaal "
        "FOR EACH ROW EXECUTE FUNCTION journaal_blijft()"
    )
    grant()


def grant() -> None:
    """Give the app's role what it needs, and no more; where that role exists."""
    op.execute(
        f"""
        DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
            GRANT USAGE ON SCHEMA public TO {APP_ROLE};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
            REVOKE INSERT, UPDATE, DELETE ON journaal, data_versie FROM {APP_ROLE};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public
                GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APP_ROLE};
        END IF;
        END $$
        """
    )


def downgrade() -> None:
    op.execute((Path(__file__).parent / "0001_weg.sql").read_text(encoding="utf-8"))
    for signature in functies.FUNCTIES:
        op.execute(f"DROP FUNCTION {signature} CASCADE")
