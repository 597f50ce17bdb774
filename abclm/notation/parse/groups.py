"""What a body opens before it can be a sound: a chord, a tuplet, and what is attached to a note."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from abclm.notation.syntax.lexer import Token, TokenKind
from abclm.notation.syntax.meter import Meter, tuplet_times
from abclm.notation.syntax.tables import TUPLET_TIMES
from abclm.notation.syntax.values import Pitch, read_length, read_note
from abclm.notation.tune.music import Event, GraceNote, Tuplet

__all__ = ["Attached", "OpenChord", "ReadTuplet", "read_tuplet"]

_TUPLET_LIMIT = 99


@dataclass(slots=True)
class Attached:
    """What has been read and belongs to the next sound."""

    graces: list[GraceNote] = field(default_factory=list)
    slashed: bool = False
    decorations: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    opens: int = 0

    def given_to(self, event: Event) -> Event:
        """``sound`` with all of it."""
        return event._replace(
            graces=tuple(self.graces),
            slashed=self.slashed,
            decorations=tuple(self.decorations),
            strings=tuple(self.strings),
            opens=self.opens,
        )


@dataclass(slots=True)
class OpenChord:
    """A chord whose ``]`` has not come yet, with the notes and rests inside it."""

    token: Token
    members: list[Token] = field(default_factory=list)
    ties: list[int] = field(default_factory=list)
    """Behind how many members each tie inside the chord stands."""

    @property
    def pitches(self) -> tuple[Pitch, ...]:
        """Of its notes; a rest in a chord is silent."""
        return tuple(
            read_note(token.text)[0] for token in self.members if token.kind is TokenKind.NOTE
        )

    @property
    def tied(self) -> tuple[int, ...]:
        """Which of the pitches have a tie of their own, from 0; none where all are tied."""
        notes = [sum(one.kind is TokenKind.NOTE for one in self.members[:tie]) for tie in self.ties]
        places = {count - 1 for count in notes}
        return () if len(places) == len(self.pitches) or -1 in places else tuple(sorted(places))

    @property
    def length(self) -> Fraction:
        """As a multiple of the unit: that of its first member (ABC 2.1 section 4.17)."""
        first = self.members[0]
        return (
            read_note(first.text)[1]
            if first.kind is TokenKind.NOTE
            else read_length(first.text[1:])
        )


class ReadTuplet(NamedTuple):
    """The tuplet, or None where it makes no sense, and what is wrong with it, or nothing."""

    tuplet: Tuplet | None
    fault: str


def read_tuplet(token: Token, meter: Meter) -> ReadTuplet:
    """What ``(p:q:r`` means in ``meter`` (ABC 2.1 section 4.13)."""
    numbers = [int(part[:6]) if part else 0 for part in token.text[1:].split(":")]
    notes, times, count = (*numbers, 0, 0)[:3]
    default = TUPLET_TIMES.get(notes, 0)
    fault = ""
    if default == 0 and not times:
        fault = f"({notes} has no usual length: write it as ({notes}:q"
    if not 0 < notes <= _TUPLET_LIMIT or times > _TUPLET_LIMIT or count > _TUPLET_LIMIT:
        return ReadTuplet(None, fault or f"{token.text} is beyond reason: (2 to (9 are usual")
    times = times or tuplet_times(notes, compound=meter.compound)
    return ReadTuplet(Tuplet(token, notes, times, count or notes), fault)
