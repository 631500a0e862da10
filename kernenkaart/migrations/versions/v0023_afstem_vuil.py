"""What changed and must be looked at again, marked by the database itself.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABELLEN = """
CREATE TABLE afstem_vuil (
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    laag varchar(40) NOT NULL
        CONSTRAINT ck_afstem_vuil_laag CHECK (laag IN ('werkzaamheden', 'activiteiten')),
    ding_id integer NOT NULL CONSTRAINT ck_afstem_vuil_ding_id CHECK (ding_id > 0),
    sinds timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_afstem_vuil PRIMARY KEY (xid, laag, ding_id)
);
INSERT INTO afstem_vuil (laag, ding_id)
    SELECT 'werkzaamheden', id FROM werkzaamheid
    UNION ALL SELECT 'activiteiten', id FROM activiteit WHERE eindigt_op > now();
"""

MERK = """
CREATE FUNCTION afstem_merk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO afstem_vuil (laag, ding_id) VALUES (TG_ARGV[0], coalesce(NEW.id, OLD.id))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

MERK_FASE = """
CREATE FUNCTION afstem_merk_fase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO afstem_vuil (laag, ding_id)
    VALUES ('werkzaamheden', coalesce(NEW.werkzaamheid_id, OLD.werkzaamheid_id))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

# the layer or the moratorium of a kind of work changed: so did every work of that kind
MERK_SOORT = """
CREATE FUNCTION afstem_merk_soort() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO afstem_vuil (laag, ding_id)
    SELECT 'werkzaamheden', id FROM werkzaamheid WHERE soort_id = NEW.id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

FUNCTIES = {
    "afstem_merk": MERK,
    "afstem_merk_fase": MERK_FASE,
    "afstem_merk_soort": MERK_SOORT,
}

# what two things that meet are judged by
VELDEN = {
    "werkzaamheid": (
        "geom", "hinder_geom", "hinder", "eerste_dag", "laatste_dag", "vroegst", "laatst",
        "duur_dagen", "status", "soort_id", "diepte", "openbaar", "organisatie_id", "plek_naam",
    ),
    "activiteit": (
        "geom", "kern_id", "begint_op", "eindigt_op", "hele_dag", "status", "platform_id",
    ),
}  # fmt: skip
LAGEN = {"werkzaamheid": "werkzaamheden", "activiteit": "activiteiten"}


def _differ(velden: tuple[str, ...]) -> str:
    oud, nieuw = (", ".join(f"{rij}.{veld}" for veld in velden) for rij in ("OLD", "NEW"))
    return f"ROW({oud}) IS DISTINCT FROM ROW({nieuw})"


def upgrade() -> None:
    op.execute(TABELLEN)
    for functie in FUNCTIES.values():
        op.execute(functie)
    for tabel, laag in LAGEN.items():
        op.execute(
            f"CREATE TRIGGER afstem_merk AFTER INSERT OR DELETE ON {tabel} "
            f"FOR EACH ROW EXECUTE FUNCTION afstem_merk('{laag}')"
        )
        op.execute(
            f"CREATE TRIGGER afstem_merk_anders AFTER UPDATE ON {tabel} FOR EACH ROW "
            f"WHEN ({_differ(VELDEN[tabel])}) EXECUTE FUNCTION afstem_merk('{laag}')"
        )
    op.execute(
        "CREATE TRIGGER afstem_merk AFTER INSERT OR UPDATE OR DELETE ON werkzaamheid_fase "
        "FOR EACH ROW EXECUTE FUNCTION afstem_merk_fase()"
    )
    op.execute(
        "CREATE TRIGGER afstem_merk_anders AFTER UPDATE ON werkzaamheid_soort FOR EACH ROW "
        f"WHEN ({_differ(('diepte', 'moratorium_maanden'))}) EXECUTE FUNCTION afstem_merk_soort()"
    )


def downgrade() -> None:
    for tabel in (*LAGEN, "werkzaamheid_fase"):
        op.execute(f"DROP TRIGGER afstem_merk ON {tabel}")
    for tabel in (*LAGEN, "werkzaamheid_soort"):
        op.execute(f"DROP TRIGGER afstem_merk_anders ON {tabel}")
    for functie in FUNCTIES:
        op.execute(f"DROP FUNCTION {functie}()")
    op.execute("DROP TABLE afstem_vuil")
