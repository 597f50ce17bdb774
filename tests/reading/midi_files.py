"""MIDI files written with mido, an implementation other than ours."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import mido

from abclm.reading.midi import read_midi
from abclm.reading.midi_options import MidiOptions
from abclm.reading.score import QUARTER, Score, ScoreVoice
from abclm.reading.spelling import number

Line = Iterable[tuple[float, float, int]]
"""Notes as start and length in quarter notes, and MIDI number."""
Heard = list[tuple[float, float, int]]

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def in_a_row(
    pitches: Iterable[int], length: float = 1, start: float = 0
) -> list[tuple[float, float, int]]:
    """Notes of one length, one after the other."""
    return [(start + place * length, length, pitch) for place, pitch in enumerate(pitches)]


def midi(
    *lines: Line,
    meta: Sequence[tuple[float, mido.MetaMessage]] = (),
    division: int = 480,
    channels: Sequence[int] = tuple(range(9)),
) -> bytes:
    """A file with a track for what is not notes and one for each of ``lines``."""
    file = mido.MidiFile(ticks_per_beat=division)
    file.tracks.append(track([(at, 0, message) for at, message in meta], division))
    for line, channel in zip(lines, channels, strict=False):
        events = []
        for start, length, pitch in line:
            one = {"note": pitch, "channel": channel}
            events.append((start, 1, mido.Message("note_on", velocity=80, **one)))
            events.append((start + length, 0, mido.Message("note_off", **one)))
        file.tracks.append(track(events, division))
    return saved(file)


def track(events: Iterable[tuple[float, int, mido.Message]], division: int) -> mido.MidiTrack:
    """A track of messages with their times in quarter notes and their order at one time."""
    found, before = mido.MidiTrack(), 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        tick = round(at * division)
        found.append(message.copy(time=tick - before))
        before = tick
    return found


def saved(file: mido.MidiFile) -> bytes:
    """The bytes of a file."""
    buffer = BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def meter(numerator: int, denominator: int) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)


def key(name: str) -> mido.MetaMessage:
    return mido.MetaMessage("key_signature", key=name)


def read(data: bytes, **options: object) -> Score:
    """The score of a file named ``piece.mid``."""
    return read_midi(data, "piece.mid", MidiOptions(**options))  # type: ignore[arg-type]


def heard(score: Score) -> Heard:
    """The notes of all voices as start and length in quarter notes, and MIDI number."""
    return sorted(note for voice in score.voices for note in notes_of(voice))


def notes_of(voice: ScoreVoice) -> Heard:
    """The same for one voice; tied notes are one."""
    found: Heard = []
    tied: dict[int, int] = {}
    for note in voice.notes:
        before, tied = tied, {}
        for pitch in note.pitches:
            sounding = number(pitch)
            place = before.get(sounding, len(found))
            if place < len(found) and sum(found[place][:2]) == note.start / QUARTER:
                start, length, _ = found[place]
                found[place] = (start, length + note.duration / QUARTER, sounding)
            else:
                place = len(found)
                found.append((note.start / QUARTER, note.duration / QUARTER, sounding))
            if pitch in note.held:
                tied[sounding] = place
    return found
