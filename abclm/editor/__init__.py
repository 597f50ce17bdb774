"""Editing tunes by hand: the user's own editor, what it brought back, and what becomes of it.

Nothing here prints or asks: the command line does, through the functions it hands in.
"""
