"""Works that could be one, and what was decided about them.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from kernenkaart.migrations import functies
from kernenkaart.migrations.versions.v0001_tabellen import APP_ROLE

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KANT = "CHECK ({0} IN ('a', 'b'))"
KEUZE = "CHECK (keuze IN ('combineren', 'na_elkaar', 'niet'))"

TABELLEN = f"""
CREATE TABLE koppelkans (
    id serial CONSTRAINT pk_koppelkans PRIMARY KEY,
    a_id integer CONSTRAINT fk_koppelkans_a_id
        REFERENCES werkzaamheid (id) ON DELETE SET NULL,
    b_id integer CONSTRAINT fk_koppelkans_b_id
        REFERENCES werkzaamheid (id) ON DELETE SET NULL,
    invoer jsonb NOT NULL,
    afstand_m double precision NOT NULL,
    samen_dagen integer NOT NULL,
    tussen_dagen integer NOT NULL,
    bespaard_dagen integer NOT NULL,
    score smallint NOT NULL CONSTRAINT ck_koppelkans_score CHECK (score BETWEEN 0 AND 100),
    eerst varchar(40) CONSTRAINT ck_koppelkans_eerst {KANT.format("eerst")},
    schuift varchar(40) CONSTRAINT ck_koppelkans_schuift {KANT.format("schuift")},
    venster_van date NOT NULL,
    venster_tot date NOT NULL,
    moratorium_tot date,
    redenen jsonb NOT NULL,
    past boolean NOT NULL DEFAULT true,
    keuze varchar(40) CONSTRAINT ck_koppelkans_keuze {KEUZE},
    besluiten integer NOT NULL DEFAULT 0,
    opnieuw boolean NOT NULL DEFAULT false,
    sinds timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_koppelkans_a_id_b_id UNIQUE (a_id, b_id),
    CONSTRAINT ck_koppelkans_volgorde CHECK (a_id < b_id),
    CONSTRAINT ck_koppelkans_keuze_besluiten CHECK ((keuze IS NULL) = (besluiten = 0))
);
CREATE INDEX ix_koppelkans_b_id ON koppelkans (b_id);
CREATE INDEX ix_koppelkans_open ON koppelkans (score DESC, id) WHERE keuze IS NULL;
CREATE TABLE koppelbesluit (
    id serial CONSTRAINT pk_koppelbesluit PRIMARY KEY,
    koppelkans_id integer NOT NULL
        CONSTRAINT fk_koppelbesluit_koppelkans_id REFERENCES koppelkans (id),
    nummer integer NOT NULL CONSTRAINT ck_koppelbesluit_nummer CHECK (nummer > 0),
    keuze varchar(40) NOT NULL CONSTRAINT ck_koppelbesluit_keuze {KEUZE},
    vorm varchar(40) CONSTRAINT ck_koppelbesluit_vorm
        CHECK (vorm IN ('afsluiting', 'sleuf', 'aannemer', 'bericht')),
    reden varchar NOT NULL
        CONSTRAINT ck_koppelbesluit_reden CHECK (length(reden) BETWEEN 1 AND 2000),
    venster_van date,
    venster_tot date,
    bespaard_dagen integer NOT NULL,
    stand jsonb NOT NULL,
    gebruiker_id integer CONSTRAINT fk_koppelbesluit_gebruiker_id
        REFERENCES gebruiker (id) ON DELETE SET NULL,
    organisatie_id integer
        CONSTRAINT fk_koppelbesluit_organisatie_id REFERENCES organisatie (id),
    op timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_koppelbesluit_koppelkans_id_nummer UNIQUE (koppelkans_id, nummer),
    CONSTRAINT ck_koppelbesluit_venster CHECK (venster_tot >= venster_van),
    CONSTRAINT ck_koppelbesluit_keuze_vorm CHECK ((vorm IS NOT NULL) = (keuze = 'combineren'))
);
DROP INDEX ix_werkzaamheid_geom_periode;
CREATE INDEX ix_werkzaamheid_geom_periode ON werkzaamheid USING gist (
    geom, daterange(eerste_dag, laatste_dag, '[]'),
    daterange(coalesce(vroegst, eerste_dag), coalesce(laatst, laatste_dag), '[]'));
INSERT INTO afstem_vuil (laag, ding_id) SELECT 'werkzaamheden', id FROM werkzaamheid
    ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    # what was decided is never changed or taken away by the app
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN "
        f"REVOKE UPDATE, DELETE ON koppelbesluit FROM {APP_ROLE}; END IF; END $$"
    )
    for statement in functies.journal("koppelbesluit"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX ix_werkzaamheid_geom_periode")
    op.execute(
        "CREATE INDEX ix_werkzaamheid_geom_periode ON werkzaamheid "
        "USING gist (geom, daterange(eerste_dag, laatste_dag, '[]'))"
    )
    op.execute("DROP TABLE koppelbesluit, koppelkans")
