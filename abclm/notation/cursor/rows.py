"""The text of several voices as a network reads and writes it: one bar of every voice a line.

A line is a row of cells, one for each voice. It has no ``[V:…]``, because their order is fixed. The
first cell carries what all voices share: the start of a repeat or the number of an ending before
its notes, and after them the bar line, each as one character, so that the next voice is known at
once. Every other cell ends with ``|``, and the last one with the line end. With two voices,
``[V:1]|:G2B2|[V:2]|:G,4|`` and ``[V:1]d4:|[V:2]G,4:|`` are the rows::

    |:G2B2|G,4
    d4:G,4
"""

from typing import Final, NamedTuple

__all__ = ["BAR_LINES", "CODES", "FINAL", "NEXT_VOICE", "ROW_END", "Rows"]

BAR_LINES: Final = {"|": "|", ":": ":|", ";": "||", "]": "|]"}
"""The bar line of a row by the character that stands for it."""
CODES: Final = {line: code for code, line in BAR_LINES.items()}
FINAL: Final = "|]"
"""The bar line with which a piece ends, unless it ends with a repeat."""
NEXT_VOICE: Final = "|"
ROW_END: Final = "\n"
_OF_OPENING: Final = frozenset("|:12")
_SECTION_END: Final = "\n"

Fed = tuple[tuple[int, str], ...]
"""Pairs of the number of a voice, in the order of writing, and the ABC that it reads."""


class Rows(NamedTuple):
    """Where a text of rows is. Immutable.

    Attributes:
        voices: the number of voices.
        at: the voice being written, from 0 in the order of writing.
        begun: whether its cell has music.
        inside: whether a chord is open, whose bracket is not a bar line.
        opening: what the first voice has before its music.
        closing: the bar line of this row; empty while the first voice is written.
    """

    voices: int
    at: int = 0
    begun: bool = False
    inside: bool = False
    opening: str = ""
    closing: str = ""

    def feed(self, character: str) -> "tuple[Rows, Fed]":
        """Read one character.

        Returns:
            The place after it, and what each voice reads: the character as ABC, or at the end of a
            cell the bar line and the opening of the next voice.
        """
        ends = ROW_END if self.at + 1 == self.voices else NEXT_VOICE
        if self.at == 0:
            if not self.begun and character in _OF_OPENING:
                opening = self.opening + character
                return self._replace(opening=opening), ((0, character),)
            if self.begun and not self.inside and character in BAR_LINES:
                return self._next(BAR_LINES[character])
        elif self.begun and not self.inside and character == ends:
            return self._next(self.closing)
        if character in "[]":
            return self._replace(begun=True, inside=character == "["), ((self.at, character),)
        here = self if self.begun else self._replace(begun=True)
        return here, ((self.at, character),)

    def _next(self, closing: str) -> "tuple[Rows, Fed]":
        """The next voice begins, after ``closing`` in this one."""
        line = closing if closing == "|" else closing + _SECTION_END
        fed: Fed = ((self.at, line),)
        following = self.at + 1
        if following == self.voices:
            return Rows(self.voices), fed
        here = Rows(self.voices, following, opening=self.opening, closing=closing)
        return here, (*fed, (following, self.opening)) if self.opening else fed
