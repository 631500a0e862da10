"""Which version a database should have; without Alembic, which takes long to load."""

from pathlib import Path


def newest_revision() -> str:
    """The newest migration, from the names of the files."""
    names = (Path(__file__).parent / "versions").glob("v*.py")
    return max(path.name for path in names).removeprefix("v").split("_", 1)[0]
