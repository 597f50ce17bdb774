"""The rules of `validate`, and the safe fixes for what they find.

May import `syntax`, `tune`, `parse`, `play` and `write`.
"""
