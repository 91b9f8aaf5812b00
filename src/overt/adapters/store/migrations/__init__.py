"""How each release's tables came from the last one's; run by ``migrate.py``."""
