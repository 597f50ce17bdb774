"""Instruments, and MIDI as sound."""
