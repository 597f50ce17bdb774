"""Plain notes: nothing attached, in no chord, tuplet or broken rhythm. Most notes are such."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from abclm.notation.syntax.exact import product
from abclm.notation.syntax.values import read_note
from abclm.notation.tune.music import PLAIN

__all__ = ["PlainNotes", "note_values", "plain_notes"]

_CACHED = 4096
"""Note texts cached per unit; three tunebooks have 333 in eighths."""


def note_values(text: str, unit: Fraction) -> tuple[Any, ...]:
    """Return the fields of an `Event` after ``token``, for a note such as ``^c'3/2``."""
    pitch, multiple = read_note(text)
    length = product(multiple, unit)
    return (pitch,), "", length, length, 0, *PLAIN


class PlainNotes(dict[str, tuple[Any, ...] | None]):
    """The `note_values` of notes under one unit note length; None for a note of zero length."""

    def __init__(self, unit: Fraction) -> None:
        super().__init__()
        self._unit = unit

    def __missing__(self, text: str) -> tuple[Any, ...] | None:
        values = note_values(text, self._unit)
        found = values if values[2] else None
        if len(self) < _CACHED:
            self[text] = found
        return found


@lru_cache(maxsize=16)
def plain_notes(unit: Fraction) -> PlainNotes:
    """Return the cache of notes under ``unit``, shared by all bodies."""
    return PlainNotes(unit)
