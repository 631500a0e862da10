"""Put the marker of a line in its middle; a point surely on a line may be its end.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from kernenkaart.migrations.functies import MET_PLEK

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MIDDEN = (
    "CASE WHEN GeometryType(geom) = 'LINESTRING' THEN ST_LineInterpolatePoint(geom, 0.5) "
    "ELSE ST_PointOnSurface(geom) END"
)


def upgrade() -> None:
    for tabel in MET_PLEK:
        _derive(tabel, MIDDEN)


def downgrade() -> None:
    for tabel in MET_PLEK:
        _derive(tabel, "ST_PointOnSurface(geom)")


def _derive(tabel: str, expressie: str) -> None:
    op.execute(f"ALTER TABLE {tabel} DROP COLUMN punt")  # its index goes with it
    op.execute(
        f"ALTER TABLE {tabel} ADD COLUMN punt geometry(Point, 28992) "
        f"GENERATED ALWAYS AS ({expressie}) STORED"
    )
    op.execute(f"CREATE INDEX ix_{tabel}_punt ON {tabel} USING gist (punt)")
