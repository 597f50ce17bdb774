"""The canonical form, other units, keys and spellings.

May import every room of `notation` above it: `syntax`, `tune`, `parse`, `play`.
"""
