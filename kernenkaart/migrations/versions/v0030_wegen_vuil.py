"""Other roads: every work that closes something must be looked at again.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MERK = """
CREATE FUNCTION afstem_merk_wegen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO afstem_vuil (laag, ding_id)
    SELECT 'werkzaamheden', id FROM werkzaamheid
    WHERE hinder = 'afgesloten' AND laatste_dag >= current_date
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(MERK)
    op.execute(
        "CREATE TRIGGER afstem_merk_wegen AFTER INSERT OR DELETE ON wegvak "
        "FOR EACH STATEMENT EXECUTE FUNCTION afstem_merk_wegen()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER afstem_merk_wegen ON wegvak")
    op.execute("DROP FUNCTION afstem_merk_wegen()")
