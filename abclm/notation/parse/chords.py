"""A chord that is still open: its ``]`` has not been read yet."""

from dataclasses import dataclass, field
from fractions import Fraction

from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch, read_length, read_note

__all__ = ["OpenChord"]


@dataclass(slots=True)
class OpenChord:
    """A chord that is still open, with the notes and rests read so far."""

    token: Token
    members: list[Token] = field(default_factory=list)
    ties: list[int] = field(default_factory=list)
    """For each tie inside the chord, the number of members before it."""

    @property
    def pitches(self) -> tuple[Pitch, ...]:
        """The pitches of its notes; rests in a chord are ignored."""
        return tuple(
            read_note(token.text)[0] for token in self.members if token.kind is TokenKind.NOTE
        )

    @property
    def tied(self) -> tuple[int, ...]:
        """The indices of the pitches that have a tie of their own; empty if all are tied."""
        notes = [sum(one.kind is TokenKind.NOTE for one in self.members[:tie]) for tie in self.ties]
        places = {count - 1 for count in notes}
        return () if len(places) == len(self.pitches) or -1 in places else tuple(sorted(places))

    @property
    def length(self) -> Fraction:
        """The length of its first member, as a multiple of the unit (ABC 2.1 section 4.17)."""
        first = self.members[0]
        return (
            read_note(first.text)[1]
            if first.kind is TokenKind.NOTE
            else read_length(first.text[1:])
        )
