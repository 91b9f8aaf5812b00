"""Routes, one file a screen; each says who may open it (``access.py``)."""
