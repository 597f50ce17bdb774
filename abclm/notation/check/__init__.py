"""The rules of `validate`, and what mends them.

May import `syntax`, `tune`, `parse`, `play` and `write`.
"""
