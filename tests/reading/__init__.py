"""Tests of the readers of MIDI and MusicXML."""
