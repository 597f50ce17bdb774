"""The order of playing, the notes that sound, tempo and swing.

May import `syntax`, `tune` and `parse`.
"""
