"""Startchecks: which kernen a work touches, who has to know, who was told, and why none is needed.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.migrations import functies

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABELLEN = f"""
CREATE TABLE startcheck (
    id serial CONSTRAINT pk_startcheck PRIMARY KEY,
    sleutel uuid NOT NULL CONSTRAINT uq_startcheck_sleutel UNIQUE,
    titel varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_startcheck_titel CHECK (length(titel) BETWEEN 1 AND 200),
    werkzaamheid_id integer
        CONSTRAINT fk_startcheck_werkzaamheid_id REFERENCES werkzaamheid (id) ON DELETE SET NULL,
    soort_id integer NOT NULL
        CONSTRAINT fk_startcheck_soort_id REFERENCES werkzaamheid_soort (id),
    hinder varchar(40) NOT NULL
        CONSTRAINT ck_startcheck_hinder CHECK (hinder IN ('geen', 'beperkt', 'afgesloten')),
    eerste_dag date NOT NULL,
    laatste_dag date NOT NULL,
    geom geometry(Geometry, 28992) NOT NULL
        CONSTRAINT ck_startcheck_geom_geldig CHECK (
            ST_IsValid(geom) AND ST_NPoints(geom) <= 100000 AND {bereik_sql("geom")}),
    gebruiker_id integer
        CONSTRAINT fk_startcheck_gebruiker_id REFERENCES gebruiker (id) ON DELETE SET NULL,
    organisatie_id integer
        CONSTRAINT fk_startcheck_organisatie_id REFERENCES organisatie (id),
    gemaakt_op timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_startcheck_dagen CHECK (laatste_dag >= eerste_dag)
);
CREATE INDEX ix_startcheck_werkzaamheid_id ON startcheck (werkzaamheid_id);
CREATE INDEX ix_startcheck_organisatie_id ON startcheck (organisatie_id);
CREATE INDEX ix_startcheck_gemaakt_op ON startcheck (gemaakt_op);
CREATE TABLE startcheck_kern (
    startcheck_id integer NOT NULL
        CONSTRAINT fk_startcheck_kern_startcheck_id REFERENCES startcheck (id) ON DELETE CASCADE,
    kern_id integer NOT NULL
        CONSTRAINT fk_startcheck_kern_kern_id REFERENCES kern (id) ON DELETE CASCADE,
    aandeel double precision NOT NULL,
    CONSTRAINT pk_startcheck_kern PRIMARY KEY (startcheck_id, kern_id)
);
CREATE INDEX ix_startcheck_kern_kern_id ON startcheck_kern (kern_id);
CREATE TABLE startcheck_groep (
    id serial CONSTRAINT pk_startcheck_groep PRIMARY KEY,
    startcheck_id integer NOT NULL
        CONSTRAINT fk_startcheck_groep_startcheck_id REFERENCES startcheck (id) ON DELETE CASCADE,
    kern_id integer NOT NULL
        CONSTRAINT fk_startcheck_groep_kern_id REFERENCES kern (id) ON DELETE CASCADE,
    wie varchar NOT NULL
        CONSTRAINT ck_startcheck_groep_wie CHECK (length(wie) BETWEEN 1 AND 200),
    platform_id integer
        CONSTRAINT fk_startcheck_groep_platform_id REFERENCES platform (id) ON DELETE SET NULL,
    weken smallint NOT NULL
        CONSTRAINT ck_startcheck_groep_weken CHECK (weken BETWEEN 0 AND 104),
    advies varchar NOT NULL DEFAULT '',
    geinformeerd_op date,
    hoe varchar CONSTRAINT ck_startcheck_groep_hoe CHECK (length(hoe) BETWEEN 1 AND 300),
    CONSTRAINT uq_startcheck_groep_startcheck_id_kern_id_wie UNIQUE (startcheck_id, kern_id, wie),
    CONSTRAINT ck_startcheck_groep_geinformeerd
        CHECK ((geinformeerd_op IS NULL) = (hoe IS NULL))
);
CREATE INDEX ix_startcheck_groep_kern_id ON startcheck_groep (kern_id);
CREATE INDEX ix_startcheck_groep_platform_id ON startcheck_groep (platform_id);
CREATE TABLE startcheck_vrijstelling (
    werkzaamheid_id integer NOT NULL CONSTRAINT pk_startcheck_vrijstelling PRIMARY KEY
        CONSTRAINT fk_startcheck_vrijstelling_werkzaamheid_id
        REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    reden varchar NOT NULL
        CONSTRAINT ck_startcheck_vrijstelling_reden CHECK (length(reden) BETWEEN 1 AND 500),
    gebruiker_id integer CONSTRAINT fk_startcheck_vrijstelling_gebruiker_id
        REFERENCES gebruiker (id) ON DELETE SET NULL,
    gemaakt_op timestamptz NOT NULL DEFAULT now()
);
"""
BIJGEHOUDEN = ("startcheck", "startcheck_groep", "startcheck_vrijstelling")


def upgrade() -> None:
    op.execute(TABELLEN)
    for tabel in BIJGEHOUDEN:
        op.execute(functies.journal(tabel)[0])


def downgrade() -> None:
    op.execute("DROP TABLE startcheck_vrijstelling, startcheck_groep, startcheck_kern, startcheck")
