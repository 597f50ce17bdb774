"""Editing tunes by hand: the user's editor, the check of the result, and saving it.

Nothing here prints or prompts; the command line does, through the callbacks it passes in.
"""
