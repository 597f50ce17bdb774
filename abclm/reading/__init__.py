"""MIDI, MusicXML and compressed MusicXML become a `Score`, and a score becomes ABC.

Bytes come in; nothing here opens a file, prints, or needs music21.
"""
