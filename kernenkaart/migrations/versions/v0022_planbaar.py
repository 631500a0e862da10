"""Works that can be planned: how sure their days are, how far they can move, how deep they go.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

from kernenkaart.geo.bereik import bereik_sql
from kernenkaart.migrations import functies

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LAGEN = "('boven', 'verharding', 'kabels_en_leidingen', 'riool', 'groen', 'gebouw')"
GEOMETRIE = "ST_IsValid({0}) AND ST_NPoints({0}) <= 10000 AND {1}"


def _valid(kolom: str) -> str:
    return GEOMETRIE.format(kolom, bereik_sql(kolom))


TABELLEN = f"""
ALTER TABLE werkzaamheid
    ADD nauwkeurigheid varchar(40) NOT NULL DEFAULT 'dag'
        CONSTRAINT ck_werkzaamheid_nauwkeurigheid
        CHECK (nauwkeurigheid IN ('dag', 'week', 'maand', 'kwartaal', 'seizoen', 'jaar')),
    ADD duur_dagen integer,
    ADD vroegst date,
    ADD laatst date,
    ADD diepte varchar(40) CONSTRAINT ck_werkzaamheid_diepte CHECK (diepte IN {LAGEN}),
    ADD hinder_geom geometry(Geometry, 28992)
        CONSTRAINT ck_werkzaamheid_hinder_geom_geldig CHECK ({_valid("hinder_geom")}),
    ADD omleiding_geom geometry(Geometry, 28992)
        CONSTRAINT ck_werkzaamheid_omleiding_geom_geldig CHECK ({_valid("omleiding_geom")}),
    ADD interne_notitie varchar NOT NULL DEFAULT '',
    ADD CONSTRAINT ck_werkzaamheid_vroegst CHECK (vroegst <= eerste_dag),
    ADD CONSTRAINT ck_werkzaamheid_laatst CHECK (laatst >= laatste_dag),
    ADD CONSTRAINT ck_werkzaamheid_duur_dagen
        CHECK (duur_dagen BETWEEN 1 AND laatste_dag - eerste_dag + 1);
CREATE INDEX ix_werkzaamheid_hinder_geom ON werkzaamheid USING gist (hinder_geom);
ALTER TABLE werkzaamheid_soort
    ADD diepte varchar(40) NOT NULL DEFAULT 'boven'
        CONSTRAINT ck_werkzaamheid_soort_diepte CHECK (diepte IN {LAGEN}),
    ADD moratorium_maanden smallint NOT NULL DEFAULT 0
        CONSTRAINT ck_werkzaamheid_soort_moratorium_maanden
        CHECK (moratorium_maanden BETWEEN 0 AND 240);
CREATE TABLE werkzaamheid_fase (
    werkzaamheid_id integer NOT NULL
        CONSTRAINT fk_werkzaamheid_fase_werkzaamheid_id
        REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    volgorde smallint NOT NULL,
    naam varchar NOT NULL
        CONSTRAINT ck_werkzaamheid_fase_naam CHECK (length(naam) BETWEEN 1 AND 100),
    eerste_dag date NOT NULL,
    laatste_dag date NOT NULL,
    geom geometry(Geometry, 28992)
        CONSTRAINT ck_werkzaamheid_fase_geom_geldig CHECK ({_valid("geom")}),
    CONSTRAINT pk_werkzaamheid_fase PRIMARY KEY (werkzaamheid_id, volgorde),
    CONSTRAINT ck_werkzaamheid_fase_dagen CHECK (laatste_dag >= eerste_dag)
);
"""

# what a kind is unless a beheerder says otherwise: its layer, and for how many months after it the
# street had better stay closed
SOORTEN = {
    "asfalt": ("verharding", 60),
    "bestrating": ("verharding", 36),
    "bomen-en-groen": ("groen", 0),
    "glasvezel-en-telecom": ("kabels_en_leidingen", 0),
    "riool": ("riool", 0),
    "stroom": ("kabels_en_leidingen", 0),
    "gas": ("kabels_en_leidingen", 0),
    "warmte": ("kabels_en_leidingen", 0),
    "waterleiding": ("kabels_en_leidingen", 0),
    "bouw": ("gebouw", 0),
}


def upgrade() -> None:
    op.execute(TABELLEN)
    for code, (diepte, maanden) in SOORTEN.items():
        op.execute(
            f"UPDATE werkzaamheid_soort SET diepte = '{diepte}', moratorium_maanden = {maanden} "
            f"WHERE code = '{code}'"
        )
    for statement in functies.journal("werkzaamheid_fase"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE werkzaamheid_fase")
    op.execute("ALTER TABLE werkzaamheid_soort DROP diepte, DROP moratorium_maanden")
    op.execute(
        "ALTER TABLE werkzaamheid DROP nauwkeurigheid, DROP duur_dagen, DROP vroegst, DROP laatst, "
        "DROP diepte, DROP hinder_geom, DROP omleiding_geom, DROP interne_notitie"
    )
