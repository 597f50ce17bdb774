"""A tune as a music21 score and as MIDI; nothing else imports music21."""
