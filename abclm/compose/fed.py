"""What of a tune's music a model is fed: the rest is left out, or refused."""

from typing import Final

from abclm.notation.lexer import Kind

__all__ = ["FED_FIELDS", "FED_ORNAMENTS", "FED_WITHIN_BARS"]

FED_WITHIN_BARS: Final = frozenset(
    {
        Kind.NOTE,
        Kind.REST,
        Kind.CHORD_OPEN,
        Kind.CHORD_CLOSE,
        Kind.GRACE_OPEN,
        Kind.GRACE_CLOSE,
        Kind.TUPLET,
        Kind.TIE,
        Kind.BROKEN,
        Kind.SPACE,
    }
)
"""The kinds of tokens that a model is fed within a bar, besides ornaments and fields."""

FED_ORNAMENTS: Final = frozenset("~TH")
"""The decorations that a model is fed."""

FED_FIELDS: Final = frozenset("KM")
"""The fields among the music that a model is fed."""
