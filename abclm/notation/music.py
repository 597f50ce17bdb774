"""A tune as data: its header and, in the order they stand, the items of its body.

Lengths are exact fractions of a whole note. Every item knows the token it began with.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from abclm.notation.key import Key
from abclm.notation.lexer import Token
from abclm.notation.meter import FREE, Meter

__all__ = [
    "BarLine",
    "Change",
    "Ending",
    "GraceNote",
    "Item",
    "LineBreak",
    "Overlay",
    "Pitch",
    "Sound",
    "Tune",
    "Tuplet",
]


class Pitch(NamedTuple):
    """A written pitch: accidental as written, letter ``A`` to ``G``, octave 0 from middle C."""

    accidental: str
    letter: str
    octave: int

    def __str__(self) -> str:
        if self.octave > 0:
            return self.accidental + self.letter.lower() + "'" * (self.octave - 1)
        return self.accidental + self.letter + "," * -self.octave


class GraceNote(NamedTuple):
    """A note between braces; its length counts in units and takes no time in the bar."""

    pitch: Pitch
    length: Fraction


class Sound(NamedTuple):
    """A note, a chord or a rest, with all that is attached to it.

    A named tuple, because a tunebook has hundreds of thousands and a frozen dataclass takes four
    times as long to make.

    Attributes:
        token: the note, the opening bracket of the chord, or the rest.
        pitches: one for a note, several for a chord, none for a rest.
        rest: ``z``, ``x``, ``Z`` or ``X`` for a rest, else empty.
        notated: length with broken rhythm, before a tuplet shortens it.
        duration: the time it takes.
        tuplet: 1-based place in the running tuplet and 0 outside one.
        graces: grace notes before it; ``slashed`` for an acciaccatura ``{/``.
        decorations: as written, in order.
        strings: chord symbols and annotations, without their quotes.
        opens, closes: slurs opened before it and closed after it.
        tie: whether it is tied to what follows.
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


@dataclass(frozen=True, slots=True)
class BarLine:
    """A bar line in any spelling.

    Attributes:
        closes: whether a repeat ends here; ``opens``: whether one starts here.
        style: ``|``, ``||`` or ``|]``.
    """

    token: Token
    style: str
    closes: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """The start of an ending, with the times it is played, such as ``(1,)`` or ``(1, 3)``."""

    token: Token
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tuplet:
    """``(p:q:r``: the next ``count`` sounds, ``notes`` in the time of ``times``."""

    token: Token
    notes: int
    times: int
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """A field among the music: a new key, meter, part, tempo or voice."""

    token: Token
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line of music that ends a line of the score too."""

    token: Token


@dataclass(frozen=True, slots=True)
class Overlay:
    """``&``: the bar so far is played again with another voice."""

    token: Token


Item = Sound | BarLine | Ending | Tuplet | Change | LineBreak | Overlay


@dataclass(frozen=True, slots=True)
class Tune:
    """One tune.

    Attributes:
        fields: header fields in their order, as tokens.
        items: the body.
        tokens: all tokens of the tune, header and body.
        meter, key, unit: what holds where the body begins.
    """

    fields: tuple[Token, ...]
    items: tuple[Item, ...]
    tokens: tuple[Token, ...] = field(repr=False)
    meter: Meter = FREE
    key: Key | None = None
    unit: Fraction = Fraction(1, 8)

    def values(self, name: str) -> list[str]:
        """The values of all header fields ``name``, in order."""
        return [token.value for token in self.fields if token.text[0] == name]

    def value(self, name: str) -> str | None:
        """The value of the first header field ``name``, or None."""
        return next(iter(self.values(name)), None)

    @property
    def title(self) -> str:
        """The first title, or an empty text."""
        return self.value("T") or ""

    @property
    def sounds(self) -> list[Sound]:
        """The notes, chords and rests of the body, in order."""
        return [item for item in self.items if isinstance(item, Sound)]
