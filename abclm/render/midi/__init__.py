"""A tune as a music21 score and as MIDI. Alone in importing music21."""
