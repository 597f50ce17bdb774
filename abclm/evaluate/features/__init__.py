"""Features of tunes, as numbers."""
