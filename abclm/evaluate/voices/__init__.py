"""Pieces of several voices in figures: alignment, voice leading, chords, copying, told apart."""
