"""Pieces of music21's corpus as plain data, as MIDI written with mido, and what came back of them.

What music21 reads from MusicXML is the truth here; it takes minutes, so that it is kept as JSON in
the folder for temporary files.
"""

import io
import json
import math
import random
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import mido
from music21 import chord, converter, corpus, harmony, stream

from abclm.reading.key import key_name
from abclm.reading.score import QUARTER, Pitch, Score
from abclm.reading.spelling import number
from abclm.reading.tones import Tone

CACHE = Path(tempfile.gettempdir()) / "abclm-midi-pieces"
FOLDERS = {
    "chorales": ["bach/*.mxl"],
    "lines": ["ryansMammoth/*.abc"],
    "quartets": ["haydn/**/*.mxl", "mozart/**/*.mxl", "beethoven/**/*.mxl"],
    "piano": [
        "schumann_clara/*", "schumann_robert/**/*.mxl", "joplin/*", "schubert/*", "beach/*",
        "johnson_j_r/*", "cpebach/*", "chopin/*", "handel/**/*.mxl", "verdi/*", "weber/*",
    ],
    "madrigals": ["monteverdi/*.mxl"],
}  # fmt: skip
WAVE = 20 / math.pi
"""The tempo drifts to and fro in 40 quarter notes, 2 pi times this."""
MOST = {"lines": 300, "quartets": 35}
Onset = tuple[int, int]
"""The start in ticks and the MIDI number of a note."""


class PrintedNote(NamedTuple):
    """A note; start and length are in ticks."""

    start: int
    length: int
    letter: str
    alteration: int
    octave: int

    @property
    def midi(self) -> int:
        """The MIDI number."""
        return number(Pitch(self.letter, self.alteration, self.octave))


@dataclass
class Piece:
    """A piece as it is printed.

    Attributes:
        path: in music21's corpus.
        parts: for each, its notes: start and length in ticks, then letter, alteration and octave.
        measures: start and length in ticks, and the meter.
        keys: start in ticks, sharps, and the mode if it is known.
    """

    path: str
    parts: list[list[PrintedNote]]
    measures: list[tuple[int, int, str]]
    keys: list[tuple[int, int, str | None]]

    @property
    def onsets(self) -> list[Onset]:
        """All notes, in order."""
        return sorted((note.start, note.midi) for part in self.parts for note in part)

    @property
    def tones(self) -> list[Tone]:
        """All notes as the reader has them once they are on the grid."""
        tones = [
            Tone(note.start, note.start + note.length, note.midi, part)
            for part, notes in enumerate(self.parts)
            for note in notes
        ]
        return sorted(tones, key=lambda tone: (tone.start, tone.pitch, tone.end))

    @property
    def meter_and_pickup(self) -> tuple[str, int] | None:
        """The meter, if it is one throughout, and the ticks before the first full measure."""
        meters = {meter for _, _, meter in self.measures}
        if len(meters) != 1 or "none" in meters:
            return None
        numerator, denominator = map(int, self.measures[0][2].split("/"))
        full = 4 * QUARTER * numerator // denominator
        starts = Counter(start % full for start, length, _ in self.measures if length == full)
        return (self.measures[0][2], starts.most_common(1)[0][0]) if starts else None


def pieces(kind: str) -> list[Piece]:
    """The pieces of a kind, from the file of an earlier run if there is one."""
    kept = CACHE / f"{kind}.json"
    if not kept.exists():
        root = Path(corpus.__file__).parent
        paths = sorted({path for glob in FOLDERS[kind] for path in root.glob(glob)})
        paths = [
            path for path in paths if path.suffix in {".mxl", ".xml", ".musicxml", ".abc", ".krn"}
        ]
        if len(paths) > MOST.get(kind, len(paths)):
            paths = random.Random(3).sample(paths, MOST[kind])
        found = [piece for path in paths if (piece := parsed(path, root)) is not None]
        if kind == "chorales":
            found = [piece for piece in found if len(piece.parts) == 4]
        CACHE.mkdir(exist_ok=True)
        kept.write_text(json.dumps([asdict(piece) for piece in found]), encoding="utf-8")
    read = json.loads(kept.read_text(encoding="utf-8"))
    return [
        Piece(
            one["path"],
            [[PrintedNote(*note) for note in part] for part in one["parts"]],
            one["measures"],
            one["keys"],
        )
        for one in read
    ]


def parsed(path: Path, root: Path) -> Piece | None:
    """A piece as music21 reads it; None if it does not, or finds no notes."""
    try:
        score = converter.parse(path)
        score = score.scores[0] if isinstance(score, stream.Opus) else score
        score = score.toSoundingPitch()
        parts = [part_notes(part) for part in score.parts]
        measures, keys = frame(score.parts[0])
    except Exception as error:  # noqa: BLE001 music21 raises whatever it meets
        print(f"{path}: {error!r}")
        return None
    return Piece(str(path.relative_to(root)), parts, measures, keys) if any(parts) else None


def part_notes(part: stream.Part) -> list[PrintedNote]:
    notes = []
    for element in part.stripTies().flatten().notes:
        length = ticks(element.duration.quarterLength)
        if element.duration.isGrace or isinstance(element, harmony.ChordSymbol) or not length:
            continue
        for one in element.notes if isinstance(element, chord.Chord) else [element]:
            if hasattr(one, "pitch"):
                pitch = one.pitch
                octave = pitch.implicitOctave
                notes.append(
                    PrintedNote(ticks(element.offset), length, pitch.step, int(pitch.alter), octave)
                )
    return sorted(notes)


def frame(
    part: stream.Part,
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str | None]]]:
    """The measures and keys of a part."""
    starts, meters, keys, meter = [], [], [], "none"
    for measure in part.getElementsByClass(stream.Measure):
        if measure.timeSignature is not None:
            meter = measure.timeSignature.ratioString
        if (key := measure.keySignature) is not None:
            keys.append((ticks(measure.offset), key.sharps, getattr(key, "mode", None)))
        starts.append(ticks(measure.offset))
        meters.append(meter)
    ends = [*starts[1:], ticks(part.highestTime)]
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    return list(zip(starts, lengths, meters, strict=True)), keys


def ticks(quarters: float) -> int:
    """Quarter notes as ticks, on the nearest 48th or quintuplet; music21 rounds."""
    for parts in (48, 5, 7, 9):
        if abs(quarters * parts - round(quarters * parts)) < 0.02:
            return round(quarters * parts) * QUARTER // parts
    return round(quarters * QUARTER)


@dataclass(frozen=True)
class Performance:
    """How a piece is written as MIDI.

    Attributes:
        meta: whether meter and key are written.
        merged: whether all parts are one track.
        jitter: every onset and end is off by up to so many seconds.
        drift: the tempo changes by up to this share, slowly.
        tempo: quarter notes a minute.
    """

    meta: bool = True
    merged: bool = False
    jitter: float = 0.0
    drift: float = 0.0
    tempo: int = 120


def as_midi(piece: Piece, how: Performance, seed: int = 0, division: int = 480) -> bytes:
    """A piece as a MIDI file of format 1."""
    rng = random.Random(seed)
    phase = rng.random() * 2 * math.pi

    def tick(time: int) -> int:
        at = time / QUARTER
        at += how.drift * WAVE * (math.cos(phase) - math.cos(at / WAVE + phase))
        at += rng.uniform(-how.jitter, how.jitter) * how.tempo / 60
        return max(0, round(at * division))

    file = mido.MidiFile(ticks_per_beat=division)
    first = [(0, 0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(how.tempo)))]
    if how.meta:
        first += [
            (start * division // QUARTER, 1, message) for start, message in meta_events(piece)
        ]
    file.tracks.append(track(first))
    parts = [[note for part in piece.parts for note in part]] if how.merged else piece.parts
    for place, part in enumerate(parts):
        channel = (place + (place >= 9)) % 16
        events = []
        for note in part:
            sound = {"note": note.midi, "channel": channel}
            begin = tick(note.start)
            end = max(begin + 1, tick(note.start + note.length))
            events.append((begin, 1, mido.Message("note_on", velocity=80, **sound)))
            events.append((end, 0, mido.Message("note_off", **sound)))
        file.tracks.append(track(events))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def meta_events(piece: Piece) -> Iterable[tuple[int, mido.MetaMessage]]:
    before = ""
    for start, _, meter in piece.measures:
        if meter not in {before, "none"}:
            numerator, denominator = map(int, meter.split("/"))
            yield (
                start,
                mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator),
            )
        before = meter
    for start, sharps, mode in piece.keys:
        if abs(sharps) <= 7:
            name = key_name(sharps, minor=mode == "minor")
            yield start, mido.MetaMessage("key_signature", key=name)


def track(events: Sequence[tuple[int, int, mido.Message]]) -> mido.MidiTrack:
    found, before = mido.MidiTrack(), 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        found.append(message.copy(time=at - before))
        before = at
    return found


def score_onsets(score: Score) -> list[Onset]:
    """The notes of a score."""
    return [
        (note.start, number(pitch))
        for voice in score.voices
        for before, note in zip((None, *voice.notes), voice.notes, strict=False)
        for pitch in note.pitches
        if not (before and before.end == note.start and pitch in before.held)
    ]


def f1_by_bar(piece: Piece, found: Iterable[Onset], tolerance: int = QUARTER // 16) -> float:
    """The onset F1 of notes against a piece, bar by bar.

    In each bar of the piece the notes may be moved as one, so that a slip costs its own bar and
    not all that follow; the movement is the one that fits best, near that of the bar before.
    """
    wanted, notes = piece.onsets, sorted(found)
    hits, moved = 0, 0
    for start, length, _ in piece.measures:
        bar = wanted[bisect_left(wanted, (start, -1)) : bisect_left(wanted, (start + length, -1))]
        if bar:
            more, moved = best_movement(bar, notes, moved, tolerance)
            hits += more
    return 2 * hits / (len(wanted) + len(notes))


def best_movement(
    bar: list[Onset], notes: list[Onset], before: int, tolerance: int
) -> tuple[int, int]:
    """How many notes of a bar are found at the best movement, and that movement."""
    reach = 8 * QUARTER
    votes = Counter({before: 0})
    for start, pitch in (*bar[:4], *bar[-2:]):
        near = bisect_left(notes, (start + before - reach, -1))
        for other, same in notes[near : bisect_left(notes, (start + before + reach, -1))]:
            if same == pitch:
                votes[other - start] += 1
    likely = sorted(votes, key=lambda move: (-votes[move], abs(move - before)))[:8]
    counted = [(matches(bar, notes, move, tolerance), -abs(move - before), move) for move in likely]
    best = max(counted)
    return best[0], best[2]


def matches(bar: list[Onset], notes: list[Onset], move: int, tolerance: int) -> int:
    first = bisect_left(notes, (bar[0][0] + move - tolerance, -1))
    last = bisect_left(notes, (bar[-1][0] + move + tolerance + 1, -1))
    there: dict[int, list[int]] = defaultdict(list)
    for start, pitch in notes[first:last]:
        there[pitch].append(start - move)
    hits = 0
    for start, pitch in bar:
        close = [time for time in there[pitch] if abs(time - start) <= tolerance]
        if close:
            there[pitch].remove(min(close, key=lambda time: abs(time - start)))
            hits += 1
    return hits


def families(found: Sequence[Piece]) -> list[int]:
    """A number for each piece, the same for those that share a melody.

    A melody is twelve steps of the highest part, of five kinds at least.
    """
    parents = list(range(len(found)))

    def root(one: int) -> int:
        while parents[one] != one:
            one = parents[one]
        return one

    seen: dict[tuple[int, ...], int] = {}
    for index, piece in enumerate(found):
        averages = [sum(note.midi for note in part) / max(1, len(part)) for part in piece.parts]
        top = [note.midi for note in piece.parts[averages.index(max(averages))]]
        steps = [after - before for before, after in pairwise(top)]
        for place in range(len(steps) - 11):
            shape = tuple(steps[place : place + 12])
            if len(set(shape)) > 4:
                parents[root(index)] = root(seen.setdefault(shape, index))
    return [root(one) for one in range(len(found))]
