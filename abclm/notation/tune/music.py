"""A tune as data: its header and the items of its body, in order.

Lengths are exact fractions of a whole note. Every item has the token it begins with.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import takewhile
from typing import Any, Final, NamedTuple, Self, TypeGuard

from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import FREE, Meter
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch, read_bar_line

__all__ = [
    "PLAIN",
    "BarLine",
    "BodyField",
    "Ending",
    "Event",
    "GraceNote",
    "Item",
    "LineBreak",
    "Overlay",
    "Tune",
    "Tuplet",
    "Voice",
    "first_voice",
    "new_event",
    "voice_id",
]

_NAME = re.compile(r'\b(?:name|nm)\s*=\s*(?:"([^"]*)"|(\S+))')


class GraceNote(NamedTuple):
    """A note between braces; its length is in units and takes no time in the bar."""

    pitch: Pitch
    length: Fraction
    with_last: bool = False
    """Whether it sounds together with the grace note before it, as in ``{[ce]}``."""


class Event(NamedTuple):
    """A note, a chord or a rest, with everything attached to it.

    A named tuple, because a tunebook has hundreds of thousands and a frozen dataclass takes four
    times as long to create.

    Attributes:
        token: the note, the opening bracket of the chord, or the rest.
        pitches: one for a note, several for a chord, none for a rest.
        rest: ``z``, ``x``, ``Z`` or ``X`` for a rest, else empty.
        notated: length with broken rhythm, before a tuplet shortens it.
        duration: the time it takes in the bar.
        tuplet: position in its tuplet, from 1; 0 outside tuplets.
        graces: grace notes before it; ``slashed`` for an acciaccatura ``{/``.
        decorations: as written, in order.
        strings: chord symbols and annotations, without their quotes.
        opens, closes: the numbers of slurs opened before it and closed after it.
        tie: whether it is tied to what follows.
        tied: the indices of the tied pitches if not all are tied, as in ``[C-E]``; else empty.
    """

    token: Token
    pitches: tuple[Pitch, ...]
    rest: str
    notated: Fraction
    duration: Fraction
    tuplet: int = 0
    graces: tuple[GraceNote, ...] = ()
    slashed: bool = False
    decorations: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    opens: int = 0
    closes: int = 0
    tie: bool = False
    tied: tuple[int, ...] = ()


PLAIN: Final = tuple(Event._field_defaults.values())[1:]
"""The attributes after ``tuplet`` of an event with nothing attached."""

new_event: Callable[[tuple[Any, ...]], Event] = partial(tuple.__new__, Event)
"""Make an event from the tuple of its attributes, in half the time of ``Event(*values)``."""


class BarLine(NamedTuple):
    """A bar line in any spelling.

    Attributes:
        style: ``|``, ``||`` or ``|]``.
        closes, opens: whether a repeat ends here, and whether one starts here.
        soft: whether it is dotted or invisible, ``.|`` or ``[|]``, and may be inside a measure.
    """

    token: Token
    style: str
    closes: bool = False
    opens: bool = False
    soft: bool = False

    @classmethod
    def of(cls, token: Token) -> Self:
        """Return the bar line written by ``token``."""
        return tuple.__new__(cls, (token, *read_bar_line(token.text)))

    @property
    def ends_section(self) -> bool:
        """Whether a section ends here: at a double bar or a repeat sign."""
        return self.closes or self.opens or self.style != "|"


@dataclass(frozen=True, slots=True)
class Ending:
    """The start of an ending, with its numbers, such as ``(1,)`` or ``(1, 3)``."""

    token: Token
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tuplet:
    """``(p:q:r``: the next ``count`` events are played ``notes`` in the time of ``times``."""

    token: Token
    notes: int
    times: int
    count: int


@dataclass(frozen=True, slots=True)
class BodyField:
    """A field within the music: a new key, meter, part, tempo or voice."""

    token: Token
    name: str
    value: str


class LineBreak(NamedTuple):
    """The end of a line of text that also ends a line of the score."""

    token: Token


@dataclass(frozen=True, slots=True)
class Overlay:
    """``&``: time goes back to the start of the bar, for another layer."""

    token: Token


Item = Event | BarLine | Ending | Tuplet | BodyField | LineBreak | Overlay


@dataclass(frozen=True, slots=True)
class Tune:
    """One tune.

    Attributes:
        fields: the header fields, in order.
        items: the body.
        tokens: all tokens of the tune, header and body.
        meter, key, unit: those in force where the body begins.
        file_fields: the fields and directives of the file header that hold for the tune.
        body_fields, body_directives: those of the body, in order.
    """

    fields: tuple[Token, ...]
    items: tuple[Item, ...]
    tokens: tuple[Token, ...] = field(repr=False)
    meter: Meter = FREE
    key: Key | None = None
    unit: Fraction = Fraction(1, 8)
    file_fields: tuple[Token, ...] = field(default=(), repr=False)
    body_fields: tuple[Token, ...] = field(default=(), repr=False)
    body_directives: tuple[Token, ...] = field(default=(), repr=False)

    def values(self, name: str) -> list[str]:
        """Return the values of all header fields ``name``, in order."""
        return [token.value for token in self.fields if token.text[0] == name]

    def value(self, name: str) -> str | None:
        """Return the value of the first header field ``name``, or None."""
        return next(iter(self.values(name)), None)

    @property
    def directives(self) -> list[Token]:
        """The directives of its header, in order."""
        header = takewhile(_is_before_key, self.tokens)
        return [token for token in header if token.kind is TokenKind.DIRECTIVE]

    @property
    def instructions(self) -> list[str]:
        """The texts of ``I:`` and ``%%`` lines in the file header and in its own, in order."""
        found: list[str] = []
        header = takewhile(_is_before_key, self.tokens)
        for token in (*self.file_fields, *header):
            if token.kind is TokenKind.DIRECTIVE:
                found.append(token.text.removeprefix("%%").strip())
            elif token.kind is TokenKind.FIELD and token.text[0] == "I":
                found.append(token.value)
        return found

    @property
    def title(self) -> str:
        """The first title, or an empty string."""
        return self.value("T") or ""

    @property
    def events(self) -> list[Event]:
        """The notes, chords and rests of the body, in order."""
        return [item for item in self.items if type(item) is Event]

    @property
    def voices(self) -> list["Voice"]:
        """The voices in the order in which they first play.

        Without a ``V:`` in the body there is one voice, with the id of the first ``V:`` of the
        header, if any. Fields before the first ``V:`` of the body, and every ``P:``, hold for all
        voices (ABC 2.1 section 7).
        """
        changes = [item.value for item in self.items if _names_voice(item)]
        said: dict[str, list[str]] = {}
        for value in (*self.values("V"), *changes):
            said.setdefault(voice_id(value), []).append(value)
        first = first_voice(self.fields)
        found = _by_voice(self.items, first) if changes else {first: self.items}
        return [
            Voice(name, tuple(said.get(name, [])), replace(self, items=tuple(items)))
            for name, items in found.items()
            if Event in map(type, items)
        ]


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a tune.

    Attributes:
        id: the id after ``V:``; empty if the tune has no ``V:``.
        fields: the values of its ``V:`` fields, in order.
        tune: the tune with only the items of this voice.
    """

    id: str
    fields: tuple[str, ...]
    tune: Tune

    @property
    def properties(self) -> str:
        """The values of its ``V:`` fields, joined."""
        return " ".join(self.fields)

    @property
    def name(self) -> str:
        """Its ``name=``, else its id."""
        match = _NAME.search(self.properties)
        return (match.group(1) or match.group(2) or self.id) if match else self.id


def _names_voice(item: Item) -> TypeGuard[BodyField]:
    return type(item) is BodyField and item.name == "V"


def _by_voice(items: Iterable[Item], first: str) -> dict[str, list[Item]]:
    """The items of each voice; those before any ``V:``, fields excepted, belong to ``first``."""
    found: dict[str, list[Item]] = {}
    common: list[Item] = []
    voice: str | None = None
    for item in items:
        if _names_voice(item):
            voice = voice_id(item.value)
            found.setdefault(voice, [*common])
        elif isinstance(item, BodyField) and (voice is None or item.name == "P"):
            common.append(item)
            for line in found.values():
                line.append(item)
        else:
            voice = first if voice is None else voice
            found.setdefault(voice, [*common]).append(item)
    return found


def first_voice(fields: Iterable[Token]) -> str:
    """Return the id of the voice that music before the first ``V:`` of the body belongs to."""
    return next((voice_id(token.value) for token in fields if token.text[0] == "V"), "")


def voice_id(value: str) -> str:
    """Return the id in the value of a ``V:`` field."""
    return (value.split(maxsplit=1) or [""])[0]


def _is_before_key(token: Token) -> bool:
    """Whether the header continues after ``token``; ``K:`` inside a text block is not a field."""
    return token.kind is not TokenKind.FIELD or token.text[:2] != "K:"
