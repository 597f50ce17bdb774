"""Broken rhythm: what its marks make of the note before and of the one behind."""

from typing import Final

__all__ = ["BROKEN", "SIXTEENTHS"]

SIXTEENTHS: Final = 16
"""A length that broken rhythm leaves as it is."""

BROKEN: Final = {
    ">": (24, 8),
    "<": (8, 24),
    ">>": (28, 4),
    "<<": (4, 28),
    ">>>": (30, 2),
    "<<<": (2, 30),
}
"""Sixteenths of its length that the note before and the one behind last (ABC 2.1 section 4.4)."""
