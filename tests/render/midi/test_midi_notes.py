import pytest

from abclm.errors import RenderError
from abclm.render.midi.midi_notes import MidiNote, midi_notes


def file(*tracks: bytes, division: int = 4) -> bytes:
    head = b"MThd" + (6).to_bytes(4) + (1).to_bytes(2) + len(tracks).to_bytes(2)
    body = b"".join(b"MTrk" + len(track).to_bytes(4) + track for track in tracks)
    return head + division.to_bytes(2) + body


END = b"\x00\xff\x2f\x00"


@pytest.mark.parametrize(
    "track",
    [
        pytest.param(b"\x00\x90\x3c\x40\x04\x80\x3c\x00", id="note-off"),
        pytest.param(b"\x00\x90\x3c\x40\x04\x90\x3c\x00", id="note-on without velocity"),
        pytest.param(b"\x00\x90\x3c\x40\x04\x3c\x00", id="running status"),
        pytest.param(b"\x00\xc0\x28\x00\x90\x3c\x40\x04\x80\x3c\x00", id="program change"),
        pytest.param(b"\x00\xff\x03\x01t\x00\x90\x3c\x40\x04\x80\x3c\x00", id="name"),
        pytest.param(b"\x00\xf0\x01\xf7\x00\x90\x3c\x40\x04\x80\x3c\x00", id="system exclusive"),
    ],
)
def test_a_note_is_read_however_it_is_written(track: bytes) -> None:
    assert midi_notes(file(track + END)) == [MidiNote(0.0, 1.0, 60, 0, 0)]


def test_a_note_that_nothing_stops_has_no_end() -> None:
    assert midi_notes(file(b"\x00\x90\x3c\x40" + END)) == [MidiNote(0.0, None, 60, 0, 0)]


def test_a_note_off_ends_the_oldest_note_of_its_pitch() -> None:
    track = b"\x00\x90\x3c\x40\x02\x90\x3c\x40\x02\x80\x3c\x00\x04\x80\x3c\x00"
    assert [note[:2] for note in midi_notes(file(track + END))] == [(0.0, 1.0), (0.5, 2.0)]


def test_a_long_delay_takes_several_bytes() -> None:
    assert midi_notes(file(b"\x81\x48\x90\x3c\x40\x04\x80\x3c\x00" + END))[0].start == 50.0


@pytest.mark.parametrize("data", [b"", b"RIFF", file(division=0xE728), file(b"\x00\x90\x3c")])
def test_what_is_no_midi_file_is_refused(data: bytes) -> None:
    with pytest.raises(RenderError, match="MIDI file"):
        midi_notes(data)
