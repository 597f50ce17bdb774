"""A tune as a music21 score and as MIDI. The only room that imports music21."""
