"""The grammars of a model's vocabulary, and the states that a prompt's notes lead to."""

from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from abclm.constraint.bar_grammar import BarGrammar
from abclm.constraint.metre import Metre
from abclm.constraint.nodes import Nodes
from abclm.constraint.section_plan import SectionPlan
from abclm.constraint.sections import Sections
from abclm.constraint.tune_grammar import TuneGrammar
from abclm.errors import InputError
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.pitch import NO_KEY
from abclm.notation.cursor.time import WHOLE
from abclm.notation.parse.parser import parse_body
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import FREE, Meter, parse_meter, parse_unit
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars

__all__ = ["Form", "Grammars", "Opened", "check_metre"]

_ALWAYS = "|:\n"
_COMMON_TIME = Meter(4, 4)
_DIVISIONS = (4, 8)
"""Up to 4 parts of the unit note length; up to 8 if the bar cannot be filled otherwise."""

Form = tuple[tuple[SectionPlan, ...], SectionPlan]
"""The plan of each section, and the requirements for sections without one."""


class Opened(NamedTuple):
    """A body to be continued.

    Attributes:
        nodes: the grammar in force at its end.
        start: the cursor at its start.
        cursor: the cursor at its end.
    """

    nodes: Nodes
    start: Cursor
    cursor: Cursor


class Grammars:
    """The grammars of one vocabulary, cached by meter, unit, form and smallest division.

    Args:
        vocabulary: the model's vocabulary.

    Raises:
        InputError: the vocabulary cannot spell a bar line, a repeat or a note.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known = frozenset(vocabulary.characters)
        self._made: dict[tuple[Meter, Fraction, Form, int], Nodes | None] = {}
        self._bars: dict[tuple[Meter, Fraction, int], Nodes | None] = {}
        if not self._known.issuperset(_ALWAYS) or self._known.isdisjoint("ABCDEFGabcdefg"):
            raise InputError("this model cannot spell a bar line, a repeat and a note: use --raw")

    def find(self, meter: Meter, unit: Fraction, form: Form, finest: int = 4) -> Nodes | None:
        """The grammar of tunes; None if a bar cannot be filled."""
        key = (meter, unit, form, finest)
        if key not in self._made:
            metre = Metre(meter, unit, self._known, finest)
            made = None
            if metre.can_be_written:
                made = Nodes(TuneGrammar(metre, Sections(metre.bar, *form)), self.vocabulary)
            self._made[key] = made
        return self._made[key]

    def of_bar(self, meter: Meter, unit: Fraction, length: Fraction) -> Nodes | None:
        """The grammar of a bar of ``length`` whole notes; None if it cannot be filled."""
        ticks = length * WHOLE
        if ticks.denominator != 1:
            return None
        key = (meter, unit, ticks.numerator)
        if key not in self._bars:
            grammars = (
                BarGrammar(Metre(meter, unit, self._known, finest), ticks.numerator)
                for finest in _DIVISIONS
            )
            fitting = next((grammar for grammar in grammars if grammar.can_begin), None)
            self._bars[key] = None if fitting is None else Nodes(fitting, self.vocabulary)
        return self._bars[key]

    def open(
        self, notes: str, meter: str, unit: str, form: Form, key: Key = NO_KEY
    ) -> Opened | None:
        """The state after ``notes`` in a meter and unit; None if they cannot be continued.

        In free meter, bars last as long as in common time, as the cues count them (see
        `abclm.notation.cursor.form`), unless ``notes`` already has bars of other lengths.

        Raises:
            InputError: a bar of ``notes`` has the wrong length.
        """
        parsed, length = parse_meter(meter), parse_unit(unit)
        if parsed is None or length is None:
            return None
        if parsed == FREE:
            with suppress(InputError):
                opened = self._open(notes, Cursor.begin(_COMMON_TIME, length, key), form)
                if opened is not None:
                    return opened
        return self._open(notes, Cursor.begin(parsed, length, key), form)

    def _open(self, notes: str, start: Cursor, form: Form) -> Opened | None:
        tune = parse_body(notes, start.time.meter, Fraction(start.time.unit, WHOLE)).tune
        check_metre(tune, " of the prompt", "fix it (abclm validate), or use --raw")
        cursor = start.through(notes)
        if cursor is None:
            return None
        unit = Fraction(cursor.time.unit, WHOLE)
        for finest in _DIVISIONS:
            nodes = self.find(cursor.time.meter, unit, form, finest)
            if nodes is not None and nodes.at(cursor).successors:
                return Opened(nodes, start, cursor)
        return None


def check_metre(tune: Tune, of: str = "", mend: str = "fix it first (abclm validate)") -> None:
    """Check that every bar of ``tune`` has the right length; the last may be unfinished.

    Args:
        tune: the tune, or its start.
        of: what the message says after a bar's number.
        mend: the end of the message.

    Raises:
        InputError: a bar is too short or too long; the message gives its number and length.
    """
    written = bars(tune)
    for bar, at in zip(written, number_bars(written), strict=True):
        if not bar.exact:
            raise InputError(
                f"bar {at.number}{of} lasts {bar.duration}, a bar of {bar.meter} lasts "
                f"{bar.meter.bar}: {mend}"
            )
