"""One bar as a standard MIDI file for the synthesiser, at a tempo."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from abclm.render.player.piece import Part, PieceBar, Strike

__all__ = ["bar_midi", "drone_midi"]

_TICKS: Final = 10_000
"""Ticks per quarter note, which lasts a second: a tick is a tenth of a millisecond."""
_TEMPO: Final = b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3)
_RINGS: Final = 12_000
"""Ticks from the last event to the end, over which the last notes ring."""
_NOTE_OFF, _NOTE_ON, _PROGRAM = 0x80, 0x90, 0xC0
_DRONE: Final = Part(0, 19, 70)
"""A church organ: it neither decays nor beats."""


def bar_midi(bar: PieceBar, factor: float) -> bytes:
    """Return the notes that are struck in ``bar`` as a MIDI file, ``factor`` times as fast.

    Time 0 is the start of the bar. Of a pitch that a part strikes again while it sounds, the first
    note ends there; of the same one struck twice at once the longer is kept.
    """
    events = [(0, 0, bytes([_PROGRAM | part.channel, part.program])) for part in bar.parts]
    for strike in _single(bar.strikes):
        part = bar.parts[strike.part]
        first = _tick(strike.start / factor)
        last = max(_tick(strike.end / factor), first + 1)
        events.append((first, 2, bytes([_NOTE_ON | part.channel, strike.pitch, part.velocity])))
        events.append((last, 1, bytes([_NOTE_OFF | part.channel, strike.pitch, 0])))
    return _file(sorted(events))


def drone_midi(pitches: Iterable[int], seconds: float) -> bytes:
    """Return held notes as a MIDI file."""
    held = tuple(Strike(0.0, seconds, pitch, 0) for pitch in pitches)
    return bar_midi(PieceBar(0, "", (), seconds, held, (_DRONE,), 0.0), 1.0)


def _single(strikes: Iterable[Strike]) -> Iterator[Strike]:
    latest: dict[tuple[int, int], Strike] = {}
    for strike in sorted(strikes):
        key = strike.part, strike.pitch
        before = latest.get(key)
        if before is not None and before.start == strike.start:
            latest[key] = max(before, strike)
            continue
        if before is not None:
            yield before._replace(end=min(before.end, strike.start))
        latest[key] = strike
    yield from latest.values()


def _tick(seconds: float) -> int:
    return round(max(seconds, 0.0) * _TICKS)


def _file(events: Iterable[tuple[int, int, bytes]]) -> bytes:
    track = _TEMPO
    now = 0
    for tick, _, event in events:
        track += _variable(tick - now) + event
        now = tick
    track += _variable(_RINGS) + b"\xff\x2f\x00"
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, _TICKS)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track


def _variable(value: int) -> bytes:
    """Return a variable-length number, seven bits per byte."""
    data = bytes([value & 0x7F])
    while value := value >> 7:
        data = bytes([value & 0x7F | 0x80]) + data
    return data
