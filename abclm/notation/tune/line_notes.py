"""The notes of a melodic line, read bar by bar: pitch and scale degree, ties joined."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile
from math import lcm
from typing import Final, NamedTuple

from abclm.notation.syntax.accidentals import TONIC_ALTERATIONS, semitones
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import BodyField, Event, Item, Overlay

__all__ = ["LineReader", "MelodicNote", "tonic_class"]

_MIDDLE_C: Final = 60
_STEPS: Final = {letter: step for step, letter in enumerate("CDEFGAB")}
_PIPES: Final = "A"
"""The tonic of bagpipe tunes (``K:HP``)."""


class MelodicNote(NamedTuple):
    """One note of the line.

    Attributes:
        bar: index of the bar it begins in, among the bars of the line.
        onset: time from the start of that bar, in ticks.
        duration: in ticks, tied notes included.
        pitch: MIDI number, 60 for middle C.
        step: letters of the staff above middle C: ``C`` is 0, ``c`` 7, ``B,`` -1.
        degree: scale degree, from 1 for the letter of the tonic to 7.
        above_tonic: semitones above the tonic, 0 to 11.
        chromatic: whether its alteration differs from the key signature.
        tied: whether it was written with a tie.
        chord: whether it is the top note of a chord.
        tuplet: whether it belongs to a tuplet.
        graces: the number of grace notes before it.
        decorated: whether it has a decoration.
    """

    bar: int
    onset: int
    duration: int
    pitch: int
    step: int
    degree: int
    above_tonic: int
    chromatic: bool
    tied: bool
    chord: bool
    tuplet: bool
    graces: int
    decorated: bool


class LineReader:
    """Follows key, accidentals and ties from bar to bar.

    Args:
        key: the key of the tune, with a tonic.
        written: the bars that will be read.

    Attributes:
        ticks: the number of ticks in a whole note, the least that makes all times integers.
        notes: the notes of each bar read so far.
        rests: the number of rests in each of those bars.
        needless: the number of needless accidentals in each of those bars.
    """

    def __init__(self, key: Key, written: Sequence[Bar]) -> None:
        self.ticks = _ticks(written)
        self.notes: list[list[MelodicNote]] = []
        self.rests: list[int] = []
        self.needless: list[int] = []
        self._change_key(key)
        self._altered: dict[str, int] = {}
        self._altered_here: dict[tuple[str, int], int] = {}
        # The bar whose last note is held, and that note as written.
        self._held: tuple[list[MelodicNote], Pitch] | None = None

    def read(self, bar: Bar) -> None:
        """Read the next bar; of an overlay (``&``) only the first layer counts."""
        self._altered, self._altered_here = {}, {}
        self.notes.append([])
        self.rests.append(0)
        self.needless.append(0)
        onset = 0
        for item in takewhile(_is_first_layer, bar.items):
            if isinstance(item, BodyField) and item.name == "K":
                self._change_key(parse_key(item.value))
            elif isinstance(item, Event):
                duration = self.in_ticks(item.duration)
                self._event(item, onset, duration)
                onset += duration

    def in_ticks(self, time: Fraction) -> int:
        """Convert a time in whole notes to ticks."""
        return time.numerator * (self.ticks // time.denominator)

    def _event(self, event: Event, onset: int, duration: int) -> None:
        for grace in event.graces:
            self._alter(grace.pitch)
        for written in event.pitches:
            self._alter(written)
        if not event.pitches:
            self.rests[-1] += 1
            self._held = None
            return
        pitch, top = max((self._pitch(each), each) for each in event.pitches)
        if self._held is not None and _continues(*self._held, top, pitch):
            into = self._held[0]
            into[-1] = into[-1]._replace(duration=into[-1].duration + duration)
        else:
            into = self.notes[-1]
            into.append(self._note(event, pitch, top, (onset, duration)))
        self._held = (into, top) if event.tie else None

    def _note(self, event: Event, pitch: int, top: Pitch, time: tuple[int, int]) -> MelodicNote:
        step = _STEPS[top.letter]
        return MelodicNote(
            len(self.notes) - 1,
            *time,
            pitch,
            step + 7 * top.octave,
            (step - _STEPS[self._letter]) % 7 + 1,
            (pitch - self._tonic) % 12,
            self._alteration(top.letter) != self._signature.get(top.letter, 0),
            event.tie,
            len(event.pitches) > 1,
            event.tuplet > 0,
            len(event.graces),
            bool(event.decorations),
        )

    def _alter(self, pitch: Pitch) -> None:
        """Record an accidental: it holds for its letter in all octaves (ABC 2.1 section 11.3).

        It is not needless if it is needed where accidentals hold only in their own octave, as in
        print.
        """
        if not pitch.accidental:
            return
        value, letter, here = semitones(pitch.accidental), pitch.letter, pitch[1:]
        in_octave = self._altered_here.get(here, self._signature.get(letter, 0))
        self.needless[-1] += value == in_octave == self._alteration(letter)
        self._altered[letter] = self._altered_here[here] = value

    def _alteration(self, letter: str) -> int:
        return self._altered.get(letter, self._signature.get(letter, 0))

    def _pitch(self, written: Pitch) -> int:
        natural = NATURAL_SEMITONES[written.letter] + 12 * written.octave
        return _MIDDLE_C + natural + self._alteration(written.letter)

    def _change_key(self, key: Key | None) -> None:
        """Change to ``key``; one without a tonic changes nothing."""
        tonic = tonic_class(key)
        if key is not None and tonic is not None:
            self._signature, self._tonic, self._letter = key.alterations, tonic, _tonic_letter(key)


def tonic_class(key: Key | None) -> int | None:
    """Return the tonic of ``key``, 0 for C to 11 for B; None without one."""
    letter = _tonic_letter(key)
    if key is None or not letter:
        return None
    sign = key.tonic[1:] if key.tonic[0] == letter else ""
    return (NATURAL_SEMITONES[letter] + TONIC_ALTERATIONS[sign]) % 12


def _tonic_letter(key: Key | None) -> str:
    if key is None or key.tonic == "none":
        return ""
    return _PIPES if key.tonic.upper() == "HP" else key.tonic[0]


def _ticks(written: Sequence[Bar]) -> int:
    events = {event.duration.denominator for bar in written for event in bar.events}
    measures = {bar.meter.bar.denominator for bar in written if bar.meter.bar is not None}
    return lcm(*events, *measures)


def _continues(held: Sequence[MelodicNote], before: Pitch, top: Pitch, pitch: int) -> bool:
    """Whether a tie continues to the note ``top``: accidentals hold (ABC 2.1 section 4.11)."""
    if top.accidental:
        return held[-1].pitch == pitch
    return (before.letter, before.octave) == (top.letter, top.octave)


def _is_first_layer(item: Item) -> bool:
    return not isinstance(item, Overlay)
