"""Keys for programs, and requests of theirs that may be sent twice.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABELLEN = """
CREATE TABLE toegangssleutel (
    id serial CONSTRAINT pk_toegangssleutel PRIMARY KEY,
    gebruiker_id integer NOT NULL
        CONSTRAINT fk_toegangssleutel_gebruiker_id REFERENCES gebruiker (id) ON DELETE CASCADE,
    naam varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_toegangssleutel_naam CHECK (length(naam) BETWEEN 1 AND 100),
    begin varchar(20) NOT NULL CONSTRAINT uq_toegangssleutel_begin UNIQUE,
    hash bytea NOT NULL,
    rechten varchar(60)[] NOT NULL CONSTRAINT ck_toegangssleutel_rechten CHECK (
        cardinality(rechten) > 0 AND rechten <@
        ARRAY['werkzaamheden:lezen', 'werkzaamheden:schrijven']::varchar[]),
    created_at timestamptz NOT NULL DEFAULT now(),
    gezien_op timestamptz,
    verloopt_op timestamptz NOT NULL,
    ingetrokken_op timestamptz
);
CREATE INDEX ix_toegangssleutel_gebruiker_id ON toegangssleutel (gebruiker_id);
CREATE TABLE verzoek (
    gebruiker_id integer NOT NULL
        CONSTRAINT fk_verzoek_gebruiker_id REFERENCES gebruiker (id) ON DELETE CASCADE,
    sleutel uuid NOT NULL,
    vingerafdruk bytea NOT NULL,
    antwoord jsonb,
    op timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_verzoek PRIMARY KEY (gebruiker_id, sleutel)
);
CREATE INDEX ix_verzoek_op ON verzoek (op);
"""

# whoever closes an account or changes what it is, in a page or in SQL: its keys are worth nothing
SLEUTELS_INTREKKEN = """
CREATE FUNCTION sleutels_intrekken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE toegangssleutel SET ingetrokken_op = now()
    WHERE gebruiker_id = NEW.id AND ingetrokken_op IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER sleutels_intrekken AFTER UPDATE ON gebruiker FOR EACH ROW
WHEN ((OLD.active, OLD.rol, OLD.organisatie_id)
    IS DISTINCT FROM (NEW.active, NEW.rol, NEW.organisatie_id))
EXECUTE FUNCTION sleutels_intrekken();
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    # each use is noted: that is neither a change to remember nor a new version of the data
    op.execute(functies.journal("toegangssleutel", ("hash", "gezien_op"))[0])
    op.execute(SLEUTELS_INTREKKEN)


def downgrade() -> None:
    op.execute("DROP TRIGGER sleutels_intrekken ON gebruiker")
    op.execute("DROP FUNCTION sleutels_intrekken()")
    op.execute("DROP TABLE verzoek, toegangssleutel")
