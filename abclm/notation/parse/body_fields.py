"""The fields, directives and line ends within the music of a voice."""

from dataclasses import replace

from abclm.notation.parse.reading import VoiceItems
from abclm.notation.parse.timing import Timing
from abclm.notation.syntax.decorations import read_symbols
from abclm.notation.syntax.instructions import is_heard
from abclm.notation.syntax.meter import parse_meter, parse_unit
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.music import BodyField, LineBreak

__all__ = ["BodyFields"]

_READ_ALREADY = frozenset("Lm")
"""Fields the parser has applied already: lengths are in whole notes, macros expanded."""


class BodyFields:
    """Reads the fields, directives and line ends of a voice.

    Attributes:
        opening: the meter and the unit note length in force at its first event.
    """

    def __init__(self, items: VoiceItems, timing: Timing) -> None:
        self.opening = timing.meter, timing.unit
        self._items = items
        self._timing = timing
        self._continued = False

    def change(self, token: Token) -> None:
        """Apply a field."""
        self._items.body.fields.append(token)
        name, value = token.field, token.value
        self._follow(name, value)
        if self._items.last is None:
            self.opening = self._timing.meter, self._timing.unit
        if name == "+":
            self._continue_field(value)
        elif name not in _READ_ALREADY:
            self._items.add(BodyField(token, name, value))

    def _follow(self, name: str, value: str) -> None:
        """Apply ``L:``, ``U:`` or ``M:``; an invalid value changes nothing."""
        timing = self._timing
        if name == "L":
            timing.use_unit(parse_unit(value) or timing.unit)
        elif name == "U":
            self._items.body.symbols |= read_symbols([value])
        elif name == "M":
            timing.meter = parse_meter(value) or timing.meter

    def _continue_field(self, value: str) -> None:
        """Append ``value`` to the field on the line before (ABC 2.1 section 6.1.2)."""
        items = self._items.body.items
        for place in range(len(items) - 1, -1, -1):
            item = items[place]
            if isinstance(item, BodyField):
                items[place] = replace(item, value=f"{item.value} {value}")
            if not isinstance(item, LineBreak):
                return

    def instruct(self, token: Token) -> None:
        """Record a directive, and add it to the items if it changes how notes sound."""
        self._items.body.directives.append(token)
        if is_heard(token.text[2:]):
            self._items.add(BodyField(token, "I", token.text[2:].strip()))

    def continue_line(self, _token: Token) -> None:
        """Let the next line of the text continue this line of the score."""
        self._continued = True

    def end_line(self, token: Token) -> None:
        """End a line of the text."""
        if not self._continued and self._items.last is not None:
            self._items.add(LineBreak(token))
        self._continued = False
