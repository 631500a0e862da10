"""Calendars that come in, and what of them became which activity.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# what changes at every run says nothing about who changed what
ZONDER = ("gelezen", "verslag", "melding", "fouten", "etag", "gewijzigd", "gelezen_op",
          "volgende_op")  # fmt: skip

TABELLEN = """
CREATE TABLE kalenderbron (
    id serial CONSTRAINT pk_kalenderbron PRIMARY KEY,
    platform_id integer NOT NULL
        CONSTRAINT fk_kalenderbron_platform_id REFERENCES platform (id),
    naam varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_kalenderbron_naam CHECK (length(naam) BETWEEN 1 AND 200),
    adres varchar CONSTRAINT ck_kalenderbron_adres
        CHECK (adres ~* '^https?://' AND length(adres) <= 2000),
    soort_id integer NOT NULL
        CONSTRAINT fk_kalenderbron_soort_id REFERENCES activiteit_soort (id),
    kern_id integer NOT NULL CONSTRAINT fk_kalenderbron_kern_id REFERENCES kern (id),
    stand varchar(40) NOT NULL CONSTRAINT ck_kalenderbron_stand
        CHECK (stand IN ('lezen', 'bekijken', 'overnemen', 'loopt')),
    gelezen jsonb,
    verslag jsonb,
    melding varchar,
    fouten integer NOT NULL DEFAULT 0,
    etag varchar NOT NULL DEFAULT '',
    gewijzigd varchar NOT NULL DEFAULT '',
    gelezen_op timestamptz,
    volgende_op timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    versie integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_kalenderbron_platform_id_adres UNIQUE (platform_id, adres)
);
CREATE INDEX ix_kalenderbron_platform_id ON kalenderbron (platform_id);
CREATE INDEX ix_kalenderbron_volgende_op ON kalenderbron (volgende_op);
CREATE TABLE bronitem (
    id serial CONSTRAINT pk_bronitem PRIMARY KEY,
    bron_id integer NOT NULL
        CONSTRAINT fk_bronitem_bron_id REFERENCES kalenderbron (id) ON DELETE CASCADE,
    sleutel varchar(64) NOT NULL,
    reeks varchar(64) NOT NULL,
    afdruk varchar(64) NOT NULL,
    titel varchar(200) COLLATE "nl-x-icu" NOT NULL,
    begint_op timestamptz NOT NULL,
    keuze varchar(40) NOT NULL
        CONSTRAINT ck_bronitem_keuze CHECK (keuze IN ('neem', 'sla_over', 'vraag')),
    activiteit_id integer
        CONSTRAINT fk_bronitem_activiteit_id REFERENCES activiteit (id) ON DELETE SET NULL,
    activiteit_versie integer,
    lijkt_op_id integer
        CONSTRAINT fk_bronitem_lijkt_op_id REFERENCES activiteit (id) ON DELETE SET NULL,
    weg_op timestamptz,
    CONSTRAINT uq_bronitem_bron_id_sleutel UNIQUE (bron_id, sleutel)
);
CREATE UNIQUE INDEX ix_bronitem_activiteit_id ON bronitem (activiteit_id);
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    op.execute(functies.journal("kalenderbron", ZONDER)[0])


def downgrade() -> None:
    op.execute("DROP TABLE bronitem, kalenderbron")
