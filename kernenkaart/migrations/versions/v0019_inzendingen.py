"""What residents send in; pictures that wait for a moderator; remarks about misuse.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATUSSEN = (
    "'onbevestigd', 'wacht', 'vraag', 'geplaatst', 'geweigerd', 'ingetrokken', 'samengevoegd'"
)
AARD = "'wijziging', 'reclame', 'kwetsend', 'prive', 'nep'"
BEREIK = (
    "NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 "
    "AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000"
)

TABELLEN = f"""
ALTER TABLE beeld ADD openbaar boolean NOT NULL DEFAULT false;
UPDATE beeld SET openbaar = true;

ALTER TABLE wijzigingsverzoek ADD aard varchar(40) NOT NULL DEFAULT 'wijziging'
    CONSTRAINT ck_wijzigingsverzoek_aard CHECK (aard IN ({AARD}));

CREATE TABLE inzending (
    id serial CONSTRAINT pk_inzending PRIMARY KEY,
    publiek_id uuid NOT NULL DEFAULT gen_random_uuid()
        CONSTRAINT uq_inzending_publiek_id UNIQUE,
    soort_id integer NOT NULL CONSTRAINT fk_inzending_soort_id REFERENCES activiteit_soort (id),
    gemeente_id integer NOT NULL CONSTRAINT fk_inzending_gemeente_id REFERENCES gemeente (id),
    kern_id integer CONSTRAINT fk_inzending_kern_id REFERENCES kern (id),
    geom geometry(GEOMETRY, 28992),
    plek_naam varchar,
    titel varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_inzending_titel CHECK (length(titel) BETWEEN 1 AND 200),
    organisator varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_inzending_organisator CHECK (length(organisator) BETWEEN 1 AND 200),
    omschrijving varchar NOT NULL DEFAULT ''
        CONSTRAINT ck_inzending_omschrijving CHECK (length(omschrijving) <= 5000),
    begint_op timestamptz NOT NULL,
    eindigt_op timestamptz NOT NULL,
    hele_dag boolean NOT NULL DEFAULT false,
    beeld_id integer CONSTRAINT fk_inzending_beeld_id REFERENCES beeld (id) ON DELETE SET NULL,
    email varchar(254),
    status varchar(40) NOT NULL CONSTRAINT ck_inzending_status CHECK (status IN ({STATUSSEN})),
    bevestigd_op timestamptz,
    gemeld_op timestamptz,
    vraag varchar,
    antwoord varchar,
    reden varchar,
    activiteit_id integer CONSTRAINT fk_inzending_activiteit_id
        REFERENCES activiteit (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    versie integer NOT NULL DEFAULT 1,
    sleutel uuid CONSTRAINT uq_inzending_sleutel UNIQUE,
    demo boolean NOT NULL DEFAULT false,
    CONSTRAINT ck_inzending_tijden CHECK (eindigt_op > begint_op),
    CONSTRAINT ck_inzending_kern CHECK (kern_id IS NOT NULL),
    CONSTRAINT ck_inzending_geom_geldig CHECK (
        ST_IsValid(geom) AND ST_NPoints(geom) <= 10000 AND {BEREIK}),
    CONSTRAINT ck_inzending_bevestigd CHECK ((status = 'onbevestigd') = (bevestigd_op IS NULL)),
    CONSTRAINT ck_inzending_activiteit CHECK (
        status NOT IN ('geplaatst', 'samengevoegd') OR activiteit_id IS NOT NULL)
);
CREATE INDEX ix_inzending_gemeente_id ON inzending (gemeente_id);
CREATE INDEX ix_inzending_kern_id ON inzending (kern_id);
CREATE INDEX ix_inzending_status ON inzending (status);
CREATE INDEX ix_inzending_activiteit_id ON inzending (activiteit_id);
"""

WEG = """
DROP TABLE inzending;
ALTER TABLE wijzigingsverzoek DROP aard;
ALTER TABLE beeld DROP openbaar;
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    for statement in functies.journal("inzending", ("email", "publiek_id")):
        op.execute(statement)


def downgrade() -> None:
    op.execute(WEG)
