"""Clashes of several works at once and who is told of a clash; what a look failed on; open then.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KLASSEN = "'zelfde_plek_en_tijd', 'toegang', 'zelfde_tijd', 'zelfde_plek'"


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE botsing
            ADD samen_met integer[] NOT NULL DEFAULT '{{}}',
            ADD melden varchar(40) CONSTRAINT ck_botsing_melden
                CHECK (melden IN ('werkzaamheid', 'activiteit')),
            ADD gemeld_klasse varchar(40) CONSTRAINT ck_botsing_gemeld_klasse
                CHECK (gemeld_klasse IN ({KLASSEN}));
        UPDATE botsing SET gemeld_klasse = klasse;
        CREATE INDEX ix_botsing_samen_met ON botsing USING gin (samen_met);
        CREATE INDEX ix_botsing_melden ON botsing (id) WHERE melden IS NOT NULL;
        ALTER TABLE afstem_vuil
            ADD pogingen smallint NOT NULL DEFAULT 0,
            ADD fout text,
            ADD straks timestamptz;
        ALTER TABLE startcheck ADD open_toen jsonb
        """
    )


def downgrade() -> None:
    op.execute(
        """
        ALTER TABLE startcheck DROP open_toen;
        ALTER TABLE afstem_vuil DROP pogingen, DROP fout, DROP straks;
        DROP INDEX ix_botsing_samen_met, ix_botsing_melden;
        ALTER TABLE botsing DROP samen_met, DROP melden, DROP gemeld_klasse
        """
    )
