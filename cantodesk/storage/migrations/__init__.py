"""The database's changes over time, one file each, run by Alembic on SQLite and PostgreSQL."""
