"""The row of a table: figures of a set of pieces of several voices."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from abclm.constraint.pitch_range import PitchRange, parse_ranges
from abclm.errors import RenderError
from abclm.evaluate.voices.chords import ends_on_tonic, is_chord, strong_chords
from abclm.evaluate.voices.leading import Leading
from abclm.evaluate.voices.slices import Slices, slices
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune
from abclm.originality.comparison import Figures
from abclm.render.abcmidi import run_abc2midi

__all__ = [
    "VoicesRow",
    "are_aligned",
    "exact_voices",
    "keeps_ranges",
    "measure_pieces",
    "parse_piece",
]

_CHOIR: Final = "satb"
_DIGITS: Final = 4
_UNEQUAL: Final = "quarter notes long not"
"""In abc2midi's warning of a voice that is not as long as the first."""


@dataclass(frozen=True, slots=True)
class VoicesRow:
    """Figures of a set of pieces; unknown ones are None. Shares are 0 to 1.

    Attributes:
        name: the name of the set.
        kind: ``model`` or ``human``.
        pieces: the number of pieces.
        aligned: share whose voices have the same bars (`are_aligned`).
        exact_bars: for each voice from the top, the share in which all of its bars are exact.
        valid: share in which ``abclm validate --strict`` finds no problem.
        clean: share in which ``abc2midi -c`` finds no error and voices of equal length; None if it
            is not installed.
        ended: share that ended before the limit of characters.
        ranges: share whose four voices keep the ranges of a choir; None without four voices.
        leading: parallels, crossings and gaps.
        final_tonic: share whose last chord is the tonic's.
        chords: share of the chords on strong beats that are triads or seventh chords.
        copying: the largest share of a piece's full bars in one training piece.
        taken: mean bits per piece that the grammar took from the model.
        characters_per_second: the speed of writing all of them at once.
    """

    name: str
    kind: str
    pieces: int
    aligned: float
    exact_bars: tuple[float, ...]
    valid: float
    clean: float | None
    ended: float
    ranges: float | None
    leading: Leading = field(default_factory=Leading)
    final_tonic: float | None = None
    chords: float | None = None
    copying: Figures | None = None
    taken: float | None = None
    characters_per_second: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON, figures rounded to four digits."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        shares = {
            name: round(value, _DIGITS) if isinstance(value, float) else value
            for name, value in found.items()
        }
        return {
            **shares,
            "exact_bars": [round(share, _DIGITS) for share in self.exact_bars],
            "leading": self.leading.as_dict(),
            "copying": self.copying
            and {name: round(value, _DIGITS) for name, value in asdict(self.copying).items()},
        }


def measure_pieces(
    name: str,
    kind: str,
    texts: Sequence[str],
    *,
    ended: float = 1.0,
    copying: Callable[[Sequence[Slices]], Figures] | None = None,
) -> VoicesRow:
    """Measure one or more pieces.

    Args:
        name: the name of the row.
        kind: the kind of the row.
        texts: the pieces as ABC, without ``X:``.
        ended: share of the pieces that ended before the limit.
        copying: measures the copying of pieces; None omits it.
    """
    tunes = list(map(parse_piece, texts))
    pieces = list(map(slices, tunes))
    strong = [is_chord(chord) for piece in pieces for chord in strong_chords(piece)]
    return VoicesRow(
        name,
        kind,
        len(texts),
        aligned=_share(map(are_aligned, tunes)),
        exact_bars=_by_voice(list(map(exact_voices, tunes))),
        valid=_share(not validate(f"X:1\n{text}", strict=True) for text in texts),
        clean=_clean(texts),
        ended=ended,
        ranges=_known_share(keeps_ranges(piece, parse_ranges(_CHOIR)) for piece in pieces),
        leading=Leading.of(piece.slices for piece in pieces),
        final_tonic=_known_share(
            ends_on_tonic(piece, tune.key) for piece, tune in zip(pieces, tunes, strict=True)
        ),
        chords=_share(strong) if strong else None,
        copying=copying(pieces) if copying is not None else None,
    )


def parse_piece(text: str) -> Tune:
    """Parse a piece that has no ``X:``."""
    return parse_tunebook(f"X:1\n{text}")[0].tune


def are_aligned(tune: Tune) -> bool:
    """Whether all voices have the same number of bars, of equal lengths, with equal bar lines."""
    voices = [list(map(_outline, bars(voice.tune))) for voice in tune.voices]
    return bool(voices) and all(voice == voices[0] for voice in voices)


def exact_voices(tune: Tune) -> list[bool]:
    """Whether all bars of each voice are exact (`abclm.notation.tune.bars.Bar.exact`)."""
    return [all(bar.exact for bar in bars(voice.tune)) for voice in tune.voices]


def keeps_ranges(piece: Slices, ranges: Sequence[PitchRange]) -> bool | None:
    """Whether each voice keeps its range, from the top; None for another number of voices."""
    if len(piece.notes) != len(ranges):
        return None
    return all(
        pitch in span
        for voice, span in zip(piece.notes, ranges, strict=True)
        for note in voice
        for pitch in note.pitches
    )


def _outline(bar: Bar) -> tuple[Any, ...]:
    return bar.duration, *(
        (sign.style, sign.closes, sign.opens, sign.ending) for sign in (bar.before, bar.after)
    )


def _clean(texts: Sequence[str]) -> float | None:
    try:
        return _share(map(_is_clean, texts))
    except RenderError:
        return None


def _is_clean(text: str) -> bool:
    """Whether abc2midi finds no error; its warnings of pickups and short last bars do not count.

    Without ``-NFER`` it makes a note with a fermata longer in its own voice alone.
    """
    opinion = run_abc2midi(f"X:1\n{text}", "-c", "-NFER")
    return not opinion.errors and not any(_UNEQUAL in found.message for found in opinion.warnings)


def _by_voice(answers: Sequence[Sequence[bool]]) -> tuple[float, ...]:
    """The share of each voice, of the pieces that have it."""
    most = max(map(len, answers), default=0)
    return tuple(
        _share(each[place] for each in answers if place < len(each)) for place in range(most)
    )


def _known_share(answers: Iterable[bool | None]) -> float | None:
    known = [answer for answer in answers if answer is not None]
    return _share(known) if known else None


def _share(right: Iterable[bool]) -> float:
    answers = list(right)
    return sum(answers) / len(answers)
