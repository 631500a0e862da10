"""The queue's schema in our migration is that of the installed library."""

from procrastinate.schema import SchemaManager, migrations_path
from sqlalchemy import text
from sqlalchemy.orm import Session

# the newest migration of procrastinate that migration 0006 includes; when this test fails after
# an upgrade, write a migration with the newer files of that folder
NEWEST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def test_the_library_has_no_migration_that_we_have_not() -> None:
    assert max(path.name for path in migrations_path.glob("*.sql")) == NEWEST
    assert "procrastinate_defer_jobs_v1" in SchemaManager.get_schema()


def test_the_role_of_the_app_may_use_the_queue_and_not_change_its_tables(session: Session) -> None:
    owner = session.execute(
        text("SELECT tableowner FROM pg_tables WHERE tablename = 'procrastinate_jobs'")
    ).scalar_one()

    assert owner == "kernenkaart_beheer"
    assert session.execute(text("SELECT current_user")).scalar_one() == "kernenkaart_app"
