"""A tune as a music21 score, MIDI and sound, as sheet music, and as a page of HTML.

The only room that imports music21 and verovio.
"""
