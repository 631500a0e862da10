"""Where works are in the way, the way around and their steps, in one table for map and open data.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

PUNT = (
    "CASE WHEN GeometryType(geom) = 'LINESTRING' THEN ST_LineInterpolatePoint(geom, 0.5) "
    "ELSE ST_PointOnSurface(geom) END"
)
TABEL = f"""
CREATE TABLE hinderplek (
    id serial CONSTRAINT pk_hinderplek PRIMARY KEY,
    werkzaamheid_id integer NOT NULL
        CONSTRAINT fk_hinderplek_werkzaamheid_id
        REFERENCES werkzaamheid (id) ON DELETE CASCADE,
    soort varchar(40) NOT NULL
        CONSTRAINT ck_hinderplek_soort CHECK (soort IN ('hinder', 'omleiding', 'stap')),
    volgorde smallint NOT NULL,
    geom geometry(Geometry, 28992) NOT NULL,
    punt geometry(Point, 28992) NOT NULL GENERATED ALWAYS AS ({PUNT}) STORED,
    geom_3857 geometry(Geometry, 3857) NOT NULL
        GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT uq_hinderplek_werkzaamheid_id_soort_volgorde
        UNIQUE (werkzaamheid_id, soort, volgorde)
);
CREATE INDEX ix_hinderplek_geom ON hinderplek USING gist (geom);
CREATE INDEX ix_hinderplek_geom_3857 ON hinderplek USING gist (geom_3857);
CREATE INDEX ix_hinderplek_punt ON hinderplek USING gist (punt);
"""

FUNCTIES = {
    "hinderplek_zet(integer, varchar, smallint, geometry)": """
CREATE FUNCTION hinderplek_zet(werk integer, wat varchar, nummer smallint, g geometry)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF g IS NULL THEN
        DELETE FROM hinderplek
        WHERE werkzaamheid_id = werk AND soort = wat AND volgorde = nummer;
    ELSE
        INSERT INTO hinderplek (werkzaamheid_id, soort, volgorde, geom)
        VALUES (werk, wat, nummer, g)
        ON CONFLICT (werkzaamheid_id, soort, volgorde) DO UPDATE SET geom = excluded.geom
        WHERE hinderplek.geom IS DISTINCT FROM excluded.geom;
    END IF;
END $$
""",
    "hinderplek_van_werk()": """
CREATE FUNCTION hinderplek_van_werk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hinderplek_zet(NEW.id, 'hinder', 0::smallint, NEW.hinder_geom);
    PERFORM hinderplek_zet(NEW.id, 'omleiding', 0::smallint, NEW.omleiding_geom);
    RETURN NULL;
END $$
""",
    "hinderplek_van_fase()": """
CREATE FUNCTION hinderplek_van_fase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM hinderplek_zet(OLD.werkzaamheid_id, 'stap', OLD.volgorde, NULL)
        WHERE TG_OP = 'DELETE'
            OR (OLD.werkzaamheid_id, OLD.volgorde) <> (NEW.werkzaamheid_id, NEW.volgorde);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM hinderplek_zet(NEW.werkzaamheid_id, 'stap', NEW.volgorde, NEW.geom);
    END IF;
    RETURN NULL;
END $$
""",
}

TRIGGERS = (
    "CREATE TRIGGER hinderplek_nieuw AFTER INSERT ON werkzaamheid FOR EACH ROW "
    "WHEN (NEW.hinder_geom IS NOT NULL OR NEW.omleiding_geom IS NOT NULL) "
    "EXECUTE FUNCTION hinderplek_van_werk()",
    "CREATE TRIGGER hinderplek_anders AFTER UPDATE OF hinder_geom, omleiding_geom "
    "ON werkzaamheid FOR EACH ROW EXECUTE FUNCTION hinderplek_van_werk()",
    "CREATE TRIGGER hinderplek AFTER INSERT OR DELETE OR UPDATE OF werkzaamheid_id, volgorde, geom "
    "ON werkzaamheid_fase FOR EACH ROW EXECUTE FUNCTION hinderplek_van_fase()",
)

VUL = """
INSERT INTO hinderplek (werkzaamheid_id, soort, volgorde, geom)
SELECT id, 'hinder', 0, hinder_geom FROM werkzaamheid WHERE hinder_geom IS NOT NULL
UNION ALL
SELECT id, 'omleiding', 0, omleiding_geom FROM werkzaamheid WHERE omleiding_geom IS NOT NULL
UNION ALL
SELECT werkzaamheid_id, 'stap', volgorde, geom FROM werkzaamheid_fase WHERE geom IS NOT NULL
"""


def upgrade() -> None:
    op.execute(TABEL)
    for functie in FUNCTIES.values():
        op.execute(functie)
    op.execute(VUL)
    for statement in (*TRIGGERS, *functies.version("hinderplek")):
        op.execute(statement)


def downgrade() -> None:
    for trigger in ("hinderplek_nieuw", "hinderplek_anders"):
        op.execute(f"DROP TRIGGER {trigger} ON werkzaamheid")
    op.execute("DROP TRIGGER hinderplek ON werkzaamheid_fase")
    for functie in reversed(FUNCTIES):
        op.execute(f"DROP FUNCTION {functie}")
    op.execute("DROP TABLE hinderplek")
