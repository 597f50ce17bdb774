"""The bytes of MIDI files: every form that occurs, and every way to be broken."""

import random
import time
from contextlib import suppress

import mido
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.reading.midi_file import MidiNote
from abclm.reading.midi_reader import read_midi_file
from tests.reading.midi_files import SCALE, in_a_row, key, meter, midi, saved, track

TUNE = midi(in_a_row(SCALE), meta=[(0, meter(4, 4)), (0, key("G"))])


def raw(*events: bytes, division: bytes = b"\x01\xe0", kind: int = 0) -> bytes:
    """A file of one track with these bytes; 480 ticks a quarter note."""
    content = b"".join(events)
    header = b"MThd\0\0\0\6" + kind.to_bytes(2) + b"\0\1" + division
    return header + b"MTrk" + len(content).to_bytes(4) + content


END = b"\0\xff\x2f\0"


def test_notes_meters_keys_tempos_and_names() -> None:
    meta = [
        (0, mido.MetaMessage("set_tempo", tempo=600_000)),
        (0, mido.MetaMessage("track_name", name="The Song")),
        (0, mido.MetaMessage("copyright", text="public\ndomain")),
        (0, key("Ebm")),
        (4, meter(6, 8)),
    ]
    file = read_midi_file(midi([(1, 2, 60)], meta=meta), "x.mid")
    assert file.notes == [MidiNote(480, 1440, 60, 1, 0)]
    assert file.tempos == [(0, 600_000)]
    assert file.meters == [(1920, 6, 8)]
    assert file.keys == [(0, -6, True)]
    assert file.names == {0: "The Song"}
    assert file.rights == "public domain"


def test_running_status_and_notes_of_no_velocity_that_end_notes() -> None:
    file = read_midi_file(
        raw(b"\0\x90\x3c\x50", b"\x83\x60\x3c\0", b"\0\x3e\x50", b"\x60\x3e\0", END), "x"
    )
    assert [(note.start, note.end, note.pitch) for note in file.notes] == [
        (0, 480, 60),
        (480, 576, 62),
    ]


def test_a_note_that_never_ends_lasts_until_the_end_of_its_track() -> None:
    file = read_midi_file(raw(b"\0\x90\x3c\x50", b"\x83\x60\xff\x2f\0"), "x")
    assert file.notes == [MidiNote(0, 480, 60, 0, 0)]


def test_all_notes_off_ends_the_notes_of_its_channel() -> None:
    file = read_midi_file(
        raw(b"\0\x90\x3c\x50", b"\0\x91\x40\x50", b"\x60\xb0\x7b\0", b"\x60\xff\x2f\0"), "x"
    )
    assert [note.end for note in file.notes] == [96, 192]


def test_a_riff_wrapper_is_taken_off() -> None:
    wrapped = b"RIFF" + (len(TUNE) + 12).to_bytes(4, "little") + b"RMIDdata" + bytes(4) + TUNE
    assert read_midi_file(wrapped, "x").notes == read_midi_file(TUNE, "x").notes


def test_the_sequences_of_format_2_follow_each_other() -> None:
    file = mido.MidiFile(type=2)
    for pitch in (60, 62):
        events = [
            (0, 0, mido.Message("note_on", note=pitch)),
            (1, 0, mido.Message("note_off", note=pitch)),
        ]
        file.tracks.append(track(events, 480))
    notes = read_midi_file(saved(file), "x").notes
    assert [(note.start, note.pitch) for note in notes] == [(0, 60), (480, 62)]


def test_a_file_in_seconds_has_no_beats() -> None:
    file = read_midi_file(raw(b"\0\x90\x3c\x50", b"\x64\x3c\0", END, division=b"\xe7\x28"), "x")
    assert file.timed
    assert file.seconds([0, 1000]) == [0, 1]


def test_seconds_follow_the_tempos() -> None:
    tempos = [
        (0, mido.MetaMessage("set_tempo", tempo=500_000)),
        (2, mido.MetaMessage("set_tempo", tempo=1_000_000)),
    ]
    file = read_midi_file(midi([(0, 4, 60)], meta=tempos), "x")
    assert file.seconds([0, 480, 960, 1440]) == [0, 0.5, 1.0, 2.0]


def test_keys_and_meters_that_do_not_exist_are_left_out() -> None:
    odd = (
        b"\0\xff\x59\2\x0a\0",
        b"\0\xff\x59\2\0\5",
        b"\0\xff\x58\4\0\2\x18\x08",
        b"\0\xff\x58\4\4\x40\x18\x08",
    )
    file = read_midi_file(raw(*odd, b"\0\x90\x3c\x50", b"\x60\x3c\0", END), "x")
    assert not file.keys
    assert not file.meters


def test_fewer_tracks_than_announced_are_said() -> None:
    data = bytearray(raw(b"\0\x90\x3c\x50", b"\x60\x3c\0", END))
    data[11] = 3
    assert read_midi_file(bytes(data), "x").mended == ["it has 1 of the 3 tracks it announces"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is not a MIDI file"),
        (b"MThd", "is cut off"),
        (b"RIFF....RMID", "is not a MIDI file"),
        (b"X:1\nK:C\nCDEF|\n", "is not a MIDI file"),
        (TUNE[:-40], "is cut off"),
        (TUNE[:30], "is cut off"),
        (raw(END), "has no notes"),
        (raw(b"\0\x90\x3c\x50", END, division=b"\0\0"), "has a division of 0 ticks"),
        (raw(b"\0\x90\x3c\x50", END, division=b"\xe7\0"), "has a division of 0 ticks"),
        (raw(b"\0\x90\x3c\x50", END, kind=7), "unknown MIDI format 7"),
        (raw(b"\0\x3c\x50"), "damaged event in track 1"),
        (raw(b"\0\x90\x3c"), "damaged event in track 1"),
        (raw(b"\0\x90\xc0\x50", END), "damaged event in track 1"),
        (raw(b"\xff\xff\xff\xff\xff\x90\x3c\x50"), "damaged time or length"),
        (raw(b"\xff\xff\xff\x7f\x90\x3c\x50"), "longer than 50,000 quarter notes"),
        (raw(b"\0\xff\x01\xff\xff\xff\x7fhello"), "damaged event in track 1"),
        (raw(b"\0\xf0\xff\x7fhello"), "damaged event in track 1"),
        (raw(b"\0\x90\x3c\x50" * 200_001, END), "more than 200,000 notes"),
    ],
)
def test_a_broken_file_is_one_line(data: bytes, fault: str) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        read_midi_file(data, "piece.mid")
    assert str(caught.value).startswith("piece.mid: ")
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300), st.integers(0, len(TUNE)))
@example(b"\xff", 30)
def test_no_bytes_raise_anything_else(junk: bytes, place: int) -> None:
    for data in (junk, TUNE[:place] + junk, TUNE[:place] + junk + TUNE[place + len(junk) :]):
        with suppress(InputError):
            assert read_midi_file(data, "x").notes


def test_ten_megabytes_of_junk_take_seconds_at_most() -> None:
    rng = random.Random(1)
    junk = rng.randbytes(10**7)
    stuck = b"\0\x90\x3c\x50" * 2_500_000
    began = time.perf_counter()
    for data in (junk, raw(junk), raw(b"\0\xb0\x01\x02" * 2_500_000, END), raw(stuck)):
        with pytest.raises(InputError):
            read_midi_file(data, "x")
    assert time.perf_counter() - began < 20
