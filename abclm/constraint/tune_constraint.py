"""Allows only what can become a playable tune: whole bars, closed repeats, a proper ending."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from abclm.constraint.grammars import Grammars, Opened
from abclm.constraint.growth import body_growth, start_growth
from abclm.constraint.header_constraint import HeaderConstraint
from abclm.constraint.masks import Masks
from abclm.constraint.nodes import Node, shortest_end
from abclm.constraint.pitch_rules import PitchRules
from abclm.constraint.planned_copy import planned_copy
from abclm.constraint.planning import PlanRequirements
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.usable_values import UsableValues
from abclm.decoding.constraint import Mask
from abclm.errors import InputError
from abclm.model.text import PLAN_FIELDS, Usual
from abclm.model.vocabulary import END_OF_TUNE
from abclm.notation.cursor.bar_memory import PICKUP, BarMemory
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import PHRASE, Plan, parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars
from abclm.notation.cursor.state import State
from abclm.notation.write.normal_form import normal_form

__all__ = ["PLANNING", "TuneConstraint"]

_LAST_SIGNS: Final = "|:"
_BETWEEN_BARS: Final = "\n12|:]"
"""Characters that may come before the first event of a bar."""
_SIGNS_AROUND: Final = re.compile(r"\A\|:|(?::\||\|\||\|\])\n\Z")

PLANNING: Final = (-1, 0)
"""The value of `TuneConstraint.phrase` at the plan, which is written before the first phrase."""
_USUAL_BARS = 8
"""The bars of a section, where nothing says how many: the usual length of a dance's section."""
_CHARACTERS_IN_BAR, _CHARACTERS_IN_USUAL_BAR, _CHARACTERS_IN_PLANNED_BAR = 6, 7, 12
"""What a bar takes: on the shortest path to the end; at least, in a usual tune, which counts for
``min_characters``; and on average, 11 in the shipped corpus, with a margin for the limit."""
_RESERVE = 80
"""The margin before the limit at which a tune is led to its end by the shortest path."""


class TuneConstraint(HeaderConstraint):
    """A complete header, then a body in one metre with a proper ending.

    Args:
        prompt: the prompt.
        masks: masks over the model's vocabulary.
        grammars: grammars over the same vocabulary.
        requirements: form, range and length.
        limit: the maximum length of the tune, in characters.
        known: the keys and rhythms that the model knows.
        planned: whether the model plans.

    Raises:
        InputError: the prompt's notes cannot become a tune in one metre, or a plan is required of a
            model that does not plan.
    """

    def __init__(
        self,
        prompt: Prompt,
        masks: Masks,
        grammars: Grammars,
        requirements: Requirements,
        limit: int,
        *,
        known: Usual,
        planned: bool,
    ) -> None:
        if requirements.outline.names and not planned:
            raise InputError("this model does not plan tunes: leave --plan out, or use another")
        self._grammars = grammars
        self._requirements = requirements
        self._limit = limit
        self._count = 0
        self._opened: Opened | None = None
        self._cursor = Cursor()
        self._looked_up: tuple[Cursor, Node] | None = None
        self._memory = BarMemory()
        self._body = ""
        self._starts: tuple[int, ...] = (0,)
        self._ends_copy = False
        self._pitches = PitchRules()
        self._way_out: tuple[str, ...] = ()
        self.plan = Plan()
        self._copied = ""
        self._required: PlanRequirements | None = None
        self._usable = UsableValues(prompt, grammars, requirements.form, known)
        self._choices: dict[str, Sequence[str] | None] = {}
        self._plan_length = self._longer = 0
        self._growth: Mapping[str, int] = {}
        super().__init__(prompt, masks, grammars.vocabulary, known, planned=planned)
        self._count = len(self.opening)

    def choices(self, letter: str) -> Sequence[str] | None:
        """The values of a field with which the tune can be completed; None for any value."""
        if letter not in self._choices:
            self._choices[letter] = self._usable.choices(letter, self._values)
        return self._choices[letter]

    def _knows_rhythm(self) -> bool:
        """Whether the given rhythm can be fed, or one that suits the meter can be drawn."""
        if self._prompt.header.rhythm is None and self._known.rhythms:
            return self.choices("R") is not None
        return super()._knows_rhythm()

    def accept(self, character: str) -> str:
        """Take the drawn ``character`` and return the text to feed."""
        if not self._in_body or self._opened is None:
            fed = super().accept(character)
            self._count += len(fed)
            return fed
        copy, self._copied = self._copied, ""
        self._go(character)
        self._way_out = self._way_out[1:]
        if copy[:1] == character:
            copied = copy[1:]
            for following in copied:
                self._go(following)
        else:
            copied = self._copy_section()
        if copied:
            self._way_out = ()
        self._ends_copy = bool(copied)
        self._count += len(character) + len(copied)
        return character + copied

    @property
    def is_terminated(self) -> bool:
        """Whether only the end of the tune may come."""
        return self._opened is not None and self._node.successors == ("",)

    @property
    def can_roll_back(self) -> bool:
        """Whether a bar starts here."""
        return self._opened is not None and not self._way_out and self._cursor.begins_bar

    @property
    def is_committed(self) -> bool:
        """Whether the tune is being led to its end, so that going back would not help."""
        return bool(self._way_out)

    def clone(self) -> Self:
        """An independent copy in the same state."""
        other = super().clone()
        other._choices = dict(self._choices)
        return other

    @property
    def phrase(self) -> tuple[int, int] | None:
        """Section and number, from 0, of the phrase that starts here; None if none does.

        A section's pickup belongs to its first phrase. `PLANNING` where the plan starts.
        """
        if not self._in_body:
            return PLANNING if self._line == "P:" else None
        cursor = self._cursor
        if self._opened is None or not cursor.begins_bar:
            return None
        successors = self._node.successors
        if cursor.state is State.SECTION:
            return (cursor.form.sections, 0) if set(successors) - {""} else None
        section, number, ending = self._memory.place
        starts_line = "\n" in successors and not ending and number != PICKUP
        return (section, number // PHRASE) if starts_line and number % PHRASE == 0 else None

    def snapshot(self) -> object:
        """The current state, for `rollback`."""
        return self._cursor, self._memory, self._count, self._longer, self._body, self._starts

    def rollback(self, snapshot: Any) -> None:
        """Return to the state in which `snapshot` was taken."""
        self._cursor, self._memory, self._count, self._longer, self._body, self._starts = snapshot
        self._copied = ""
        self._ends_copy = False

    @property
    def _node(self) -> Node:
        """What the grammar allows now; looked up once for each cursor."""
        assert self._opened is not None  # noqa: S101 - only called in a body
        if self._looked_up is None or self._looked_up[0] is not self._cursor:
            self._looked_up = self._cursor, self._opened.nodes.at(self._cursor)
        return self._looked_up[1]

    def _go(self, character: str) -> None:
        before = self._cursor
        after = before.feed(character) if character in self._node.characters else None
        if after is None:
            raise ValueError(f"{character!r} cannot come here")
        self._memory = self._memory.after(character, before, after)
        self._cursor = after
        self._body += character
        self._longer += self._growth.get(character, 0)
        self._ends_copy = False
        if after.state is State.SECTION:
            self._starts += (len(self._body),)

    def _copy_section(self) -> str:
        """Copy an earlier section if the form repeats one here: its text up to the last sign."""
        if self._cursor.state is not State.SECTION:
            return ""
        asked = self._requirements.plan[self._cursor.form.sections :]
        if not asked or asked[0].copy_of is None:
            return ""
        start, end = self._starts[asked[0].copy_of : asked[0].copy_of + 2]
        again = _SIGNS_AROUND.sub("", self._body[start:end])
        again = f"|:{again}" if asked[0].repeated else again
        for character in again:
            self._go(character)
        return again

    def _begin_body(self) -> str:
        notes = super()._begin_body()
        meter, unit = self._values["M"], self._values["L"]
        if "P" in self._values:
            self.plan = parse_plan(self._values["P"])
        form = normal_form(self.key)
        opened = self._grammars.open(
            notes, meter, unit, self._requirements.form_of(self.plan), form.normal
        )
        if opened is None:
            given = self._prompt.notes.strip()[-20:]
            where = f"in M:{meter} with L:{unit}"
            if notes:
                fault = f"{where} the model cannot continue after {given!r}: end the prompt earlier"
            else:
                fault = f"{where} no bar can be filled: give others"
            raise InputError(f"{fault}, or use --raw")
        self._growth = body_growth(form)
        self._longer = start_growth(self._prompt, len(notes))
        self._plan_length = sum(
            len(f"{letter}:{self._values[letter]}\n")
            for letter in PLAN_FIELDS
            if letter in self._values
        )
        self._pitches = PitchRules(self._requirements.range_in(form))
        self._opened = opened
        self._cursor, self._memory = opened.cursor, remembered_bars(notes, opened.start)
        self._body = notes
        section = self._cursor.form.sections
        if section and any(plan.copy_of is not None for plan in self._requirements.plan):
            raise InputError("a form that returns to a section needs a prompt within the first one")
        return notes

    def _allowed_in_body(self) -> Mask | None:
        if self._opened is None:
            return super()._allowed_in_body()
        cursor, node = self._cursor, self._node
        if mark := self._pitches.missing_mark(cursor):
            # The path to the end was found without regard to the tie; find a new one after it.
            self._way_out = ()
            return node.mask & self._masks.only(mark)
        longest = self._count + self._longer
        if longest >= self._limit - self._reserve(cursor) and not self._way_out:
            self._way_out = shortest_end(self._opened.nodes, cursor)
        self._copied = ""
        return self._masks.without(
            self._mask_of_form(cursor, node), self._pitches.forbidden(cursor)
        )

    def _mask_of_form(self, cursor: Cursor, node: Node) -> Mask:
        """What the grammar allows and the form, the plan and the limit require."""
        if self._way_out:
            only = self._masks.only(_alike(self._way_out[0]), end=not self._way_out[0])
            return node.mask & only
        if self._ends_copy:
            return node.mask & self._masks.only(_LAST_SIGNS)
        if (copied := self._copied_mask(cursor)) is not None:
            return copied
        if self._count - self._plan_length < self._requirements.min_characters:
            return self._without_end(node)
        return node.mask

    def _copied_mask(self, cursor: Cursor) -> Mask | None:
        """What may come where a bar planned as a copy begins; None elsewhere."""
        if not self.plan.names or not cursor.begins_bar or self._opened is None:
            return None
        copy = planned_copy(self._opened.nodes, cursor, self._memory, self.plan)
        if not copy or not self._pitches.fits(cursor, copy):
            return None
        only: Mask = self._node.mask & self._masks.only(copy[0] + _BETWEEN_BARS)
        if not only[self._grammars.vocabulary.encode(copy[0])].any():
            return None
        self._copied = copy
        return only

    @property
    def plan_requirements(self) -> PlanRequirements:
        """What the plan must be, given the requirements and the prompt's notes."""
        if self._required is None:
            outline = self._requirements.outline._replace(
                sections=self._requirements.plan,
                usual=self._requirements.usual,
                least=self._requirements.min_characters // _CHARACTERS_IN_USUAL_BAR,
                most=self._room // _CHARACTERS_IN_PLANNED_BAR,
            )
            notes = self.given_notes
            self._required = outline.after(self._remembered(notes)) if notes.strip() else outline
        return self._required

    @property
    def _room(self) -> int:
        """The number of characters left for the plan and the music."""
        header = sum(len(f"{letter}:{value}\n") for letter, value in self._values.items())
        return self._limit - _RESERVE - header - start_growth(self._prompt, 0)

    def _remembered(self, notes: str) -> BarMemory:
        """The bars of ``notes``."""
        return remembered_bars(f"M:{self._values['M']}\nL:{self._values['L']}\nK:G\n{notes}")

    def _reserve(self, cursor: Cursor) -> int:
        """The most characters needed to reach the end, including the bars still required."""
        form = cursor.form
        if self.plan.names:
            planned = sum(self.plan.lengths[form.sections :]) - form.bars
            return _RESERVE + _CHARACTERS_IN_BAR * max(0, planned)
        bars = sum(section.bars or _USUAL_BARS for section in self._requirements.plan)
        return _RESERVE + _CHARACTERS_IN_BAR * (bars + form.first_bars)

    def _without_end(self, node: Node) -> Mask:
        """The node's mask without the end of the tune, where the form leaves a choice."""
        longer = node.mask.copy()
        longer[END_OF_TUNE] = False
        if self._cursor.text == "|" and "|" in node.successors:
            longer &= ~self._masks.only("]")
        return longer if longer.any() else node.mask


def _alike(character: str) -> str:
    """The characters that may be drawn in place of ``character``: any letter for a note's."""
    letters = "abcdefgABCDEFG"
    return letters if character in letters else character
