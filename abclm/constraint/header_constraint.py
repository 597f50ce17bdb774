"""Inserts the given fields into the header, and keeps the header complete.

A constraint follows one tune. Its `opening` is the text before the model's first draw. Then, at
each draw, `mask` gives the ids that may be drawn, and `accept` returns the text to feed: the
character that was drawn and its forced continuation.
"""

from collections.abc import Sequence

from abclm.constraint.header_lines import HeaderLines
from abclm.constraint.masks import Masks
from abclm.constraint.planning import PlanRequirements, after_plan
from abclm.constraint.prompt import Prompt
from abclm.decoding.constraint import Mask
from abclm.errors import InputError
from abclm.model.text import Usual
from abclm.model.vocabulary import Vocabulary

__all__ = ["HeaderConstraint", "Unconstrained"]

_LONGEST_VALUE = 120
"""The most characters in a value that the model writes."""

_OPTIONAL = "R"


class HeaderConstraint(HeaderLines):
    """Requires a complete header: M, L, K, and R if given or drawn, none of them empty.

    The plan follows if the network plans. In the body it forbids only empty lines, which would end
    the tune, and an empty body. There is always a character that may follow: the letter of a
    missing field, or a character of a value.

    Args:
        prompt: the prompt.
        masks: masks over the model's vocabulary.
        vocabulary: the model's vocabulary.
        known: the keys and rhythms that the model knows.
        planned: whether the model plans.
    """

    def __init__(
        self, prompt: Prompt, masks: Masks, vocabulary: Vocabulary, known: Usual, *, planned: bool
    ) -> None:
        super().__init__(prompt, known, planned=planned)
        self._masks = masks
        if _OPTIONAL not in vocabulary.characters:
            self._pending = self._pending.replace(_OPTIONAL, "")
        self._empty_body = not prompt.notes.strip()
        self.opening = self._next()

    def mask(self) -> Mask | None:
        """The ids that may be drawn now."""
        if self._in_body:
            return self._allowed_in_body()
        if not self._line:
            return self._masks.only(self._letters())
        return self._allowed_in_value(self._line[0], self._line[2:])

    def accept(self, character: str) -> str:
        """Take the drawn ``character`` and return the text to feed."""
        if self._in_body:
            self._line = "" if character == "\n" else self._line + character
            self._empty_body = False
            return character
        if not self._line:
            return character + self._begin_field(character)
        if character == "\n":
            self._values.setdefault(self._line[0], self._line[2:])
            return character + self._next()
        self._line += character
        return character

    def choices(self, _letter: str) -> Sequence[str] | None:
        """The values that the model may give a field; None for any."""
        return None

    def _allowed_in_value(self, letter: str, value: str) -> Mask:
        if letter == "P":
            return self._allowed_in_plan(value)
        choices = self.choices(letter)
        if choices is not None:
            following = {choice[len(value)] for choice in choices if _extends(choice, value)}
            return self._masks.only("".join(sorted(following)) + "\n" * (value in choices))
        if len(value) >= _LONGEST_VALUE:
            return self._masks.only("\n")
        return self._masks.value if value else self._masks.first_of_value

    def _allowed_in_plan(self, plan: str) -> Mask:
        following = after_plan(plan, self.plan_requirements)
        mask = self._masks.only(following)
        if not mask.any():
            raise InputError(
                f"the plan of this tune needs {following[-1]!r}, which the model does not know: it "
                "has too many different bars"
            )
        return mask

    @property
    def plan_requirements(self) -> PlanRequirements:
        """What the plan must be."""
        return PlanRequirements()

    def _next(self) -> str:
        fed = super()._next()
        if fed or self._in_body or len(self._letters()) > 1:
            return fed
        letter = self._pending[0]
        return letter + self._begin_field(letter)

    def _letters(self) -> str:
        """The letters of the fields that may come now; the rhythm may be skipped."""
        return self._pending[:2] if self._pending[0] == _OPTIONAL else self._pending[0]

    def _allowed_in_body(self) -> Mask | None:
        if self._empty_body:
            return self._masks.first_of_body
        return None if self._line else self._masks.first_of_line


class Unconstrained(HeaderLines):
    """Forbids nothing, but inserts each given field before the model can skip it.

    Args:
        prompt: the prompt.
        known: the keys and rhythms that the model knows.
        planned: whether the model plans.
    """

    def __init__(self, prompt: Prompt, known: Usual, *, planned: bool) -> None:
        super().__init__(prompt, known, planned=planned)
        self.opening = self._next()

    @property
    def in_field(self) -> bool:
        """Always False: the drawing of fields is not treated specially."""
        return False

    def mask(self) -> Mask | None:
        """Always None: any id may be drawn."""
        return None

    def accept(self, character: str) -> str:
        """Take the drawn ``character`` and return the text to feed."""
        if self._in_body:
            return character
        if self._line:
            return self._add(character)
        passed = self._pending.partition(character)[0]
        for letter in passed:
            if self._fed(letter) is not None:
                self._pending = self._pending[self._pending.index(letter) :]
                return self._next()
        if character not in self._pending:
            self._pending = ""
            return self._next() or character
        if self._fed(character) is not None:
            return character + self._begin_field(character)
        self._pending = self._pending.partition(character)[2]
        self._line = character
        return character

    def _add(self, character: str) -> str:
        if character == "\n":
            letter, _, value = self._line.partition(":")
            self._values.setdefault(letter, value)
            return character + self._next()
        self._line += character
        return character


def _extends(choice: str, value: str) -> bool:
    return len(choice) > len(value) and choice.startswith(value)
