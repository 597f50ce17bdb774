"""The automata of a model's vocabulary, and where in them the notes of a prompt lead."""

from contextlib import suppress

from abclm.constraint.automaton import Automaton, Walk
from abclm.constraint.grammar import Grammar
from abclm.constraint.metre import Metre
from abclm.constraint.opening import Opening, read_opening, walk_from
from abclm.constraint.place import SectionPlan
from abclm.errors import InputError
from abclm.model.vocabulary import Vocabulary
from abclm.notation.syntax.meter import FREE, parse_meter, parse_unit

__all__ = ["Automata", "Form"]

_ALWAYS = "|:\n"
_COMMON_TIME = "4/4"

Form = tuple[tuple[SectionPlan, ...], SectionPlan]
"""The plan of each section, and what is asked of sections without one."""


class Automata:
    """The automata of one vocabulary, each made once: by meter, unit, form and finest length.

    Args:
        vocabulary: of the model.

    Raises:
        InputError: it cannot spell a bar line, a repeat or a note.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known = frozenset(vocabulary.characters)
        self._made: dict[tuple[str, str, Form, int], Automaton | None] = {}
        if not self._known.issuperset(_ALWAYS) or self._known.isdisjoint("ABCDEFGabcdefg"):
            raise InputError("this model cannot spell a bar line, a repeat and a note: take --raw")

    def find(self, meter: str, unit: str, form: Form, finest: int = 4) -> Automaton | None:
        """The automaton for a meter and a unit note length; None where no bar can be filled."""
        key = (meter, unit, form, finest)
        if key not in self._made:
            parsed, length = parse_meter(meter), parse_unit(unit)
            made = None
            if parsed is not None and length is not None:
                metre = Metre(parsed, length, self._known, *form, finest)
                if metre.can_be_written:
                    made = Automaton(Grammar(metre), self.vocabulary)
            self._made[key] = made
        return self._made[key]

    def open(self, notes: str, meter: str, unit: str, form: Form) -> Walk | None:
        """Where ``notes`` lead under a meter and a unit; None where they cannot be gone on from.

        Without a meter the bars are those of common time, which is what the model is told then (see
        `abclm.notation.cursor.bar_clock`), unless ``notes`` have others already.
        """
        if parse_meter(meter) == FREE:
            with suppress(InputError):
                walk = self._open(notes, _COMMON_TIME, unit, form)
                if walk is not None:
                    return walk
        return self._open(notes, meter, unit, form)

    def _open(self, notes: str, meter: str, unit: str, form: Form) -> Walk | None:
        for finest in (4, 8):
            automaton = self.find(meter, unit, form, finest)
            if automaton is None:
                continue
            opening = self._read(notes, automaton.grammar.metre)
            metre = automaton.grammar.metre
            if (opening.meter, opening.unit) != (metre.meter, metre.unit):
                moved = self.find(str(opening.meter), str(opening.unit), form, finest)
                if moved is None:
                    continue
                automaton = moved
            walk = walk_from(automaton, opening)
            if walk is not None:
                return walk
        return None

    def _read(self, notes: str, metre: Metre) -> Opening:
        return read_opening(notes, metre.meter, metre.unit, metre)
