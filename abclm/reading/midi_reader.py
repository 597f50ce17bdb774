"""The bytes of a Standard MIDI File, read into a `MidiFile`.

The file may come from anywhere: every length in it is checked before it is believed, and every
fault is one `InputError`.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Final

from abclm.errors import InputError
from abclm.reading.midi_file import KeyEvent, MeterEvent, MidiFile, MidiNote, TempoEvent

__all__ = ["read_midi_file"]

_MOST_NOTES: Final = 200_000
_MOST_TRACKS: Final = 1000
_MOST_QUARTERS: Final = 50_000
"""A piece of ten hours; what is longer has a damaged time in it."""

_CHANNEL_DATA: Final = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
"""Data bytes that follow the status byte of a channel message, by its upper half."""
_SYSTEM_DATA: Final = {0xF1: 1, 0xF2: 2, 0xF3: 1}
"""The same for system messages that have no business in a file; the others have none."""
_ALL_OFF: Final = (120, 123)
"""Controllers that end all notes of a channel."""


def read_midi_file(data: bytes, name: str) -> MidiFile:
    """Read the bytes of a Standard MIDI File, of format 0, 1 or 2, bare or in a RIFF wrapper.

    Args:
        data: the file.
        name: stands in messages.

    Raises:
        InputError: it is not a MIDI file, damaged, without notes or absurdly long.
    """
    try:
        return _Reader(_unwrapped(data)).read()
    except _DamageError as damage:
        raise InputError(f"{name}: {damage}") from None


class _DamageError(Exception):
    """What is wrong with the file, in a clause."""


def _unwrapped(data: bytes) -> bytes:
    """``data`` without the RIFF wrapper that some files come in."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        at = data.find(b"MThd")
        return data[at:] if at > 0 else b""
    return data


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the content of each chunk."""
    at = 0
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8])
        at += 8
        if kind in {b"MThd", b"MTrk"} and at + length > len(data):
            raise _DamageError("is cut off before its end")
        yield kind, data[at : at + length]
        at += length


class _Reader:
    """Reads track after track into one `MidiFile`."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"MThd":
            raise _DamageError("is not a MIDI file: it does not begin with MThd")
        self.chunks = _chunks(data)
        _, header = next(self.chunks, (b"", b""))
        if len(header) < 6:
            raise _DamageError("is cut off before its end")
        self.format, self.announced = header[1], int.from_bytes(header[2:4])
        if header[0] or self.format > 2:
            raise _DamageError(f"has the unknown MIDI format {int.from_bytes(header[:2])}")
        self.file = _with_division(header[4], header[5])
        self.sounding: dict[tuple[int, int], deque[int]] = defaultdict(deque)
        self.count = 0
        self.track = 0
        self.tick = 0

    def read(self) -> MidiFile:
        tracks, begin = 0, 0
        for kind, content in self.chunks:
            if kind != b"MTrk":
                continue
            self.track, self.tick = tracks, begin
            self._read_track(content)
            tracks += 1
            if tracks > _MOST_TRACKS:
                raise _DamageError(f"has more than {_MOST_TRACKS:,} tracks")
            begin = self.tick if self.format == 2 else 0
        if tracks < self.announced:
            self.file.mended.append(f"it has {tracks} of the {self.announced} tracks it announces")
        if not self.file.notes:
            raise _DamageError("has no notes")
        for events in (self.file.tempos, self.file.meters, self.file.keys):
            events.sort()
        self.file.notes.sort(key=lambda note: (note.start, note.pitch))
        return self.file

    def _read_track(self, content: bytes) -> None:
        at, status = 0, 0
        last = _MOST_QUARTERS * self.file.division
        try:
            while 0 <= at < len(content):
                delta, at = _number(content, at)
                self.tick += delta
                if self.tick > last:
                    raise _DamageError(f"is longer than {_MOST_QUARTERS:,} quarter notes")
                if content[at] >= 0x80:
                    status, at = content[at], at + 1
                at = self._event(status, content, at)
        except IndexError:
            raise self._damage() from None
        self._end_all()

    def _damage(self) -> _DamageError:
        return _DamageError(f"has a damaged event in track {self.track + 1}")

    def _event(self, status: int, content: bytes, at: int) -> int:
        """Read the event whose data begin at ``at``; where the next begins, -1 for nowhere."""
        if status < 0x80:
            raise self._damage()
        if status < 0xF0:
            size = _CHANNEL_DATA[status >> 4]
            self._channel_event(status, content[at], content[at + size - 1])
            return at + size
        if status not in {0xF0, 0xF7, 0xFF}:
            return at + _SYSTEM_DATA.get(status, 0)
        kind = content[at] if status == 0xFF else -1
        size, at = _number(content, at + (status == 0xFF))
        if at + size > len(content):
            raise self._damage()
        if kind == 0x2F:
            return -1
        self._meta_event(kind, content[at : at + size])
        return at + size

    def _channel_event(self, status: int, first: int, second: int) -> None:
        kind, channel = status >> 4, status & 15
        if kind == 0x9 and second:
            if first > 127:
                raise self._damage()
            self.count += 1
            if self.count > _MOST_NOTES:
                raise _DamageError(f"has more than {_MOST_NOTES:,} notes")
            self.sounding[channel, first].append(self.tick)
        elif kind in {0x8, 0x9}:
            starts = self.sounding.get((channel, first))
            if starts:
                self._add(starts.popleft(), channel, first)
        elif kind == 0xC:
            self.file.programs.setdefault((self.track, channel), first & 127)
        elif kind == 0xB and first in _ALL_OFF:
            self._end_all(channel)

    def _end_all(self, only: int | None = None) -> None:
        """End the notes that still sound."""
        for (channel, pitch), starts in self.sounding.items():
            if only is None or channel == only:
                for start in starts:
                    self._add(start, channel, pitch)
                starts.clear()

    def _add(self, start: int, channel: int, pitch: int) -> None:
        self.file.notes.append(MidiNote(start, self.tick, pitch, self.track, channel))

    def _meta_event(self, kind: int, content: bytes) -> None:
        file = self.file
        if kind == 0x51 and len(content) == 3 and any(content):
            file.tempos.append(TempoEvent(self.tick, int.from_bytes(content)))
        elif kind == 0x58 and len(content) >= 2 and content[0] and content[1] <= 6:
            file.meters.append(MeterEvent(self.tick, content[0], 2 ** content[1]))
        elif kind == 0x59 and len(content) >= 2:
            fifths = int.from_bytes(content[:1], signed=True)
            if abs(fifths) <= 7 and content[1] <= 1:
                file.keys.append(KeyEvent(self.tick, fifths, bool(content[1])))
        elif kind == 0x03:
            file.names.setdefault(self.track, _text(content))
        elif kind == 0x02 and not file.rights:
            file.rights = _text(content)


def _with_division(first: int, second: int) -> MidiFile:
    """An empty file with the division of the header's last two bytes."""
    if first < 0x80:
        if not first and not second:
            raise _DamageError("has a division of 0 ticks")
        return MidiFile(first << 8 | second)
    frames, ticks = 256 - first, second
    if not ticks:
        raise _DamageError("has a division of 0 ticks")
    # Half a second stands for a quarter note; 29 means 29.97 frames a second.
    return MidiFile(max(1, round((29.97 if frames == 29 else frames) * ticks / 2)), timed=True)


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, at most four bytes, and where it ends."""
    value = 0
    for place in range(at, at + 4):
        value = value << 7 | content[place] & 0x7F
        if content[place] < 0x80:
            return value, place + 1
    raise _DamageError("has a damaged time or length")


def _text(content: bytes) -> str:
    """The text of an event on one line, without control characters."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]
