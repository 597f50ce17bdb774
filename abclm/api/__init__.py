"""The public API: models, tunes and tunebooks, built from the rooms below.

Nothing here prints or prompts. A function with progress to report takes ``say``, which is called
with one line at a time. The names of ``abclm`` itself come from here and are loaded on first use.
"""
