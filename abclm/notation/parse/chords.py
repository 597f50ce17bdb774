"""A chord whose ``]`` has not come yet."""

from dataclasses import dataclass, field
from fractions import Fraction

from abclm.notation.syntax.lexer import Token, TokenKind
from abclm.notation.syntax.values import Pitch, read_length, read_note

__all__ = ["OpenChord"]


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
