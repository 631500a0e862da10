"""What logging in needs: one-time codes that work once, sessions that end at once, mail once.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# whoever changes a role, a password or a second factor, in a page or in SQL: logged in again
SESSIES_BEEINDIGEN = """
CREATE FUNCTION sessies_beeindigen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessie WHERE gebruiker_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER sessies_beeindigen AFTER UPDATE ON gebruiker FOR EACH ROW
WHEN ((OLD.active, OLD.rol, OLD.organisatie_id, OLD.email, OLD.password, OLD.totp_secret)
    IS DISTINCT FROM (NEW.active, NEW.rol, NEW.organisatie_id, NEW.email, NEW.password,
        NEW.totp_secret))
EXECUTE FUNCTION sessies_beeindigen();
"""


def rejournal(zonder: tuple[str, ...]) -> None:
    op.execute("DROP TRIGGER journaal ON gebruiker")
    op.execute(functies.journal("gebruiker", zonder)[0])


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE gebruiker DROP COLUMN fs_uniquifier, DROP COLUMN confirmed_at,
            DROP COLUMN tf_primary_method, ADD COLUMN totp_step bigint;
        ALTER TABLE gebruiker RENAME COLUMN tf_totp_secret TO totp_secret;
        ALTER TABLE gebruiker RENAME COLUMN mf_recovery_codes TO recovery_codes;
        ALTER TABLE sessie ADD COLUMN apparaat varchar(200);
        CREATE TABLE verzending (
            sleutel uuid CONSTRAINT pk_verzending PRIMARY KEY,
            begonnen_op timestamptz NOT NULL DEFAULT now(),
            klaar_op timestamptz
        );
        """
    )
    rejournal(("password", "totp_secret", "totp_step", "recovery_codes"))
    op.execute(SESSIES_BEEINDIGEN)


def downgrade() -> None:
    op.execute("DROP TRIGGER sessies_beeindigen ON gebruiker")
    op.execute("DROP FUNCTION sessies_beeindigen()")
    op.execute(
        """
        DROP TABLE verzending;
        ALTER TABLE sessie DROP COLUMN apparaat;
        ALTER TABLE gebruiker RENAME COLUMN recovery_codes TO mf_recovery_codes;
        ALTER TABLE gebruiker RENAME COLUMN totp_secret TO tf_totp_secret;
        ALTER TABLE gebruiker DROP COLUMN totp_step, ADD COLUMN tf_primary_method varchar(64),
            ADD COLUMN confirmed_at timestamptz,
            ADD COLUMN fs_uniquifier varchar(64) UNIQUE
                NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', '');
        ALTER TABLE gebruiker ALTER COLUMN fs_uniquifier DROP DEFAULT;
        """
    )
    rejournal(("password", "tf_totp_secret", "mf_recovery_codes", "fs_uniquifier"))
