"""The piano roll of a tune."""
