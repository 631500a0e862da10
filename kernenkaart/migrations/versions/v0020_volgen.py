"""Who follows what by e-mail, and what they have been told.

None of this enters the journaal: an address that is erased is gone everywhere.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABELLEN = """
CREATE TABLE volger (
    id serial CONSTRAINT pk_volger PRIMARY KEY,
    publiek_id uuid NOT NULL DEFAULT gen_random_uuid()
        CONSTRAINT uq_volger_publiek_id UNIQUE,
    email varchar(254) NOT NULL CONSTRAINT uq_volger_email UNIQUE
        CONSTRAINT ck_volger_email_klein CHECK (email = lower(email)),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE abonnement (
    id serial CONSTRAINT pk_abonnement PRIMARY KEY,
    publiek_id uuid NOT NULL DEFAULT gen_random_uuid()
        CONSTRAINT uq_abonnement_publiek_id UNIQUE,
    volger_id integer NOT NULL
        CONSTRAINT fk_abonnement_volger_id REFERENCES volger (id) ON DELETE CASCADE,
    vraag varchar NOT NULL CONSTRAINT ck_abonnement_vraag CHECK (length(vraag) <= 2000),
    ritme varchar(40) NOT NULL CONSTRAINT ck_abonnement_ritme CHECK (ritme IN ('dag', 'week')),
    created_at timestamptz NOT NULL DEFAULT now(),
    bevestigd_op timestamptz,
    gebundeld_tot date,
    CONSTRAINT uq_abonnement_volger_id_vraag UNIQUE (volger_id, vraag),
    CONSTRAINT ck_abonnement_bevestigd
        CHECK ((bevestigd_op IS NULL) = (gebundeld_tot IS NULL))
);
CREATE INDEX ix_abonnement_ronde ON abonnement (ritme, gebundeld_tot);
CREATE TABLE gemeld (
    abonnement_id integer NOT NULL
        CONSTRAINT fk_gemeld_abonnement_id REFERENCES abonnement (id) ON DELETE CASCADE,
    laag varchar(40) NOT NULL,
    ding_id integer NOT NULL,
    stand jsonb NOT NULL,
    op timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_gemeld PRIMARY KEY (abonnement_id, laag, ding_id)
);
CREATE INDEX ix_gemeld_ding ON gemeld (laag, ding_id);
"""


def upgrade() -> None:
    op.execute(TABELLEN)


def downgrade() -> None:
    op.execute("DROP TABLE gemeld, abonnement, volger")
