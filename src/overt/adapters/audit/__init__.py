"""The audit log outside the database: keys, signed checkpoints, exported files."""
