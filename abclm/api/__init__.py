"""The public API: models, tunes and tunebooks, and what joins the rooms below for the user.

Nothing here prints or asks. A function that has something to say meanwhile is given ``say``, which
takes a line. The names of ``abclm`` itself come from here and are loaded when they are used.
"""
