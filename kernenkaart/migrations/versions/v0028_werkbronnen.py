"""Works that come in: sources, what they bring now, and what of it became which work.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.migrations import functies

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# what changes at every run says nothing about who changed what
ZONDER = ("kolommen", "opmerkingen", "gedaan", "totaal", "verslag", "melding", "fouten", "etag",
          "gewijzigd", "gelezen_op", "volgende_op", "bijwerken")  # fmt: skip


def _valid(kolom: str) -> str:
    return f"ST_IsValid({kolom}) AND ST_NPoints({kolom}) <= 10000 AND {bereik_sql(kolom)}"


TABELLEN = f"""
CREATE TABLE werkbron (
    id serial CONSTRAINT pk_werkbron PRIMARY KEY,
    organisatie_id integer NOT NULL
        CONSTRAINT fk_werkbron_organisatie_id REFERENCES organisatie (id),
    naam varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_werkbron_naam CHECK (length(naam) BETWEEN 1 AND 200),
    adres varchar CONSTRAINT ck_werkbron_adres
        CHECK (adres ~* '^https?://' AND length(adres) <= 2000),
    ritme varchar(40) NOT NULL CONSTRAINT ck_werkbron_ritme
        CHECK (ritme IN ('hand', 'uur', 'dag', 'week')),
    stand varchar(40) NOT NULL CONSTRAINT ck_werkbron_stand
        CHECK (stand IN ('lezen', 'wegen', 'bekijken', 'overnemen', 'loopt')),
    bestandsnaam varchar NOT NULL DEFAULT '',
    kaartlaag varchar NOT NULL DEFAULT '',
    koppeling jsonb,
    kolommen jsonb NOT NULL DEFAULT '[]',
    opmerkingen jsonb NOT NULL DEFAULT '[]',
    bijwerken boolean NOT NULL DEFAULT false,
    gedaan integer NOT NULL DEFAULT 0,
    totaal integer NOT NULL DEFAULT 0,
    verslag jsonb,
    melding varchar,
    fouten integer NOT NULL DEFAULT 0,
    etag varchar NOT NULL DEFAULT '',
    gewijzigd varchar NOT NULL DEFAULT '',
    gelezen_op timestamptz,
    volgende_op timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    versie integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_werkbron_organisatie_id_adres UNIQUE (organisatie_id, adres)
);
CREATE INDEX ix_werkbron_organisatie_id ON werkbron (organisatie_id);
CREATE INDEX ix_werkbron_volgende_op ON werkbron (volgende_op);
CREATE TABLE werkbron_bestand (
    bron_id integer CONSTRAINT pk_werkbron_bestand PRIMARY KEY
        CONSTRAINT fk_werkbron_bestand_bron_id REFERENCES werkbron (id) ON DELETE CASCADE,
    inhoud bytea NOT NULL
);
CREATE TABLE werkbron_rij (
    bron_id integer NOT NULL
        CONSTRAINT fk_werkbron_rij_bron_id REFERENCES werkbron (id) ON DELETE CASCADE,
    nummer integer NOT NULL,
    velden jsonb NOT NULL,
    geom geometry(Geometry, 28992)
        CONSTRAINT ck_werkbron_rij_geom_geldig CHECK ({_valid("geom")}),
    leesfout varchar,
    hersteld jsonb NOT NULL DEFAULT '[]',
    reden varchar,
    aangevuld jsonb NOT NULL DEFAULT '[]',
    oordeel varchar(40) CONSTRAINT ck_werkbron_rij_oordeel CHECK
        (oordeel IN ('nieuw', 'veranderd', 'gelijk', 'eigen', 'geweigerd', 'buiten')),
    sleutel varchar(64),
    waarden jsonb,
    vorm geometry(Geometry, 28992)
        CONSTRAINT ck_werkbron_rij_vorm_geldig CHECK ({_valid("vorm")}),
    afdruk varchar(64),
    gemeente_id integer,
    CONSTRAINT pk_werkbron_rij PRIMARY KEY (bron_id, nummer)
);
CREATE INDEX ix_werkbron_rij_bron_id_sleutel ON werkbron_rij (bron_id, sleutel);
CREATE TABLE werkbronitem (
    id serial CONSTRAINT pk_werkbronitem PRIMARY KEY,
    bron_id integer NOT NULL
        CONSTRAINT fk_werkbronitem_bron_id REFERENCES werkbron (id) ON DELETE CASCADE,
    sleutel varchar(64) NOT NULL,
    afdruk varchar(64) NOT NULL,
    werkzaamheid_id integer CONSTRAINT fk_werkbronitem_werkzaamheid_id
        REFERENCES werkzaamheid (id) ON DELETE SET NULL,
    werkzaamheid_versie integer NOT NULL,
    weg_op timestamptz,
    CONSTRAINT uq_werkbronitem_bron_id_sleutel UNIQUE (bron_id, sleutel)
);
CREATE UNIQUE INDEX ix_werkbronitem_werkzaamheid_id ON werkbronitem (werkzaamheid_id);
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    op.execute(functies.journal("werkbron", ZONDER)[0])


def downgrade() -> None:
    op.execute("DROP TABLE werkbronitem, werkbron_rij, werkbron_bestand, werkbron")
