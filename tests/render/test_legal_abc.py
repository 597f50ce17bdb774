"""Legal tunes drawn at random: heard, drawn, and played by abc2midi with the same notes."""

import shutil
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.render.abcmidi import run_abc2midi
from abclm.render.engrave.mei import write_mei
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.page.playlist import playlist_of
from tests.notation.legal_abc import Legal, legal_tunes

TOLERANCE = 0.05
"""Of a quarter: abc2midi lets each note of a chord start a little after the one before."""


def ours(text: str) -> list[tuple[int, float]]:
    """MIDI number and onset in quarters of each note, by pitch."""
    return sorted(
        (pitch, float(note.onset * 4))
        for voice in perform(parse_tunebook(text)[0].tune)
        for note in voice.notes
        for pitch in note.pitches
    )


@pytest.mark.skipif(shutil.which("abc2midi") is None, reason="abcMIDI is not installed")
@given(legal_tunes(common=True))
@settings(max_examples=40)
def test_abc2midi_plays_the_same_notes(legal: Legal) -> None:
    """Where the two read alike: without grace notes, ornaments, overlays and what is seldom."""
    midi = run_abc2midi(legal.text, "1", "-NGUI").midi
    assert midi is not None
    theirs = sorted((note.pitch, note.start) for note in midi_notes(midi))
    assert [pitch for pitch, _ in theirs] == [pitch for pitch, _ in ours(legal.text)]
    pairs = zip(theirs, ours(legal.text), strict=True)
    assert all(abs(start - onset) < TOLERANCE for (_, start), (_, onset) in pairs)


@given(legal_tunes())
@settings(max_examples=20)
def test_the_midi_file_the_list_and_the_picture_have_its_notes(legal: Legal) -> None:
    (parsed,) = parse_tunebook(legal.text)
    heard = {pitch for pitch, _ in ours(legal.text)}
    notes = midi_notes(midi_bytes(parsed.tune))
    assert heard <= {note.pitch for note in notes}
    assert all(note.end is not None and note.start < note.end for note in notes)
    assert heard <= {note[2] for note in playlist_of(parsed.tune).notes}
    assert fromstring(write_mei(parsed.tune)).tag.endswith("mei")
