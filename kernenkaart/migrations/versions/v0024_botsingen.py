"""The road network, and works and activities that are in each other's way.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.migrations import functies

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KLASSEN = "'zelfde_plek_en_tijd', 'toegang', 'zelfde_tijd', 'zelfde_plek'"
OPLOSSINGEN = "'verplaats_werk', 'verplaats_activiteit', 'kan_samen'"
STATUSSEN = "'open', 'aanvaard', 'afgewezen', 'ingetrokken'"

TABELLEN = f"""
CREATE TABLE wegvak (
    id serial CONSTRAINT pk_wegvak PRIMARY KEY,
    naam varchar NOT NULL DEFAULT '',
    van_knoop integer NOT NULL,
    naar_knoop integer NOT NULL,
    lengte_m double precision NOT NULL,
    geom geometry(LINESTRING, 28992) NOT NULL
        CONSTRAINT ck_wegvak_geom_bereik CHECK ({bereik_sql("geom")})
);
CREATE INDEX ix_wegvak_geom ON wegvak USING gist (geom);
CREATE TABLE botsing (
    id serial CONSTRAINT pk_botsing PRIMARY KEY,
    werkzaamheid_id integer NOT NULL CONSTRAINT fk_botsing_werkzaamheid_id
        REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    activiteit_id integer NOT NULL CONSTRAINT fk_botsing_activiteit_id
        REFERENCES activiteit (id) ON DELETE CASCADE,
    klasse varchar(40) NOT NULL CONSTRAINT ck_botsing_klasse CHECK (klasse IN ({KLASSEN})),
    afstand_m double precision NOT NULL,
    eerste_dag date NOT NULL,
    laatste_dag date NOT NULL,
    dagen integer NOT NULL,
    ertussen_dagen integer NOT NULL,
    gebruikelijk boolean NOT NULL,
    redenen jsonb NOT NULL,
    actueel boolean NOT NULL DEFAULT true,
    sinds timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_botsing_werkzaamheid_id_activiteit_id UNIQUE (werkzaamheid_id, activiteit_id),
    CONSTRAINT ck_botsing_dagen CHECK (laatste_dag >= eerste_dag),
    CONSTRAINT ck_botsing_aantal CHECK (dagen >= 0 AND ertussen_dagen >= 0)
);
CREATE INDEX ix_botsing_activiteit_id ON botsing (activiteit_id);
CREATE TABLE botsing_voorstel (
    id serial CONSTRAINT pk_botsing_voorstel PRIMARY KEY,
    botsing_id integer NOT NULL CONSTRAINT fk_botsing_voorstel_botsing_id
        REFERENCES botsing (id) ON DELETE CASCADE,
    kant varchar(40) NOT NULL
        CONSTRAINT ck_botsing_voorstel_kant CHECK (kant IN ('werkzaamheid', 'activiteit')),
    oplossing varchar(40) NOT NULL
        CONSTRAINT ck_botsing_voorstel_oplossing CHECK (oplossing IN ({OPLOSSINGEN})),
    eerste_dag date,
    laatste_dag date,
    toelichting varchar NOT NULL DEFAULT ''
        CONSTRAINT ck_botsing_voorstel_toelichting CHECK (length(toelichting) <= 500),
    status varchar(40) NOT NULL DEFAULT 'open'
        CONSTRAINT ck_botsing_voorstel_status CHECK (status IN ({STATUSSEN})),
    antwoord varchar NOT NULL DEFAULT ''
        CONSTRAINT ck_botsing_voorstel_antwoord CHECK (length(antwoord) <= 500),
    werk_eerste date NOT NULL,
    werk_laatste date NOT NULL,
    activiteit_eerste date NOT NULL,
    activiteit_laatste date NOT NULL,
    door_id integer CONSTRAINT fk_botsing_voorstel_door_id
        REFERENCES gebruiker (id) ON DELETE SET NULL,
    gemaakt_op timestamptz NOT NULL DEFAULT now(),
    beantwoord_door_id integer CONSTRAINT fk_botsing_voorstel_beantwoord_door_id
        REFERENCES gebruiker (id) ON DELETE SET NULL,
    beantwoord_op timestamptz,
    CONSTRAINT ck_botsing_voorstel_dagen CHECK (laatste_dag >= eerste_dag),
    CONSTRAINT ck_botsing_voorstel_oplossing_dagen CHECK (
        (oplossing = 'kan_samen') = (eerste_dag IS NULL)
        AND (eerste_dag IS NULL) = (laatste_dag IS NULL)),
    CONSTRAINT ck_botsing_voorstel_beantwoord CHECK ((status = 'open') = (beantwoord_op IS NULL))
);
CREATE INDEX ix_botsing_voorstel_botsing_id ON botsing_voorstel (botsing_id);
CREATE UNIQUE INDEX uq_botsing_voorstel_open ON botsing_voorstel (botsing_id)
    WHERE status = 'open';
"""


def upgrade() -> None:
    op.execute(TABELLEN)
    for statement in functies.journal("botsing_voorstel"):
        op.execute(statement)


def downgrade() -> None:
    for tabel in ("botsing_voorstel", "botsing", "wegvak"):
        op.execute(f"DROP TABLE {tabel}")
