"""The chords of a piece: those on strong beats, and the last one."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from abclm.evaluate.voices.slices import Slice, Slices
from abclm.notation.syntax.key import Key
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.line_notes import tonic_class

__all__ = ["ends_on_tonic", "is_chord", "strong_chords"]

_OCTAVE: Final = 12
_TRIADS: Final = ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8))
_SEVENTHS: Final = (
    (0, 4, 7, 11),
    (0, 4, 7, 10),
    (0, 3, 7, 10),
    (0, 3, 6, 10),
    (0, 3, 6, 9),
    (0, 3, 7, 11),
)
_WITHOUT_FIFTH: Final = ((0, 4), (0, 3), (0, 4, 11), (0, 4, 10), (0, 3, 10))
_CHORDS: Final = frozenset(
    frozenset((root + tone) % _OCTAVE for tone in chord)
    for chord in (*_TRIADS, *_SEVENTHS, *_WITHOUT_FIFTH)
    for root in range(_OCTAVE)
)
_MAJOR, _MINOR = frozenset(_TRIADS[0]), frozenset(_TRIADS[1])


def is_chord(pitches: Iterable[int]) -> bool:
    """Whether MIDI numbers make a triad or a seventh chord, in any inversion.

    The fifth may be missing; a third and its octave are enough.
    """
    return frozenset(pitch % _OCTAVE for pitch in pitches) in _CHORDS


def strong_chords(piece: Slices) -> list[tuple[int, ...]]:
    """Return the pitches that sound on each strong beat on which at least two voices sound.

    Strong beats are the start of each full bar, and its middle if its beats are of even number.
    """
    found = []
    here: Slice | None = None
    waiting = iter(piece.slices)
    following = next(waiting, None)
    for moment in _strong_beats(piece.bars):
        while following is not None and following.moment <= moment:
            here, following = following, next(waiting, None)
        pitches = _sounding(piece, here, moment)
        if len(pitches) > 1:
            found.append(pitches)
    return found


def ends_on_tonic(piece: Slices, key: Key | None) -> bool | None:
    """Whether the last chord is the tonic's: its lowest note is, and the others are of its triad.

    Either third is right, for a piece in minor may end in major. None if it has no tonic or notes.
    """
    tonic = tonic_class(key)
    if tonic is None or not piece.slices:
        return None
    last = [(pitch - tonic) % _OCTAVE for pitch in piece.slices[-1].pitches]
    return last[0] == 0 and (_MAJOR.issuperset(last) or _MINOR.issuperset(last))


def _strong_beats(bars: Iterable[tuple[Fraction, Bar]]) -> Iterator[Fraction]:
    for start, bar in bars:
        if bar.meter.bar is not None and bar.duration == bar.meter.bar:
            yield start
            if bar.meter.beats % 2 == 0:
                yield start + bar.duration / 2


def _sounding(piece: Slices, here: Slice | None, moment: Fraction) -> tuple[int, ...]:
    """The pitches that sound at ``moment``, of the slice that began last."""
    if here is None:
        return ()
    if here.moment == moment:
        return here.pitches
    held = (
        pitch
        for voice in piece.notes
        for note in voice
        if note.onset <= moment < note.onset + note.duration
        for pitch in note.pitches
    )
    return tuple(sorted(held))
