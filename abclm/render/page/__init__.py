"""A tunebook as one HTML page with a player."""
