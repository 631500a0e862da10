"""A project takes in works that name another project as their own, or none.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

from kernenkaart.migrations import functies

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the link between projects and works."""
    op.execute(
        """
        CREATE TABLE project_werk (
            project_id integer NOT NULL
                CONSTRAINT fk_project_werk_project_id REFERENCES project (id) ON DELETE CASCADE,
            werkzaamheid_id integer NOT NULL
                CONSTRAINT fk_project_werk_werkzaamheid_id
                REFERENCES werkzaamheid (id) ON DELETE CASCADE,
            CONSTRAINT pk_project_werk PRIMARY KEY (project_id, werkzaamheid_id)
        );
        CREATE INDEX ix_project_werk_werkzaamheid_id ON project_werk (werkzaamheid_id)
        """
    )
    for statement in functies.journal("project_werk"):
        op.execute(statement)


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP TABLE project_werk")
