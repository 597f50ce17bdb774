"""A piece of several voices as n-grams of words, in any key: its chords and its lines.

A word of the chords is ``7:0.4.7``: above the tonic the lowest note, and all pitch classes that
sound. A word of a line is ``2+1:1/8``: in the second voice a note a semitone higher than the last
one, an eighth long. ``|]`` ends both.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from abclm.evaluate.voices.slices import Slices
from abclm.notation.play.notes import SoundingNote
from abclm.notation.syntax.key import Key
from abclm.notation.tune.line_notes import tonic_class

__all__ = ["score_ngrams"]

_LONGEST_CHORDS: Final = 3
_LONGEST_LINES: Final = 4
"""The lengths of the longest n-grams."""
_OCTAVE: Final = 12
_END: Final = "|]"


def score_ngrams(piece: Slices, key: Key | None) -> tuple[list[str], list[str]]:
    """Return the n-grams of up to 3 chords, and of up to 4 notes of a line, with repetitions.

    Args:
        piece: the piece.
        key: its key; without a tonic, pitch classes count from C.
    """
    tonic = tonic_class(key) or 0
    chords = [_chord(here.pitches, tonic) for here in piece.slices]
    vertical = list(_ngrams([*chords, _END], _LONGEST_CHORDS))
    lines = (
        _ngrams([*_line(number, notes), _END], _LONGEST_LINES)
        for number, notes in enumerate(piece.notes, 1)
    )
    return vertical, [ngram for line in lines for ngram in line]


def _chord(pitches: Sequence[int], tonic: int) -> str:
    classes = sorted({(pitch - tonic) % _OCTAVE for pitch in pitches})
    return f"{(pitches[0] - tonic) % _OCTAVE}:{'.'.join(map(str, classes))}"


def _line(number: int, notes: Sequence[SoundingNote]) -> Iterator[str]:
    last: int | None = None
    for note in notes:
        pitch = note.pitches[-1]
        yield f"{number}{0 if last is None else pitch - last:+d}:{note.duration}"
        last = pitch


def _ngrams(words: Sequence[str], longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])
