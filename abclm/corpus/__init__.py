"""Tunebooks to a cleaned, deduplicated, split corpus. Imports `notation` only."""
