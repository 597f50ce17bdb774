"""The playing order, the sounding notes, tempo and swing.

May import `syntax`, `tune` and `parse`.
"""
