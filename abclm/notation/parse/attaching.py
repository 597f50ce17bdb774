"""What is written around a note and belongs to it: graces, slurs, decorations and strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from abclm.notation.parse.reading import VoiceItems
from abclm.notation.syntax.decorations import decoration_name, read_decoration
from abclm.notation.syntax.tables import BAR_END_SIGNS, NAVIGATION_SIGNS
from abclm.notation.syntax.tokens import Token
from abclm.notation.syntax.values import read_note
from abclm.notation.tune.music import Event, GraceNote, new_event

__all__ = ["Attached", "Attaching"]


@dataclass(slots=True)
class Attached:
    """What has been read so far and belongs to the next event."""

    graces: tuple[GraceNote, ...] = ()
    slashed: bool = False
    decorations: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    opens: int = 0

    @property
    def values(self) -> tuple[Any, ...]:
        """The fields of an `Event` after ``tuplet``, in order."""
        return self.graces, self.slashed, self.decorations, self.strings, self.opens, 0, False, ()


class Attaching:
    """Collects what belongs to the next event of a voice.

    Attributes:
        waiting: what has been collected, or None.
        grace: the opening brace while grace notes are open, else None.
    """

    def __init__(self, items: VoiceItems) -> None:
        self.waiting: Attached | None = None
        self.grace: Token | None = None
        self._items = items
        self._slurs: list[Token] = []
        self._in_grace_chord = self._with_last = False

    def add_grace(self, token: Token) -> None:
        """Add a note between braces."""
        pitch, length = read_note(token.text)
        attached = self._attached()
        attached.graces = (*attached.graces, GraceNote(pitch, length, self._with_last))
        self._with_last = self._in_grace_chord

    def open_chord(self) -> None:
        """Begin a chord of grace notes."""
        self._in_grace_chord, self._with_last = True, False

    def close_chord(self) -> bool:
        """End a chord of grace notes; return whether one was open."""
        was_open = self._in_grace_chord
        self._in_grace_chord = self._with_last = False
        return was_open

    def end_bar(self) -> None:
        """End grace notes, which cannot continue across a bar line."""
        if self.grace is not None:
            message = "these grace notes are never closed: add }"
            self._items.problem(self.grace, "grace", message)
            self._end_graces()

    def keep_signs(self) -> None:
        """Attach ``!D.C.!`` and the like before a bar line to the event before it."""
        if self.waiting is None or self._items.last is None:
            return
        kept = _named(self.waiting.decorations, BAR_END_SIGNS)
        if kept:
            left = tuple(text for text in self.waiting.decorations if text not in kept)
            self.waiting.decorations = left
            self._items.change_last(
                lambda event: event._replace(decorations=(*event.decorations, *kept))
            )

    def end_voice(self) -> None:
        """Report the slurs that are never closed."""
        for opened in self._slurs:
            self._items.problem(opened, "slur", "this slur is never closed: add )")

    def _attached(self) -> Attached:
        if self.waiting is None:
            self.waiting = Attached()
        return self.waiting

    def open_graces(self, token: Token) -> None:
        """Begin grace notes, ``{``."""
        self.grace = token
        self._attached().slashed = token.text == "{/"

    def close_graces(self, token: Token) -> None:
        """End grace notes, ``}``."""
        if self.grace is None:
            self._items.problem(token, "grace", "} closes no grace notes: add { before them")
        self._end_graces()

    def _end_graces(self) -> None:
        self.grace = None
        self._in_grace_chord = self._with_last = False

    def open_slur(self, token: Token) -> None:
        """Begin a slur at the next event."""
        self._attached().opens += 1
        self._slurs.append(token)

    def close_slur(self, token: Token) -> None:
        """End a slur at the last event."""
        if not self._slurs:
            self._items.problem(token, "slur", ") closes no slur: add ( before its first note")
            return
        self._slurs.pop()
        if self.waiting is not None and self.waiting.opens:
            # The slur covers grace notes only, so no event opens or closes it.
            self.waiting.opens -= 1
            return
        self._items.change_last(_closed)

    def decorate(self, token: Token) -> None:
        """Add a decoration."""
        body = self._items.body
        text, fault = read_decoration(token.text, body.symbols, body.names)
        if fault and len(token.text) > 1:
            # Programs may ignore decorations they do not know (ABC 2.1 section 4.14).
            self._items.remark(token, "decoration", fault)
        elif fault:
            self._items.problem(token, "decoration", fault)
        elif text:
            attached = self._attached()
            attached.decorations = (*attached.decorations, text)

    def write_above(self, token: Token) -> None:
        """Add a chord symbol or an annotation."""
        attached = self._attached()
        attached.strings = (*attached.strings, token.text[1:-1])

    def attach_to_space(self, _token: Token) -> None:
        """Attach what waits to a ``y``, except navigation signs and slurs, which keep waiting."""
        if self.waiting is not None:
            self.keep_signs()
            signs = _named(self.waiting.decorations, NAVIGATION_SIGNS)
            self.waiting = Attached(decorations=signs, opens=self.waiting.opens)


def _closed(event: Event) -> Event:
    """``event`` with one more slur closed after it."""
    *others, closes, tie, tied = event
    return new_event((*others, closes + 1, tie, tied))


def _named(decorations: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(text for text in decorations if decoration_name(text) in names)
