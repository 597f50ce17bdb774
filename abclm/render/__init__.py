"""A tune rendered as a music21 score, MIDI, sound, sheet music or an HTML page.

The only room that imports music21, verovio and the packages for sound.
"""
