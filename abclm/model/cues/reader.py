"""What the network is told of a tune beside its last character: each a number drawn from the text.

- ``echo``: the character that followed when the last four stood in this tune before, and how much
  of the text before them was the same then. Tunes repeat themselves all the time; without it a
  recurrent network spends most of its state on remembering what to repeat. Data compressors know it
  as the match model (Mahoney 2005, "Adaptive weighing of context models", section 3.4).
- ``bar``: how much of the bar is left, see `abclm.notation.cursor.bar_clock`.
- ``section``: how many whole bars of the section have gone by, whether a repeat is open, whether
  an ending is, and whether the section has just begun, could end here, or has to: it could where
  what is left of the bar is what its pickup took, and has to behind such a bar. Also how much is
  left until then, how many sections have ended, and how many bars the last of them had.
- ``syntax``: what has been begun: a header field, a chord, grace notes, a length and how far it has
  been spelled, broken rhythm; and how many notes an open tuplet still wants.
- ``compass``: the lowest and the highest note so far, and how many were altered by an accidental.
- ``place``, ``plan`` and ``line``: the form of the tune, see `abclm.model.cues.form_cues`.

Imports no TensorFlow: training and decoding read the same cues with the same code.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues.form_cues import FORM_COLUMNS, FormReader, FormReading
from abclm.model.settings import Cue
from abclm.model.vocabulary import END_OF_TUNE, Ids, Vocabulary
from abclm.notation.cursor.bar_clock import BarClock
from abclm.notation.cursor.compass import Compass

__all__ = ["CUES_VERSION", "CueReader", "Reading"]

CUES_VERSION: Final = 5
"""Raised whenever a column means something else: a network reads only what it was trained with."""

_MATCHED: Final = 4
_SPANS: Final = (4, 5, 7, 11, 18)
"""Lengths of a match from which on another id tells of it."""
_LONGEST: Final = _SPANS[-1]

_NO_BAR, _OVERFULL, _FIRST_LEFT = 0, 1, 2
_MOST_LEFT: Final = 144
"""96ths of a whole note: a bar of 3/2 or 12/8."""
_MOST_BARS: Final = 32
_MOST_SECTIONS: Final = 7
_MOST_SECTION_LEFT: Final = 48
_FORMS: Final = 32
"""A repeat open or not; begun, going on, could end or has to; no ending, a first one, a second one
due or begun."""
_CLOCKED: Final = frozenset({"bar", "section", "syntax", "compass", *FORM_COLUMNS})
_MOST_TYPED: Final = 5
_COUNTED: Final = ("M:", "L:", "K:")
"""Fields of few values: how many characters of one are there is told."""
_FIELDS: Final = tuple(f"{name}{typed}" for name in _COUNTED for typed in range(_MOST_TYPED + 1))
_HEADER: Final = ("", "R", "M", "L", "K", "P", "R:", "P:", *_FIELDS)
_INSIDE: Final = ("tuplet", "bracket", "field", "chord", "}", '"', "!")
_BEGUN: Final = {
    text: place
    for place, text in enumerate((*_HEADER, *_INSIDE, *(f"[{field}" for field in _FIELDS)))
}
"""Ids of what is begun outside the music itself."""
_LENGTHS: Final = {
    shape: place
    for place, shape in enumerate((None, "", "1", "11", "/", "//", "1/", "11/", "/1", "1/1"))
}
"""Ids of how far a length has been spelled, each digit a 1; None before a bar's first sound."""
_OTHER_BEGUN: Final = len(_BEGUN)
_OTHER_LENGTH: Final = len(_LENGTHS)
_DIGIT_AS_ONE: Final = str.maketrans("023456789", "1" * 9)
_MOST_MISSING: Final = 9
_OF_NOTES: Final = frozenset({"music", "tuplet", "bracket", "chord"})
"""What a note can be inside of."""
_LOWEST_STEP, _HIGHEST_STEP = -7, 20
"""From the C below middle C, letter by letter, to the B below c''."""
_MOST_ALTERED: Final = 4


class _Echo(NamedTuple):
    """The tune so far, a character for each id, and the place that it runs parallel to.

    ``history[at]`` came next there; ``at`` is -1 without such a place, ``length`` how many
    characters before it agree.
    """

    history: str = ""
    at: int = -1
    length: int = 0

    def after(self, index: int) -> "_Echo":
        character = chr(index)
        history = self.history + character
        if self.at >= 0 and self.history[self.at] == character:
            return _Echo(history, self.at + 1, min(self.length + 1, _LONGEST))
        end = len(history)
        found = history.rfind(history[-_MATCHED:], 0, end - 1) if end > _MATCHED else -1
        if found < 0:
            return _Echo(history)
        length = _MATCHED
        while (
            length < _LONGEST
            and found + _MATCHED > length
            and history[found + _MATCHED - 1 - length] == history[end - 1 - length]
        ):
            length += 1
        return _Echo(history, found + _MATCHED, length)


class Reading(NamedTuple):
    """How far a tune has been read. Immutable: a kept one stays valid.

    Attributes:
        cues: an id for each column of the reader, as the network sees them.
    """

    cues: tuple[int, ...]
    echo: _Echo
    clock: BarClock
    compass: Compass
    form: FormReading


class CueReader:
    """Reads along with tunes.

    Args:
        vocabulary: of the ids that are read.
        cues: which to tell, in this order.
    """

    def __init__(self, vocabulary: Vocabulary, cues: Sequence[Cue]) -> None:
        self.columns = self.sizes(vocabulary.size, cues)
        """The columns of `Reading.cues`, and how many different ids each has."""
        self._echoed = "echo" in cues
        self._clocked = not _CLOCKED.isdisjoint(cues)
        self._noted = "compass" in cues
        self._formed = not FORM_COLUMNS.keys().isdisjoint(cues)
        self._characters = ("", *vocabulary.characters)
        self._form = FormReader({text: place for place, text in enumerate(self._characters)})
        clock = BarClock(last_field="P" if "plan" in cues else "K")
        self._first = self._reading(_Echo(), clock, Compass(), FormReading())

    @staticmethod
    def sizes(vocabulary_size: int, cues: Sequence[Cue]) -> dict[str, int]:
        """The columns in which the network sees ``cues``, and how many different ids each has.

        A cue that says several things has a column for each, so that the network need not meet
        every combination to understand it.
        """
        sizes: dict[str, Mapping[str, int]] = {
            "echo": {"echo": vocabulary_size, "echo_span": 1 + len(_SPANS)},
            "bar": {"bar": _FIRST_LEFT + _MOST_LEFT + 1},
            "section": {
                "section": 2 + _MOST_BARS,
                "section_form": 1 + _FORMS,
                "sections": 2 + _MOST_SECTIONS,
                "section_before": 1 + _MOST_BARS,
                "section_left": _FIRST_LEFT + _MOST_SECTION_LEFT + 1,
            },
            "syntax": {
                "syntax": 1 + _OTHER_BEGUN + 3 * (1 + _OTHER_LENGTH),
                "tuplet": 1 + _MOST_MISSING,
            },
            "compass": {
                "lowest": 2 + _HIGHEST_STEP - _LOWEST_STEP,
                "highest": 2 + _HIGHEST_STEP - _LOWEST_STEP,
                "altered": 1 + _MOST_ALTERED,
            },
            **FORM_COLUMNS,
        }
        return {
            name: vocabulary_size if size < 0 else size
            for cue in cues
            for name, size in sizes[cue].items()
        }

    def start(self) -> Reading:
        """Before a tune, which is also what `END_OF_TUNE` leads to."""
        return self._first

    def after(self, reading: Reading, index: int) -> Reading:
        """One character further on."""
        if index == END_OF_TUNE or not self.columns:
            return self._first
        _, echo, clock, compass, form = reading
        character = self._characters[index]
        if self._echoed:
            echo = echo.after(index)
        if self._noted and clock.inside in _OF_NOTES:
            compass = compass.after(character)
        if self._clocked:
            clock = clock.after(character)
        if self._formed:
            form = self._form.after(form, character, reading.clock, clock)
        return self._reading(echo, clock, compass, form)

    def track(self, ids: Ids) -> NDArray[np.int32]:
        """The cues of a whole tune: at `END_OF_TUNE` before it, then after each character.

        Args:
            ids: of the tune, without `END_OF_TUNE`.

        Returns:
            An array of the shape ``(len(ids) + 1, columns)``.
        """
        found = np.empty((len(ids) + 1, len(self.columns)), np.int32)
        reading = self._first
        found[0] = reading.cues
        for place, index in enumerate(ids.tolist(), 1):
            reading = self.after(reading, index)
            found[place] = reading.cues
        return found

    def _reading(
        self, echo: _Echo, clock: BarClock, compass: Compass, form: FormReading
    ) -> Reading:
        told: dict[str, int] = {}
        if self._echoed:
            told |= _echo_ids(echo)
        if self._clocked:
            told |= _clock_ids(clock)
        if self._noted:
            told |= _compass_ids(compass)
        if self._formed:
            told |= self._form.ids(form, clock)
        cues = tuple([told[column] for column in self.columns])
        return Reading(cues, echo, clock, compass, form)


def _echo_ids(echo: _Echo) -> dict[str, int]:
    if echo.at < 0:
        return {"echo": 0, "echo_span": 0}
    span = sum(echo.length >= least for least in _SPANS)
    return {"echo": ord(echo.history[echo.at]), "echo_span": span}


_NO_MUSIC: Final = {
    "bar": _NO_BAR,
    "section": 0,
    "section_form": 0,
    "sections": 0,
    "section_before": 0,
    "section_left": 0,
    "tuplet": 0,
}
"""What the header is told of what it has not."""


def _clock_ids(clock: BarClock) -> dict[str, int]:
    if clock.inside == "header":
        begun = _BEGUN.get(_field(clock.text), _OTHER_BEGUN)
        return {**_NO_MUSIC, "syntax": begun}
    form = 16 * clock.repeated + 4 * _phase(clock) + clock.ending
    return {
        "bar": _bar(clock),
        "section": 1 + _folded(clock.bars),
        "section_form": 1 + form,
        "sections": 1 + min(clock.sections, _MOST_SECTIONS),
        "section_before": _folded(clock.bars_before),
        "section_left": _section_left(clock),
        "syntax": _syntax(clock),
        "tuplet": min(clock.tuplet[2], _MOST_MISSING),
    }


def _compass_ids(compass: Compass) -> dict[str, int]:
    altered = min(len(compass.altered), _MOST_ALTERED)
    return {
        "lowest": _step(compass.lowest),
        "highest": _step(compass.highest),
        "altered": altered,
    }


def _step(step: int | None) -> int:
    if step is None:
        return 0
    return 1 + min(max(step, _LOWEST_STEP), _HIGHEST_STEP) - _LOWEST_STEP


def _bar(clock: BarClock) -> int:
    """What is left; nothing too where a sound began with nothing left, so that the bar ends."""
    left = clock.left
    if left is None:
        return _NO_BAR
    if clock.gone >= clock.bar:
        return _FIRST_LEFT
    return _OVERFULL if left < 0 else _FIRST_LEFT + min(left, _MOST_LEFT)


def _section_left(clock: BarClock) -> int:
    """What is left of the bar, were it the section's last one."""
    left = clock.left_for_pickup
    if left is None:
        return _NO_BAR
    return _OVERFULL if left < 0 else _FIRST_LEFT + min(left, _MOST_SECTION_LEFT)


def _folded(bars: int) -> int:
    """A number of bars; beyond what is told, one of the same place in its phrase of eight."""
    return bars if bars <= _MOST_BARS else _MOST_BARS - 7 + (bars - _MOST_BARS - 1) % 8


def _phase(clock: BarClock) -> int:
    """0 where a section has begun, 1 where it goes on, 2 where it could end, 3 where it has to."""
    if clock.due:
        return 3
    if clock.could_end:
        return 2
    return int(bool(clock.bars or clock.pickup))


def _field(text: str) -> str:
    """The name of a field, and of those that are counted how much of it is there."""
    name = text[:2]
    return f"{name}{min(len(text) - 2, _MOST_TYPED)}" if name in _COUNTED else name


def _syntax(clock: BarClock) -> int:
    if clock.inside == "field":
        return _BEGUN.get(f"[{_field(clock.text)}", _BEGUN["field"])
    if clock.inside != "music":
        return _BEGUN.get(clock.inside, _OTHER_BEGUN)
    shape = clock.length and clock.length.translate(_DIGIT_AS_ONE)
    return 1 + _OTHER_BEGUN + 3 * _LENGTHS.get(shape, _OTHER_LENGTH) + len(clock.broken)
