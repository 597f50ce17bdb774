"""Instruments, playback options, and MIDI rendered as sound."""
