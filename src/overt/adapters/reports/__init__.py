"""Trial reports: page, document, tables and figures, the same bytes from the same content."""
