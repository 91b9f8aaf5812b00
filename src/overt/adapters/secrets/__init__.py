"""Pictures, templates and places under a key of their deployment, itself under a master key."""
