"""Writing tunes: the canonical form, and changes of unit, key and spelling.

May import every room of `notation` above it: `syntax`, `tune`, `parse`, `play`.
"""
