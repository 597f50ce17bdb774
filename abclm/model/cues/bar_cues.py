"""Cues of the moment: the bar, the section, the open item, and the range of the notes.

- ``bar``: how much of the bar is left.
- ``section``: the number of whole bars since the section began, whether a repeat or an ending is
  open, and whether the section has just begun, could end here, or must end here. It could end
  where the bar lacks exactly what the pickup took, and must end after such a bar. Also the time
  left until then, the number of sections that have ended, and the bars of the last of them.
- ``syntax``: what is open: a header field, a chord, grace notes, a length and how much of it has
  been spelled, broken rhythm; and the number of notes missing in an open tuplet.
- ``compass``: the lowest and the highest note so far, and the number of letters that have been
  altered by an accidental.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from abclm.model.cues.progress import Progress
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.form import Form
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE

__all__ = ["BarCue", "CompassCue", "SectionCue", "SyntaxCue"]

_GRAIN: Final = 96
"""Time is counted in 96ths of a whole note, so that thirds and quarters of an eighth are whole."""
_NO_BAR, _OVERFULL, _FIRST_LEFT = 0, 1, 2
_MOST_LEFT: Final = 144
"""In 96ths: a bar of 3/2 or 12/8."""
_MOST_BARS: Final = 32
"""Of 1,000 sections of the shipped corpus, one has more."""
_MOST_SECTIONS: Final = 7
"""More sections count as seven; of 1,000 tunes of the shipped corpus, 2 have more."""
_MOST_SECTION_LEFT: Final = 48
"""In 96ths: half a whole note, within which a pickup lies; more time counts as that."""
_FORMS: Final = 32
"""A repeat open or not, times the four values of `_phase`, times the four of `Form.ending`."""
_MOST_TYPED: Final = 5
"""The length of the longest key, ``F#mix``."""
_COUNTED: Final = ("M:", "L:", "K:")
"""Fields with few values, for which the number of characters typed so far is also an input."""
_FIELDS: Final = tuple(f"{name}{typed}" for name in _COUNTED for typed in range(_MOST_TYPED + 1))
_HEADER: Final = ("", "R", "M", "L", "K", "P", "R:", "P:", *_FIELDS)
_INSIDE: Final = ("tuplet", "bracket", "field", "chord", "}", '"', "!")
_BEGUN: Final = {
    text: place
    for place, text in enumerate((*_HEADER, *_INSIDE, *(f"[{field}" for field in _FIELDS)))
}
"""Ids of open items outside the music itself."""
_INSIDE_OF: Final = {State.TUPLET: "tuplet", State.BRACKET: "bracket"}
_GROUPS: Final = {"[": "chord", "{": "}"}
_LENGTHS: Final = {
    shape: place
    for place, shape in enumerate((None, "", "1", "11", "/", "//", "1/", "11/", "/1", "1/1"))
}
"""Ids of a length as spelled so far, each digit as 1; None before a bar's first event."""
_OTHER_BEGUN: Final = len(_BEGUN)
_OTHER_LENGTH: Final = len(_LENGTHS)
_DIGIT_AS_ONE: Final = str.maketrans("023456789", "1" * 9)
_MOST_MISSING: Final = 9
"""The notes of the largest tuplet of ABC 2.1 section 4.13."""
_LOWEST_STEP, _HIGHEST_STEP = -7, 20
"""From ``C,``, an octave below middle C, to ``b'``, as staff steps."""
_MOST_ALTERED: Final = 4
"""More altered letters in a bar count as four."""


class BarCue:
    """How much of the bar is left: 0 in the header, 1 if the bar is too long, then 96ths."""

    columns: ClassVar[Mapping[str, int]] = {"bar": _FIRST_LEFT + _MOST_LEFT + 1}

    def ids(self, progress: Progress) -> tuple[int]:
        """The id of the column."""
        cursor = progress.cursor
        if cursor.state is State.HEADER:
            return (_NO_BAR,)
        time = cursor.time
        if time.gone >= time.bar:
            # An event has begun with no time left: the bar ends.
            return (_FIRST_LEFT,)
        return (_left(progress.left, _MOST_LEFT),)


class SectionCue:
    """The position of the tune in its form."""

    columns: ClassVar[Mapping[str, int]] = {
        "section": 2 + _MOST_BARS,
        "section_form": 1 + _FORMS,
        "sections": 2 + _MOST_SECTIONS,
        "section_before": 1 + _MOST_BARS,
        "section_left": _FIRST_LEFT + _MOST_SECTION_LEFT + 1,
    }

    def ids(self, progress: Progress) -> tuple[int, ...]:
        """The ids of the columns, all 0 in the header."""
        cursor = progress.cursor
        if cursor.state is State.HEADER:
            return (0, 0, 0, 0, _NO_BAR)
        time, form, left = cursor.time, cursor.form, progress.left
        return (
            1 + _folded(form.bars),
            1 + 16 * form.repeated + 4 * _phase(form, begun=time.begun, left=left) + form.ending,
            1 + min(form.sections, _MOST_SECTIONS),
            _folded(form.bars_before),
            _left(left - form.pickup, _MOST_SECTION_LEFT),
        )


class SyntaxCue:
    """The open item, and the number of notes missing in an open tuplet."""

    columns: ClassVar[Mapping[str, int]] = {
        "syntax": 1 + _OTHER_BEGUN + 3 * (1 + _OTHER_LENGTH),
        "tuplet": 1 + _MOST_MISSING,
    }

    def ids(self, progress: Progress) -> tuple[int, int]:
        """The ids of the columns."""
        cursor = progress.cursor
        if cursor.state is State.HEADER:
            return _BEGUN.get(_field(cursor.text), _OTHER_BEGUN), 0
        return _syntax(cursor), min(cursor.time.tuplet[2], _MOST_MISSING)


class CompassCue:
    """The lowest and the highest note so far, and the number of altered letters."""

    columns: ClassVar[Mapping[str, int]] = {
        "lowest": 2 + _HIGHEST_STEP - _LOWEST_STEP,
        "highest": 2 + _HIGHEST_STEP - _LOWEST_STEP,
        "altered": 1 + _MOST_ALTERED,
    }

    def ids(self, progress: Progress) -> tuple[int, int, int]:
        """The ids of the columns; 0 before the first note."""
        pitches = progress.cursor.pitches
        altered = min(len(pitches.altered), _MOST_ALTERED)
        return _step(pitches.lowest), _step(pitches.highest), altered


def _step(step: int | None) -> int:
    if step is None:
        return 0
    return 1 + min(max(step, _LOWEST_STEP), _HIGHEST_STEP) - _LOWEST_STEP


def _left(ticks: int, most: int) -> int:
    """The id of the time left; more than ``most`` 96ths count as ``most``."""
    if ticks < 0:
        return _OVERFULL
    return _FIRST_LEFT + min((ticks * _GRAIN + WHOLE // 2) // WHOLE, most)


def _folded(bars: int) -> int:
    """A number of bars; above the maximum, one at the same position in its phrase of eight."""
    return bars if bars <= _MOST_BARS else _MOST_BARS - 7 + (bars - _MOST_BARS - 1) % 8


def _phase(form: Form, *, begun: bool, left: int) -> int:
    """0 at the start of a section, 1 inside it, 2 where it could end, 3 where it must end."""
    if form.due:
        return 3
    if form.could_end(begun=begun, left=left):
        return 2
    return int(bool(form.bars or form.pickup))


def _field(text: str) -> str:
    """The name of a field, and for `_COUNTED` fields the number of characters typed so far."""
    name = text[:2]
    return f"{name}{min(len(text) - 2, _MOST_TYPED)}" if name in _COUNTED else name


def _syntax(cursor: Cursor) -> int:
    if cursor.state is State.FIELD:
        return _BEGUN.get(f"[{_field(cursor.text)}", _BEGUN["field"])
    if not cursor.in_music:
        inside = _INSIDE_OF.get(cursor.state) or _GROUPS.get(cursor.around, cursor.around)
        return _BEGUN.get(inside, _OTHER_BEGUN)
    time = cursor.time
    shape = time.length and time.length.translate(_DIGIT_AS_ONE)
    return 1 + _OTHER_BEGUN + 3 * _LENGTHS.get(shape, _OTHER_LENGTH) + len(time.broken[:2])
