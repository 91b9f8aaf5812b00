"""The store: SQLite on this machine, or PostgreSQL; one unit of work over all that is kept."""
