"""The parser: from text to tunes, with a reader for each voice.

May import `syntax` and `tune`.
"""
