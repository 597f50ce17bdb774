"""Lets through only what can become a playable tune: whole bars, closed repeats, a proper end."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from abclm.constraint.automata import Automata
from abclm.constraint.automaton import Node, Walk, shortest_end
from abclm.constraint.grammar import Lexis
from abclm.constraint.growth import body_growth, start_growth
from abclm.constraint.guide import HeaderGuide, Masks
from abclm.constraint.melody import Melody
from abclm.constraint.planning import PlanWish
from abclm.constraint.prompt import Prompt
from abclm.constraint.usable_values import UsableValues
from abclm.constraint.wishes import Wishes
from abclm.constraint.written_bars import WrittenBars, at_bar_start
from abclm.decoding.guide import Mask
from abclm.errors import InputError
from abclm.model.text import PLAN_FIELDS, Usual
from abclm.model.vocabulary import END_OF_TUNE
from abclm.notation.cursor.bar_memory import BarMemory
from abclm.notation.cursor.plan import PHRASE, Plan, parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars
from abclm.notation.write.normal_form import normal_form

__all__ = ["PLANNING", "MetreGuide"]

_LAST_SIGNS: Final = "|:"
_BETWEEN_BARS: Final = "\n12|:]"
"""What may stand before the first sound of a bar."""
_OCTAVE_MARKS: Final = "',"
_SIGNS_AROUND: Final = re.compile(r"\A\|:|(?::\||\|\||\|\])\n\Z")

PLANNING: Final = (-1, 0)
"""The plan stands in the place of a phrase before the first."""
_USUAL_BARS = 8
_CHARACTERS_IN_BAR, _CHARACTERS_IN_USUAL_BAR, _CHARACTERS_IN_PLANNED_BAR = 6, 7, 12
_RESERVE = 80
"""So many characters before the limit a tune is led to its end by the shortest way."""


class MetreGuide(HeaderGuide):
    """A whole header, then a body in one metre that ends as a tune does.

    Args:
        prompt: what is given.
        masks: of the model's vocabulary.
        automata: of the same vocabulary.
        wishes: form, range and length.
        limit: the tune has at most so many characters.
        known: the keys and rhythms that the model knows.
        planned: whether the model plans.

    Raises:
        InputError: the prompt's notes cannot become a tune in one metre, or the model does not
            plan and a plan is asked for.
    """

    def __init__(
        self,
        prompt: Prompt,
        masks: Masks,
        automata: Automata,
        wishes: Wishes,
        limit: int,
        *,
        known: Usual,
        planned: bool,
    ) -> None:
        if wishes.outline.names and not planned:
            raise InputError("this model plans no tunes: leave --plan out, or take another one")
        self._automata = automata
        self._wishes = wishes
        self._limit = limit
        self._count = 0
        self._walk: Walk | None = None
        self._body = ""
        self._starts = [0]
        self._ends_copy = False
        self._melody = Melody()
        self._way_out: list[str] = []
        self._bars = WrittenBars()
        self.plan = Plan()
        self._copied = ""
        self._wish: PlanWish | None = None
        self._usable = UsableValues(prompt, automata, wishes.form, known)
        self._choices: dict[str, Sequence[str] | None] = {}
        self._plan_length = self._longer = 0
        self._growth: Mapping[str, int] = {}
        super().__init__(prompt, masks, automata.vocabulary, known, planned=planned)
        self._count = len(self.opening)

    def choices(self, letter: str) -> Sequence[str] | None:
        """The meters, units and keys that the rest of the tune can do with; None for any value."""
        if letter not in self._choices:
            self._choices[letter] = self._usable.choices(letter, self._values)
        return self._choices[letter]

    def _knows_rhythm(self) -> bool:
        """Whether the rhythm that is given can be fed, or one can be drawn that has the meter."""
        if self._prompt.header.rhythm is None and self._known.rhythms:
            return self.choices("R") is not None
        return super()._knows_rhythm()

    def accept(self, character: str) -> str:
        """What is fed now that ``character`` was drawn."""
        if not self._in_body or self._walk is None:
            fed = super().accept(character)
            self._count += len(fed)
            return fed
        copy, self._copied = self._copied, ""
        self._go(character)
        if self._way_out:
            self._way_out.pop(0)
        if copy[:1] == character:
            copied = copy[1:]
            for following in copied:
                self._go(following)
        else:
            copied = self._copy_section()
        if copied:
            self._way_out = []
        self._ends_copy = bool(copied)
        self._count += len(character) + len(copied)
        return character + copied

    @property
    def can_return(self) -> bool:
        """Whether a bar starts here."""
        if self._walk is None or self._way_out:
            return False
        return at_bar_start(self._walk)

    @property
    def insists(self) -> bool:
        """Whether it leads the tune to its end and going back would not help."""
        return bool(self._way_out)

    def clone(self) -> Self:
        """Another one that goes on from the same place."""
        other = super().clone()
        other._starts = list(self._starts)
        other._way_out = list(self._way_out)
        other._choices = dict(self._choices)
        return other

    @property
    def phrase(self) -> tuple[int, int] | None:
        """Section and number, from 0, of the phrase that starts here; None where none does.

        A section's pickup belongs to its first phrase. Where the plan starts it is `PLANNING`.
        """
        if not self._in_body:
            return PLANNING if self._line == "P:" else None
        walk = self._walk
        if walk is None or not at_bar_start(walk):
            return None
        lexis, place = walk.node.position.lexis, self._bars.next_place(walk)
        if lexis is Lexis.SECTION:
            return (walk.position.place.section, 0) if walk.node.steps.keys() - {""} else None
        if place is None or place[1] % PHRASE or "\n" not in walk.node.steps:
            return None
        return place[0], place[1] // PHRASE

    def bookmark(self) -> object:
        """Where it is now."""
        return (
            self._walk,
            self._melody,
            self._count,
            self._longer,
            self._bars,
            len(self._body),
            len(self._starts),
        )

    def return_to(self, bookmark: Any) -> None:
        """Be again where `bookmark` was made."""
        self._walk, self._melody, self._count, self._longer, self._bars, body, starts = bookmark
        self._copied = ""
        self._body = self._body[:body]
        self._ends_copy = False
        del self._starts[starts:]

    def _go(self, character: str) -> None:
        before = self._walk
        after = before.follow(character) if before is not None else None
        if before is None or after is None:
            raise ValueError(f"{character!r} cannot come here")
        now = after.node.position
        self._melody = self._melody.after(character, before.node.position, now)
        self._bars = self._bars.after(character, before, after)
        self._walk = after
        self._body += character
        self._longer += self._growth.get(character, 0)
        self._ends_copy = False
        if now.lexis is Lexis.SECTION:
            self._starts.append(len(self._body))

    def _copy_section(self) -> str:
        """Where a section comes back that was written before: its text up to its last sign."""
        position = self._walk.node.position if self._walk is not None else None
        if position is None or position.lexis is not Lexis.SECTION:
            return ""
        asked = self._wishes.plan[position.place.section :]
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
        opened = self._automata.open(notes, meter, unit, self._wishes.form_of(self.plan))
        if opened is None:
            given = self._prompt.notes.strip()[-20:]
            where = f"in M:{meter} with L:{unit}"
            if notes:
                fault = f"{where} the model cannot continue after {given!r}: end the prompt earlier"
            else:
                fault = f"{where} no bar can be filled: give others"
            raise InputError(f"{fault}, or take --raw")
        form = normal_form(self.key)
        self._growth = body_growth(form)
        self._longer = start_growth(self._prompt, len(notes))
        self._plan_length = sum(
            len(f"{letter}:{self._values[letter]}\n")
            for letter in PLAN_FIELDS
            if letter in self._values
        )
        self._melody = Melody(form.normal, self._wishes.range_in(form)).read(notes)
        self._walk = opened
        self._body = notes
        if self.plan.names and notes.strip():
            self._bars = WrittenBars.of(self._remembered(notes))
        section = opened.node.position.place.section
        if section and any(plan.copy_of is not None for plan in self._wishes.plan):
            raise InputError("a form that comes back to a section needs a prompt within its first")
        return notes

    def _allowed_in_body(self) -> Mask | None:
        walk = self._walk
        if walk is None:
            return super()._allowed_in_body()
        node = walk.node
        if mark := self._melody.missing_mark(node.position):
            # A way to the end that was found inside this note does not know it is tied.
            self._way_out = []
            return node.mask & self._masks.only(mark)
        longest = self._count + self._longer
        if longest >= self._limit - self._reserve(walk) and not self._way_out:
            self._way_out = shortest_end(walk)
        mask = node.mask
        self._copied = ""
        if self._way_out:
            mask = mask & self._masks.only(_alike(self._way_out[0]), end=not self._way_out[0])
        elif self._ends_copy:
            mask = mask & self._masks.only(_LAST_SIGNS)
        elif (copied := self._copied_mask(walk)) is not None:
            mask = copied
        elif self._count - self._plan_length < self._wishes.min_characters:
            mask = self._without_end(node)
        if self._melody.limits(node.position):
            narrowed = mask & ~self._masks.only(self._melody.forbidden(node.position))
            mask = narrowed if narrowed.any() else mask
        return mask

    def _copied_mask(self, walk: Walk) -> Mask | None:
        """What may come where a bar begins that is planned as a copy; None anywhere else."""
        if not self.plan.names or not at_bar_start(walk):
            return None
        copy = self._bars.copy(walk, self.plan)
        tied = walk.position.place.tied
        if not copy or (tied and not self._melody.goes_on_with(copy)):
            return None
        if not (self._melody if tied else self._melody._replace(held="")).fits(copy):
            return None
        only: Mask = walk.node.mask & self._masks.only(copy[0] + _BETWEEN_BARS)
        if not only[self._automata.vocabulary.encode(copy[0])].any():
            return None
        self._copied = copy
        return only

    @property
    def plan_wish(self) -> PlanWish:
        """What the plan must be: what is asked for, and what the prompt's notes are already."""
        if self._wish is None:
            outline = self._wishes.outline._replace(
                sections=self._wishes.plan,
                usual=self._wishes.usual,
                least=self._wishes.min_characters // _CHARACTERS_IN_USUAL_BAR,
                most=self._room // _CHARACTERS_IN_PLANNED_BAR,
            )
            notes = self.given_notes
            self._wish = outline.after(self._remembered(notes)) if notes.strip() else outline
        return self._wish

    @property
    def _room(self) -> int:
        """How many characters there are for the plan and the music."""
        header = sum(len(f"{letter}:{value}\n") for letter, value in self._values.items())
        return self._limit - _RESERVE - header - start_growth(self._prompt, 0)

    def _remembered(self, notes: str) -> BarMemory:
        """The bars that ``notes`` have."""
        return remembered_bars(f"M:{self._values['M']}\nL:{self._values['L']}\nK:G\n{notes}")

    def _reserve(self, walk: Walk) -> int:
        """How many characters the way to the end may need, with the bars that must come first."""
        if self.plan.names:
            place = walk.position.place
            planned = sum(self.plan.lengths[place.section :]) - place.bars
            return _RESERVE + _CHARACTERS_IN_BAR * max(0, planned)
        bars = sum(section.bars or _USUAL_BARS for section in self._wishes.plan)
        return _RESERVE + _CHARACTERS_IN_BAR * (bars + walk.least)

    def _without_end(self, node: Node) -> Mask:
        """What may come but for the end of the tune, where the form leaves a choice."""
        longer = node.mask.copy()
        longer[END_OF_TUNE] = False
        if node.position.lexis is Lexis.BAR_LINE and "|" in node.steps:
            longer &= ~self._masks.only("]")
        return longer if longer.any() else node.mask


def _alike(character: str) -> str:
    """What may be drawn in place of ``character``; any letter for a note's."""
    letters = "abcdefgABCDEFG"
    return letters if character in letters else character
