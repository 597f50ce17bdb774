"""An incremental reader of ABC: time, form and pitch after each character.

May import `syntax` and `tune`.
"""
