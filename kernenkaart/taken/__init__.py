"""Jobs: a queue inside PostgreSQL."""
