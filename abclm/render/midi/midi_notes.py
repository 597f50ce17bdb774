"""The notes of a standard MIDI file, read without music21 so that its output can be checked."""

from collections.abc import Iterator
from typing import NamedTuple

from abclm.errors import RenderError

__all__ = ["MidiNote", "midi_notes"]

_META, _SYSEX, _SYSEX_END = 0xFF, 0xF0, 0xF7
_NOTE_OFF, _NOTE_ON, _PROGRAM, _PRESSURE = 0x8, 0x9, 0xC, 0xD
"""Status bytes of a MIDI file, and the upper halves of those of a channel."""


class MidiNote(NamedTuple):
    """A sounding note; ``start`` and ``end`` are in quarter notes from the beginning.

    ``end`` is None for a note that is never stopped.
    """

    start: float
    end: float | None
    pitch: int
    channel: int
    track: int


def midi_notes(data: bytes) -> list[MidiNote]:
    """Return the notes of the MIDI file ``data``, by start, then pitch.

    A note-off ends the oldest sounding note of its pitch and channel.

    Raises:
        RenderError: the bytes are not a MIDI file, or its time is not in quarter notes.
    """
    try:
        division = int.from_bytes(data[12:14])
        if data[:4] != b"MThd" or not 0 < division < 0x8000:
            raise RenderError("not a MIDI file that counts in quarter notes")
        notes = [
            note
            for number, track in enumerate(_tracks(data))
            for note in _notes(track, number, division)
        ]
    except IndexError as error:
        raise RenderError("the MIDI file is cut off") from error
    return sorted(notes, key=lambda note: (note.start, note.pitch, note.track))


def _tracks(data: bytes) -> Iterator[bytes]:
    place = 14
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8])
        if data[place : place + 4] == b"MTrk":
            yield data[place + 8 : place + 8 + size]
        place += 8 + size


def _notes(track: bytes, number: int, division: int) -> Iterator[MidiNote]:
    sounding: dict[tuple[int, int], list[int]] = {}
    for tick, status, pitch, velocity in _events(track):
        key = (status & 15, pitch)
        if status >> 4 == _NOTE_ON and velocity:
            sounding.setdefault(key, []).append(tick)
        elif sounding.get(key):
            start = sounding[key].pop(0)
            yield MidiNote(start / division, tick / division, pitch, key[0], number)
    for (channel, pitch), starts in sounding.items():
        for start in starts:
            yield MidiNote(start / division, None, pitch, channel, number)


def _events(track: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield tick, status, pitch and velocity of each note-on and note-off of a track."""
    place = tick = status = 0
    while place < len(track):
        delta, place = _variable(track, place)
        tick += delta
        if track[place] >= 0x80:
            status, place = track[place], place + 1
        if status in {_META, _SYSEX, _SYSEX_END}:
            size, place = _variable(track, place + (status == _META))
            place += size
        elif status >> 4 in {_PROGRAM, _PRESSURE}:
            place += 1
        else:
            if status >> 4 in {_NOTE_OFF, _NOTE_ON}:
                yield tick, status, track[place], track[place + 1]
            place += 2


def _variable(track: bytes, place: int) -> tuple[int, int]:
    """Read a variable-length number, seven bits per byte; return it and the position after it."""
    value = 0
    while True:
        byte = track[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place
