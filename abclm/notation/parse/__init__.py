"""Text to tunes, a reader for each voice.

May import `syntax` and `tune`.
"""
