"""The report of an evaluation as tables, pictures and a page."""
