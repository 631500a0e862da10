"""Alembic migrations; ``flask --app wsgi migreer`` brings a database up to date."""
