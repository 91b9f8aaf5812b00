"""The edge: one outside thing a file."""
