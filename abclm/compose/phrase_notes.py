"""The features of the notes of a phrase, as words to be counted: intervals, degrees, rhythms.

Pitches count from the tonic of the normal form, so that keys do not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from abclm.notation.cursor.bar_memory import RememberedBar
from abclm.notation.cursor.plan import PHRASE
from abclm.notation.cursor.time import WHOLE
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = [
    "GRAIN",
    "Heading",
    "Note",
    "dance_words",
    "degree",
    "note_words",
    "notes_of",
    "rhythm_of",
]

GRAIN: Final = WHOLE // 96
"""Ticks in a 96th of a whole note."""
_TONIC_STEP: Final = 4
"""The tonic of the normal form, G, as a staff step."""
_STAVE: Final = "CDEFGAB"
_NOTE: Final = re.compile(r"(\^\^|__|[\^_=]?)([A-Ga-g])")
_GRACE: Final = re.compile(r"\{[^}]*\}")
_WIDEST: Final = 9
"""In steps: a tenth. Wider intervals are rare and count as one."""
_WIDEST_SEMITONES: Final = 16
"""The same in semitones."""
_LONGEST_TURN, _LONGEST_DEGREES = 4, 3
"""The longest runs of intervals, and of degrees, that are features."""


class Heading(NamedTuple):
    """The parts of a tune's header that matter for its notes.

    Attributes:
        rhythm, meter: the values of the fields; empty if missing.
        mode: the mode of the key, such as ``m`` or ``dor``.
    """

    rhythm: str = ""
    meter: str = ""
    mode: str = ""

    @classmethod
    def of(cls, text: str) -> "Heading":
        """Read the heading of a tune as a network reads it, or of the start of one."""
        fields: dict[str, str] = {}
        for line in text.split("\n"):
            if line[1:2] != ":" or "K" in fields:
                break
            fields[line[0]] = line[2:]
        key = parse_key(fields.get("K", "none"))
        return cls(fields.get("R", ""), fields.get("M", ""), key.mode if key is not None else "")

    @property
    def beat(self) -> int:
        """The beat in 96ths of a whole note: three eighths in 6/8, 9/8 and 12/8, else a quarter."""
        meter = parse_meter(self.meter)
        compound = meter is not None and meter.beat_unit == 8 and meter.beats % 3 == 0
        return 36 if compound else 24


class Note(NamedTuple):
    """A note or a rest of a bar.

    Attributes:
        step: staff step; None for a rest.
        semitones: semitones above middle C; 0 for a rest.
        sign: the accidental before it.
        onset, duration: in 96ths of a whole note, the onset from the start of the bar.
        opens_bar: whether it is the bar's first.
    """

    step: int | None
    semitones: int
    sign: str
    onset: int
    duration: int
    opens_bar: bool


def degree(step: int) -> int:
    """The scale degree of a step, 1 to 7."""
    return (step - _TONIC_STEP) % 7 + 1


def notes_of(bars: Sequence[RememberedBar], mode: str = "") -> list[Note]:
    """The notes and rests of ``bars``; of a chord, the last note written.

    Args:
        bars: consecutive bars.
        mode: the mode of the key, whose tonic is G.
    """
    return [
        note
        for bar in bars
        for note in _notes_of_bar(
            bar.text, tuple(bar.starts.items()), tuple(bar.steps.items()), bar.length, mode
        )
    ]


@lru_cache(maxsize=4096)
def _notes_of_bar(
    text: str,
    starts: tuple[tuple[int, int], ...],
    steps: tuple[tuple[int, int], ...],
    length: int,
    mode: str,
) -> tuple[Note, ...]:
    """As `notes_of`, cached: candidates for a phrase share the bars before them."""
    altered = dict(_signature(mode))
    step_at = dict(steps)
    found: list[Note] = []
    for (start, place), (end, next_place) in pairwise((*starts, (length, len(text)))):
        step = step_at.get(start)
        sign = ""
        for sign, letter in _NOTE.findall(_GRACE.sub("", text[place:next_place])):
            if sign:
                altered[letter.upper()] = ALTERATIONS[sign]
        semitones = 0 if step is None else _semitones(step, altered)
        onset, duration = start // GRAIN, (end - start) // GRAIN
        found.append(Note(step, semitones, sign, onset, duration, not found))
    return tuple(found)


def rhythm_of(bar: RememberedBar) -> str:
    """The rhythm of a bar as text: the onsets of its events, and its length."""
    return ",".join(str(start // GRAIN) for start in bar.starts) + f":{bar.length // GRAIN}"


def note_words(
    context: Sequence[Note], notes: Sequence[Note], bars: Sequence[RememberedBar], heading: Heading
) -> Iterator[str]:
    """Yield the words for the notes of a phrase.

    Args:
        context: the last notes before it.
        notes: its own notes.
        bars: the bars of those notes.
        heading: the tune's heading.
    """
    yield from _turns(context, notes)
    yield from _degrees(notes, heading)
    yield from _intervals([*context[-1:], *notes], heading)
    yield from _accidentals(notes)
    yield from _rhythms(bars, heading)
    yield from _syncopations(notes, heading)


def dance_words(
    notes: Sequence[Note], bars: Sequence[RememberedBar], heading: Heading
) -> Iterator[str]:
    """Yield the words for the dance: its rhythms and the division of its beats; none without R:.

    The arguments are those of `note_words`.
    """
    if not heading.rhythm:
        return
    name = f"{heading.rhythm} {heading.meter}"
    for bar in bars:
        yield f"dr {name} {rhythm_of(bar)}"
    for note in notes:
        yield f"db {name} {note.onset % heading.beat} {note.duration}"
    yield f"dn {name} {len(notes) // max(1, len(bars))}"
    yield f"ds {name} {min(6, _late(notes, heading))}"


@lru_cache(maxsize=64)
def _signature(mode: str) -> Mapping[str, int]:
    key = parse_key(f"G{mode}")
    return {} if key is None else key.alterations


def _semitones(step: int, altered: Mapping[str, int]) -> int:
    octave, place = divmod(step, 7)
    letter = _STAVE[place]
    return 12 * octave + NATURAL_SEMITONES[letter] + altered.get(letter, 0)


def _turns(context: Sequence[Note], notes: Sequence[Note]) -> Iterator[str]:
    """Words for runs of intervals with durations, including bar lines."""
    words: list[str] = []
    before: int | None = None
    for note in (*context, *notes):
        if note.opens_bar:
            words.append("|")
        if note.step is None:
            words.append(f"z{note.duration}")
            continue
        words.append(f"{0 if before is None else _move(before, note.step)}_{note.duration}")
        before = note.step
    words.append("|")
    skipped = len(context) + sum(note.opens_bar for note in context)
    yield from _runs("t", words, _LONGEST_TURN, skipped)


def _degrees(notes: Sequence[Note], heading: Heading) -> Iterator[str]:
    """Words for runs of scale degrees, each with its onset, and for the moves between them."""
    words = [
        f"{degree(note.step)}@{note.onset}" if note.step is not None else "z" for note in notes
    ]
    yield from _runs("d", words, _LONGEST_DEGREES)
    steps = [note.step for note in notes if note.step is not None]
    moves = [f"{degree(before)}{_move(before, after):+d}" for before, after in pairwise(steps)]
    yield from _runs("v", moves, _LONGEST_DEGREES)
    for move in moves:
        yield f"vm {heading.mode} {move}"
    if moves:
        yield f"vn {10 * len(set(moves)) // len(moves)}"


def _intervals(notes: Sequence[Note], heading: Heading) -> Iterator[str]:
    """Words for interval sizes in semitones, and for leaps that a singer would avoid."""
    sung = [note for note in notes if note.step is not None]
    sizes = [abs(after.semitones - before.semitones) for before, after in pairwise(sung)]
    for size in sizes:
        yield f"i {min(size, _WIDEST_SEMITONES)}"
    shunned = sum(size in {6, 10, 11} or size > 12 for size in sizes)
    for count in range(min(shunned, 3)):
        yield f"i shunned {count}"
    yield f"i tritones {min(sizes.count(6), 2)} {heading.mode}"
    for one, other in pairwise(pairwise(sung)):
        first, second = one[1].semitones - one[0].semitones, other[1].semitones - other[0].semitones
        if max(abs(first), abs(second)) >= 5:
            yield f"il {_leap(first)} {_leap(second)}"
    if sizes:
        yield f"i mean {round(2 * sum(sizes) / len(sizes))}"


def _leap(size: int) -> int:
    return max(-_WIDEST_SEMITONES, min(_WIDEST_SEMITONES, size))


def _accidentals(notes: Sequence[Note]) -> Iterator[str]:
    """Words for notes with accidentals, how they are approached, and how they continue."""
    number, bars, altered = -1, set(), 0
    for at, note in enumerate(notes):
        number += note.opens_bar
        if not note.sign or note.step is None:
            continue
        altered += 1
        bars.add(number)
        name = f"{note.sign}{degree(note.step)}"
        after = notes[at + 1].step if at + 1 < len(notes) else None
        before = notes[at - 1].step if at else None
        to = "|" if after is None else _move(note.step, after)
        came = "|" if before is None else _move(before, note.step)
        yield f"x {name}"
        yield f"x {name} to {to}"
        yield f"x {came} to {name} to {to}"
        yield f"x {name} in {min(number, PHRASE)}"
    yield f"xn {min(altered, 4)}"
    yield f"xb {len(bars)}"


def _rhythms(bars: Sequence[RememberedBar], heading: Heading) -> Iterator[str]:
    """Words for the rhythms of the bars, also together with the meter."""
    rhythms = [rhythm_of(bar) for bar in bars]
    for number, rhythm in enumerate(rhythms):
        yield f"r {rhythm}"
        yield f"r{min(number, PHRASE)} {rhythm}"
        yield f"rm {heading.meter} {rhythm}"
    for pair in pairwise(rhythms):
        yield "rp " + " ".join(pair)
    counts = Counter(rhythms)
    yield f"rn {len(counts)} of {len(rhythms)}"
    yield f"ro {sum(count == 1 for count in counts.values())} of {len(rhythms)}"


def _syncopations(notes: Sequence[Note], heading: Heading) -> Iterator[str]:
    """Words for the number of notes that begin inside a beat and sound into the next."""
    count = _late(notes, heading)
    yield f"sy {min(count, 6)} {heading.meter}"
    yield f"sy {6 * count // max(1, sum(note.step is not None for note in notes))}"


def _late(notes: Sequence[Note], heading: Heading) -> int:
    beat = heading.beat
    return sum(note.onset % beat > 0 and note.onset % beat + note.duration > beat for note in notes)


def _move(before: int, after: int) -> int:
    return max(-_WIDEST, min(_WIDEST, after - before))


def _runs(name: str, words: Sequence[str], longest: int, skipped: int = 0) -> Iterator[str]:
    for last in range(skipped, len(words)):
        for length in range(1, min(longest, last + 1) + 1):
            yield f"{name} " + " ".join(words[last - length + 1 : last + 1])
