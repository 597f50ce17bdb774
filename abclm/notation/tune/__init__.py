"""A tune as data, and what is read off it: bars, sections, numbers, lines of notes.

May import `syntax`.
"""
