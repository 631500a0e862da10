"""The queue of jobs: procrastinate's own tables and functions, as it ships them.

Revision ID: 0006
Revises: 0005
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # the driver's own cursor: many statements, with % in them
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
            procrastinate_workers CASCADE;
        DO $$
        DECLARE
            functie regprocedure;
        BEGIN
            FOR functie IN
                SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate\\_%'
                    AND pronamespace = 'public'::regnamespace
            LOOP
                EXECUTE 'DROP FUNCTION ' || functie;
            END LOOP;
        END $$;
        DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status,
            procrastinate_job_event_type;
        """
    )
