"""The header line by line: which fields are missing, and how a given field is fed."""

from copy import copy
from typing import Any, ClassVar, Self

from abclm.constraint.prompt import Prompt
from abclm.decoding.constraint import Bias
from abclm.model.text import HEADER, PLAN_FIELDS, Usual, fed_key
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.write.normal_form import normal_form

__all__ = ["HeaderLines"]


class HeaderLines:
    """The fields of a header: which are missing, and how a given field is fed.

    Args:
        prompt: the prompt.
        known: the keys and rhythms that the model knows.
        planned: whether the model plans.
    """

    fields: ClassVar[str] = HEADER
    """The letters of the fields, in order."""

    def __init__(self, prompt: Prompt, known: Usual, *, planned: bool) -> None:
        self._prompt = prompt
        self._known = known
        self._values = dict(prompt.header.given())
        self._pending = self.fields + PLAN_FIELDS if planned else self.fields
        self._line = ""
        self._in_body = False
        self._given = ""

    @property
    def in_field(self) -> bool:
        """Whether a header field is being drawn, before the plan and the music."""
        return not self._in_body and self._line[:1] != PLAN_FIELDS

    @property
    def is_terminated(self) -> bool:
        """Always False: only a constraint on the body knows the end."""
        return False

    @property
    def can_roll_back(self) -> bool:
        """Always False: only a constraint that follows the bars can go back."""
        return False

    @property
    def is_committed(self) -> bool:
        """Always True: there is nothing to go back to."""
        return True

    def bias(self) -> Bias | None:
        """Always None: nothing is made less likely."""
        return None

    def clone(self) -> Self:
        """An independent copy in the same state."""
        other = copy(self)
        other._values = dict(self._values)
        return other

    def snapshot(self) -> object:
        """Always None: `rollback` is not supported."""
        return None

    def rollback(self, _snapshot: Any) -> None:
        """Not supported."""
        raise NotImplementedError

    @property
    def key(self) -> Key | None:
        """The key of the tune as the reader sees it; None until it is known."""
        return parse_key(self._values["K"]) if "K" in self._values else None

    @property
    def given_notes(self) -> str:
        """The notes of the prompt in normal form; the key must be known."""
        return normal_form(self.key).into().move(self._prompt.music)

    def _fed(self, letter: str) -> str | None:
        """The value of a field as it is fed to the network; None if the network writes it."""
        if letter in PLAN_FIELDS:
            return None
        value = self._prompt.header.value(letter)
        if value is not None and letter == "K":
            return fed_key(parse_key(value), self._known.keys)
        return value

    def _next(self) -> str:
        """The text to feed at the start of a line, up to the model's next draw."""
        self._line = ""
        if self._pending[:1] == "R" and not self._knows_rhythm():
            self._pending = self._pending[1:]
        if not self._pending:
            return self._begin_body()
        letter = self._pending[0]
        if self._fed(letter) is None:
            return ""
        return letter + self._begin_field(letter)

    def _knows_rhythm(self) -> bool:
        """Whether the given rhythm can be fed or, without one, a rhythm can be drawn."""
        return self._prompt.header.rhythm in (None, *self._known.rhythms)

    def _begin_field(self, letter: str) -> str:
        """What follows the letter of a field: its given value, or the colon."""
        self._pending = self._pending[self._pending.index(letter) + 1 :]
        value = self._fed(letter)
        if value is None:
            self._line = f"{letter}:"
            return ":"
        return f":{value}\n{self._next()}"

    def _begin_body(self) -> str:
        self._in_body = True
        notes = self._given = self.given_notes
        self._line = notes.rpartition("\n")[2]
        return notes
