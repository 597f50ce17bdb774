"""Which parts of a tune's music are fed to a model; the others are left out or refused."""

from typing import Final

from abclm.notation.syntax.tables import ORNAMENTS
from abclm.notation.syntax.tokens import TokenKind

__all__ = ["FED_FIELDS", "FED_ORNAMENTS", "FED_WITHIN_BARS"]

FED_WITHIN_BARS: Final = frozenset(
    {
        TokenKind.NOTE,
        TokenKind.REST,
        TokenKind.CHORD_OPEN,
        TokenKind.CHORD_CLOSE,
        TokenKind.GRACE_OPEN,
        TokenKind.GRACE_CLOSE,
        TokenKind.TUPLET,
        TokenKind.TIE,
        TokenKind.BROKEN,
        TokenKind.SPACE,
    }
)
"""The kinds of tokens inside a bar that are fed to a model, besides ornaments and fields."""

FED_ORNAMENTS: Final = frozenset(ORNAMENTS)
"""The decorations that are fed to a model."""

FED_FIELDS: Final = frozenset("KM")
"""The fields in the music that are fed to a model."""
