"""Series of activities, for whom they are, the hall they are in, and a picture.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from kernenkaart.migrations import functies

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATUSSEN = "'concept', 'verwacht', 'gepubliceerd', 'afgelast', 'ingetrokken'"
STATUSSEN_EERST = "'concept', 'gepubliceerd', 'afgelast', 'ingetrokken'"
DOELGROEPEN = ("Iedereen", "Kinderen", "Jongeren", "Gezinnen", "Volwassenen", "Ouderen")
BEREIK = (
    "NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -7000 AND ST_XMax(geom) <= 300000 "
    "AND ST_YMin(geom) >= 289000 AND ST_YMax(geom) <= 629000"
)

TABELLEN = f"""
CREATE TABLE doelgroep (
    id serial CONSTRAINT pk_doelgroep PRIMARY KEY,
    code varchar(40) NOT NULL CONSTRAINT uq_doelgroep_code UNIQUE
        CONSTRAINT ck_doelgroep_code CHECK (code ~ '^[a-z0-9-]+$'),
    naam varchar(200) COLLATE "nl-x-icu" NOT NULL CONSTRAINT uq_doelgroep_naam UNIQUE,
    volgorde integer NOT NULL DEFAULT 0,
    actief boolean NOT NULL DEFAULT true
);
CREATE TABLE zaal (
    id serial CONSTRAINT pk_zaal PRIMARY KEY,
    kern_id integer NOT NULL CONSTRAINT fk_zaal_kern_id REFERENCES kern (id),
    naam varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_zaal_naam CHECK (length(naam) BETWEEN 1 AND 200),
    adres varchar,
    geom geometry(POINT, 28992) NOT NULL CONSTRAINT ck_zaal_geom_bereik CHECK ({BEREIK}),
    actief boolean NOT NULL DEFAULT true,
    demo boolean NOT NULL DEFAULT false,
    versie integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_zaal_kern_id_naam UNIQUE (kern_id, naam)
);
CREATE TABLE beeld (
    id serial CONSTRAINT pk_beeld PRIMARY KEY,
    publiek_id uuid NOT NULL DEFAULT gen_random_uuid()
        CONSTRAINT uq_beeld_publiek_id UNIQUE,
    inhoud bytea NOT NULL CONSTRAINT ck_beeld_inhoud CHECK (octet_length(inhoud) <= 2000000),
    breedte_px integer NOT NULL,
    hoogte_px integer NOT NULL,
    alt varchar NOT NULL CONSTRAINT ck_beeld_alt CHECK (length(alt) BETWEEN 1 AND 300),
    bron varchar NOT NULL DEFAULT '' CONSTRAINT ck_beeld_bron CHECK (length(bron) <= 200),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE reeks (
    id serial CONSTRAINT pk_reeks PRIMARY KEY,
    uid uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT uq_reeks_uid UNIQUE,
    platform_id integer NOT NULL CONSTRAINT fk_reeks_platform_id REFERENCES platform (id),
    soort_id integer NOT NULL CONSTRAINT fk_reeks_soort_id REFERENCES activiteit_soort (id),
    doelgroep_id integer CONSTRAINT fk_reeks_doelgroep_id REFERENCES doelgroep (id),
    zaal_id integer CONSTRAINT fk_reeks_zaal_id REFERENCES zaal (id) ON DELETE SET NULL,
    gemeente_id integer NOT NULL CONSTRAINT fk_reeks_gemeente_id REFERENCES gemeente (id),
    kern_id integer CONSTRAINT fk_reeks_kern_id REFERENCES kern (id),
    geom geometry(GEOMETRY, 28992),
    plek_naam varchar,
    titel varchar(200) COLLATE "nl-x-icu" NOT NULL
        CONSTRAINT ck_reeks_titel CHECK (length(titel) BETWEEN 1 AND 200),
    organisator varchar(200) COLLATE "nl-x-icu",
    omschrijving varchar NOT NULL DEFAULT '',
    regel varchar NOT NULL CONSTRAINT ck_reeks_regel CHECK (length(regel) BETWEEN 1 AND 500),
    eerste_dag date NOT NULL,
    van time,
    tot time,
    nachten integer NOT NULL DEFAULT 0
        CONSTRAINT ck_reeks_nachten CHECK (nachten BETWEEN 0 AND 366),
    bevestigen boolean NOT NULL DEFAULT false,
    uitgewerkt_tot date NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    versie integer NOT NULL DEFAULT 1,
    sleutel uuid CONSTRAINT uq_reeks_sleutel UNIQUE,
    demo boolean NOT NULL DEFAULT false,
    CONSTRAINT ck_reeks_tijden CHECK ((van IS NULL) = (tot IS NULL)),
    CONSTRAINT ck_reeks_plek CHECK (geom IS NOT NULL OR kern_id IS NOT NULL),
    CONSTRAINT ck_reeks_geom_geldig CHECK (
        ST_IsValid(geom) AND ST_NPoints(geom) <= 10000 AND {BEREIK})
);
CREATE INDEX ix_reeks_platform_id ON reeks (platform_id);
CREATE INDEX ix_reeks_gemeente_id ON reeks (gemeente_id);
CREATE INDEX ix_reeks_kern_id ON reeks (kern_id);
CREATE INDEX ix_reeks_uitgewerkt_tot ON reeks (uitgewerkt_tot);

ALTER TABLE activiteit
    ADD uid uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD doelgroep_id integer CONSTRAINT fk_activiteit_doelgroep_id REFERENCES doelgroep (id),
    ADD zaal_id integer
        CONSTRAINT fk_activiteit_zaal_id REFERENCES zaal (id) ON DELETE SET NULL,
    ADD beeld_id integer
        CONSTRAINT fk_activiteit_beeld_id REFERENCES beeld (id) ON DELETE SET NULL,
    ADD reeks_id integer CONSTRAINT fk_activiteit_reeks_id REFERENCES reeks (id),
    ADD reeks_dag date,
    ADD afwijkend boolean NOT NULL DEFAULT false,
    ADD organisator varchar(200) COLLATE "nl-x-icu",
    ADD gevraagd_op timestamptz,
    ADD CONSTRAINT uq_activiteit_uid UNIQUE (uid),
    ADD CONSTRAINT uq_activiteit_reeks_id_reeks_dag UNIQUE (reeks_id, reeks_dag),
    ADD CONSTRAINT ck_activiteit_reeks CHECK ((reeks_id IS NULL) = (reeks_dag IS NULL)),
    DROP CONSTRAINT ck_activiteit_status,
    ADD CONSTRAINT ck_activiteit_status CHECK (status IN ({STATUSSEN}));
CREATE INDEX ix_activiteit_zaal_id ON activiteit (zaal_id);
"""

WEG = f"""
UPDATE activiteit SET status = 'gepubliceerd' WHERE status = 'verwacht';
ALTER TABLE activiteit
    DROP uid, DROP doelgroep_id, DROP zaal_id, DROP beeld_id, DROP reeks_id, DROP reeks_dag,
    DROP afwijkend, DROP organisator, DROP gevraagd_op,
    DROP CONSTRAINT ck_activiteit_status,
    ADD CONSTRAINT ck_activiteit_status CHECK (status IN ({STATUSSEN_EERST}));
DROP TABLE reeks, beeld, zaal, doelgroep;
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    for tabel, zonder in (("doelgroep", ()), ("zaal", ()), ("beeld", ("inhoud",)), ("reeks", ())):
        for statement in functies.journal(tabel, zonder):
            op.execute(statement)
    lijst = sa.table(
        "doelgroep", sa.column("code"), sa.column("naam"), sa.column("volgorde", sa.Integer)
    )
    op.bulk_insert(
        lijst,
        [
            {"code": naam.lower(), "naam": naam, "volgorde": nummer}
            for nummer, naam in enumerate(DOELGROEPEN, start=1)
        ],
    )


def downgrade() -> None:
    op.execute(WEG)
