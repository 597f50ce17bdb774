"""The ABC language. Pure Python, standard library only.

Sub-rooms, each importing only from those before it: `syntax`, `tune`, `parse`, `play`, `write`,
`check`, `cursor`.
"""
