"""The report of an evaluation: tables, pictures and an HTML page."""
