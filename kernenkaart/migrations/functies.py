"""The database's own rules: journaal, data version, and which kern a thing belongs to.

They live in the database so that they hold for changes made in SQL too. ``install`` puts triggers
on a table; a migration that adds a table calls it.
"""

JOURNAAL = """
CREATE FUNCTION journaal_schrijf() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    weg text[] := ARRAY['geom_3857', 'punt', 'updated_at', 'versie'] || TG_ARGV[0]::text[];
    oud jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - weg END;
    nieuw jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - weg END;
    rij jsonb := coalesce(nieuw, oud);
    veld text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF oud = nieuw THEN
            RETURN NULL;
        END IF;
        FOR veld IN SELECT jsonb_object_keys(nieuw) LOOP
            IF oud -> veld IS NOT DISTINCT FROM nieuw -> veld THEN
                oud := oud - veld;
                nieuw := nieuw - veld;
            END IF;
        END LOOP;
    END IF;
    INSERT INTO journaal (gebruiker_id, door, tabel, rij_id, actie, oud, nieuw)
    VALUES (nullif(current_setting('kernenkaart.gebruiker_id', true), '')::integer,
            session_user, TG_TABLE_NAME, (rij ->> 'id')::bigint, left(TG_OP, 1), oud, nieuw);
    RETURN NULL;
END $$
"""

JOURNAAL_BLIJFT = """
CREATE FUNCTION journaal_blijft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'het journaal wordt niet veranderd' USING ERRCODE = 'insufficient_privilege';
END $$
"""

DATA_VERSIE = """
CREATE FUNCTION data_versie_ophogen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    mijn_vak integer;
BEGIN
    SELECT vak INTO mijn_vak FROM data_versie WHERE tabel = TG_TABLE_NAME
    ORDER BY vak LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF mijn_vak IS NULL THEN
        INSERT INTO data_versie (tabel, vak, n)
        SELECT TG_TABLE_NAME, pg_backend_pid(), 1
        ON CONFLICT (tabel, vak) DO UPDATE SET n = data_versie.n + 1;
    ELSE
        UPDATE data_versie SET n = n + 1 WHERE tabel = TG_TABLE_NAME AND vak = mijn_vak;
    END IF;
    RETURN NULL;
END $$
"""

KERN_AANDELEN = """
CREATE FUNCTION kern_aandelen(g geometry) RETURNS TABLE (kern_id integer, aandeel double precision)
LANGUAGE sql STABLE AS $$
    SELECT k.id,
        CASE ST_Dimension(g)
            WHEN 2 THEN ST_Area(ST_Intersection(k.grens, g)) / ST_Area(g)
            WHEN 1 THEN ST_Length(ST_Intersection(k.grens, g)) / ST_Length(g)
            ELSE ST_NPoints(ST_Intersection(k.grens, g))::double precision / ST_NPoints(g)
        END
    FROM kern k WHERE ST_Intersects(k.grens, g)
$$
"""

KERN_KIEZEN = """
CREATE FUNCTION kern_kiezen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.geom IS NOT NULL THEN
        NEW.kern_id := (SELECT a.kern_id FROM kern_aandelen(NEW.geom) a
                        ORDER BY a.aandeel DESC, a.kern_id LIMIT 1);
    END IF;
    IF NEW.kern_id IS NOT NULL THEN
        NEW.gemeente_id := (SELECT k.gemeente_id FROM kern k WHERE k.id = NEW.kern_id);
    END IF;
    RETURN NEW;
END $$
"""

KERN_KOPPELEN = """
CREATE FUNCTION kern_koppelen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('DELETE FROM %I WHERE %I = $1', TG_TABLE_NAME || '_kern', TG_TABLE_NAME || '_id')
        USING NEW.id;
    EXECUTE format(
        'INSERT INTO %I (%I, kern_id, aandeel)
         SELECT $1, kern_id, aandeel FROM kern_aandelen($2)
         UNION ALL SELECT $1, $3, 1 WHERE $2 IS NULL AND $3 IS NOT NULL',
        TG_TABLE_NAME || '_kern', TG_TABLE_NAME || '_id')
        USING NEW.id, NEW.geom, NEW.kern_id;
    RETURN NULL;
END $$
"""

# A boundary moved: everything in the old or the new area is written again, so that its own
# triggers derive its kernen afresh. Nothing else of it changes.
GRENS_VERLEGD = """
CREATE FUNCTION grens_verlegd() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    tabel text;
BEGIN
    FOREACH tabel IN ARRAY TG_ARGV LOOP
        IF TG_OP = 'UPDATE' THEN
            EXECUTE format(
                'UPDATE %1$I t SET geom = geom WHERE t.geom IS NOT NULL AND (
                    EXISTS (SELECT 1 FROM na n WHERE ST_Intersects(n.grens, t.geom))
                    OR EXISTS (SELECT 1 FROM %1$I_kern l JOIN voor v ON v.id = l.kern_id
                               JOIN na n ON n.id = v.id
                               WHERE l.%1$I_id = t.id AND NOT ST_Equals(v.grens, n.grens)))',
                tabel);
        ELSE
            EXECUTE format(
                'UPDATE %1$I t SET geom = geom WHERE t.geom IS NOT NULL
                 AND EXISTS (SELECT 1 FROM na n WHERE ST_Intersects(n.grens, t.geom))', tabel);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""

FUNCTIES = {
    "journaal_schrijf()": JOURNAAL,
    "journaal_blijft()": JOURNAAL_BLIJFT,
    "data_versie_ophogen()": DATA_VERSIE,
    "kern_aandelen(geometry)": KERN_AANDELEN,
    "kern_kiezen()": KERN_KIEZEN,
    "kern_koppelen()": KERN_KOPPELEN,
    "grens_verlegd()": GRENS_VERLEGD,
}

MET_PLEK = ("activiteit", "werkzaamheid", "project", "initiatief")


def journal(tabel: str, zonder: tuple[str, ...] = ()) -> list[str]:
    """Statements that record changes of ``tabel`` and raise its version.

    Args:
        zonder: columns that never enter the journaal (passwords, derived ones).
    """
    velden = "{" + ",".join(zonder) + "}"
    return [
        f"CREATE TRIGGER journaal AFTER INSERT OR UPDATE OR DELETE ON {tabel} "
        f"FOR EACH ROW EXECUTE FUNCTION journaal_schrijf('{velden}')",
        *version(tabel),
    ]


def version(tabel: str) -> list[str]:
    """Statements that raise the data version when ``tabel`` changes."""
    return [
        f"CREATE TRIGGER data_versie AFTER INSERT OR UPDATE OR DELETE ON {tabel} "
        "FOR EACH STATEMENT EXECUTE FUNCTION data_versie_ophogen()"
    ]


def place(tabel: str) -> list[str]:
    """Statements that keep the kernen of a table with a place."""
    return [
        f"CREATE TRIGGER kern_kiezen BEFORE INSERT OR UPDATE OF geom, kern_id ON {tabel} "
        "FOR EACH ROW EXECUTE FUNCTION kern_kiezen()",
        f"CREATE TRIGGER kern_koppelen AFTER INSERT OR UPDATE OF geom, kern_id ON {tabel} "
        "FOR EACH ROW EXECUTE FUNCTION kern_koppelen()",
    ]


def follow_boundaries(tabellen: tuple[str, ...]) -> list[str]:
    """Statements that re-derive what lies in a kern whose boundary changes or that is new."""
    args = ", ".join(f"'{tabel}'" for tabel in tabellen)
    return [
        "CREATE TRIGGER grens_nieuw AFTER INSERT ON kern REFERENCING NEW TABLE AS na "
        f"FOR EACH STATEMENT EXECUTE FUNCTION grens_verlegd({args})",
        "CREATE TRIGGER grens_verlegd AFTER UPDATE ON kern "
        "REFERENCING OLD TABLE AS voor NEW TABLE AS na "
        f"FOR EACH STATEMENT EXECUTE FUNCTION grens_verlegd({args})",
    ]
