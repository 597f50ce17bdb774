"""A tune as data, and what is derived from it: bars, sections, bar numbers, melodic lines.

May import `syntax`.
"""
