"""What tiles of whole regions are made from, and the triggers that note what must be counted again.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABELLEN = """
CREATE TABLE tegel_cel (
    laag VARCHAR(40) COLLATE "C" NOT NULL,
    z SMALLINT NOT NULL,
    tx INTEGER NOT NULL,
    ty INTEGER NOT NULL,
    soort VARCHAR(40) COLLATE "C" NOT NULL,
    cx SMALLINT NOT NULL,
    cy SMALLINT NOT NULL,
    n INTEGER NOT NULL,
    punt geometry(POINT,28992) NOT NULL,
    punt_3857 geometry(POINT,3857) NOT NULL,
    begint DATE[],
    eindigt DATE[],
    CONSTRAINT pk_tegel_cel PRIMARY KEY (laag, z, tx, ty, soort, cx, cy)
);
-- read whole, and quickly
ALTER TABLE tegel_cel ALTER COLUMN begint SET STORAGE EXTERNAL;
ALTER TABLE tegel_cel ALTER COLUMN eindigt SET STORAGE EXTERNAL;

CREATE TABLE tegel_vuil (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    laag VARCHAR(40) COLLATE "C" NOT NULL,
    kx INTEGER NOT NULL,
    ky INTEGER NOT NULL,
    CONSTRAINT pk_tegel_vuil PRIMARY KEY (id)
);
CREATE INDEX ix_tegel_vuil_laag_kx_ky ON tegel_vuil (laag, kx, ky);

CREATE TABLE tegel_kern (
    kern_id INTEGER NOT NULL,
    z SMALLINT NOT NULL,
    geom geometry(GEOMETRY,28992) NOT NULL,
    geom_3857 geometry(GEOMETRY,3857) NOT NULL,
    CONSTRAINT pk_tegel_kern PRIMARY KEY (kern_id, z),
    CONSTRAINT fk_tegel_kern_kern_id FOREIGN KEY (kern_id) REFERENCES kern (id) ON DELETE CASCADE
);
CREATE INDEX ix_tegel_kern_geom ON tegel_kern USING gist (z, geom);
CREATE INDEX ix_tegel_kern_geom_3857 ON tegel_kern USING gist (z, geom_3857);
"""

# column and row of a point in the finest grid of cells: 32 in a tile of zoom level 10
CEL = """
CREATE FUNCTION tegel_kx(p geometry) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor((ST_X(p) + 20037508.342789244) / (40075016.685578488 / 32768))::integer
$$;
CREATE FUNCTION tegel_ky(p geometry) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor((20037508.342789244 - ST_Y(p)) / (40075016.685578488 / 32768))::integer
$$
"""

# OFFSET 0: transform once, not for each of both
VUIL = """
CREATE FUNCTION tegel_vuil_maken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO tegel_vuil (laag, kx, ky)
        SELECT DISTINCT TG_ARGV[0], tegel_kx(p), tegel_ky(p)
        FROM (SELECT ST_Transform(punt, 3857) AS p FROM voor WHERE punt IS NOT NULL OFFSET 0) q;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO tegel_vuil (laag, kx, ky)
        SELECT DISTINCT TG_ARGV[0], tegel_kx(p), tegel_ky(p)
        FROM (SELECT ST_Transform(punt, 3857) AS p FROM na WHERE punt IS NOT NULL OFFSET 0) q;
    END IF;
    RETURN NULL;
END $$
"""

SOORT_VUIL = """
CREATE FUNCTION tegel_soort_vuil() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO tegel_vuil (laag, kx, ky)
    SELECT laag, tx * 32 + cx, ty * 32 + cy FROM tegel_cel
    WHERE laag = TG_ARGV[0] AND soort = OLD.code AND z = 10;
    RETURN NULL;
END $$
"""

# a quarter of a pixel (1/256 of a tile) at 52 degrees north, metres
KERN = """
CREATE FUNCTION tegel_kern_afleiden(id integer, grens geometry) RETURNS void LANGUAGE sql AS $$
    DELETE FROM tegel_kern WHERE kern_id = id;
    INSERT INTO tegel_kern (kern_id, z, geom, geom_3857)
    SELECT id, z, grof, ST_Transform(grof, 3857)
    FROM generate_series(5, 11) z,
        LATERAL (SELECT ST_SimplifyPreserveTopology(grens, 24000 / 2 ^ z) AS grof OFFSET 0) q;
$$
"""
KERN_TRIGGER = """
CREATE FUNCTION tegel_kern_maken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tegel_kern_afleiden(NEW.id, NEW.grens);
    RETURN NULL;
END $$
"""

LAGEN = {
    "activiteit": "activiteiten",
    "werkzaamheid": "werkzaamheden",
    "project": "projecten",
    "initiatief": "initiatieven",
}
GEBEURT = {
    "INSERT": "NEW TABLE AS na",
    "UPDATE": "OLD TABLE AS voor NEW TABLE AS na",
    "DELETE": "OLD TABLE AS voor",
}


def upgrade() -> None:
    for statement in (TABELLEN, CEL, VUIL, SOORT_VUIL, KERN, KERN_TRIGGER):
        op.execute(statement)
    for tabel, laag in LAGEN.items():
        _watch(tabel, laag)
    op.execute(
        "CREATE TRIGGER tegel_kern AFTER INSERT OR UPDATE OF grens ON kern "
        "FOR EACH ROW EXECUTE FUNCTION tegel_kern_maken()"
    )
    op.execute("SELECT tegel_kern_afleiden(id, grens) FROM kern")
    op.execute(
        "CREATE TRIGGER data_versie AFTER INSERT OR UPDATE OR DELETE ON tegel_cel "
        "FOR EACH STATEMENT EXECUTE FUNCTION data_versie_ophogen()"
    )
    # from the time of making on, so that no two databases ever have the same version
    op.execute(
        "INSERT INTO data_versie (tabel, vak, n) "
        "VALUES ('tegel_cel', 0, extract(epoch FROM clock_timestamp()) * 1000000)"
    )


def _watch(tabel: str, laag: str) -> None:
    for what, tables in GEBEURT.items():
        op.execute(
            f"CREATE TRIGGER tegel_vuil_{what.lower()} AFTER {what} ON {tabel} "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION tegel_vuil_maken('{laag}')"
        )
    op.execute(
        f"CREATE TRIGGER tegel_soort AFTER UPDATE OF code ON {tabel}_soort FOR EACH ROW "
        f"WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION tegel_soort_vuil('{laag}')"
    )
    op.execute(
        "INSERT INTO tegel_vuil (laag, kx, ky) "
        f"SELECT DISTINCT '{laag}', tegel_kx(p), tegel_ky(p) FROM (SELECT ST_Transform(punt, 3857) "
        f"AS p FROM {tabel} WHERE punt IS NOT NULL OFFSET 0) q"
    )


def downgrade() -> None:
    for tabel in LAGEN:
        op.execute(f"DROP TRIGGER tegel_soort ON {tabel}_soort")
        for what in GEBEURT:
            op.execute(f"DROP TRIGGER tegel_vuil_{what.lower()} ON {tabel}")
    op.execute("DROP TRIGGER tegel_kern ON kern")
    op.execute("DROP TABLE tegel_kern, tegel_vuil, tegel_cel")
    for functie in (
        "tegel_kern_maken()",
        "tegel_kern_afleiden(integer, geometry)",
        "tegel_soort_vuil()",
        "tegel_vuil_maken()",
        "tegel_kx(geometry)",
        "tegel_ky(geometry)",
    ):
        op.execute(f"DROP FUNCTION {functie}")
    op.execute("DELETE FROM data_versie WHERE tabel = 'tegel_cel'")
