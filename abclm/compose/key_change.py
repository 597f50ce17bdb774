"""The requested transposition: to a key, or by semitones."""

from typing import Final

from abclm.errors import InputError
from abclm.notation.write.moves import BySemitones, Direction, Move, read_target

__all__ = ["read_move"]

_MOST_SEMITONES: Final = 48
"""Four octaves, more than the distance of any two instruments."""
_DIRECTIONS: Final = {(True, False): Direction.UP, (False, True): Direction.DOWN}


def read_move(key: str | None, semitones: int | None, *, up: bool, down: bool) -> Move:
    """Read the requested transposition.

    Args:
        key: the new tonic, such as ``G`` or ``Bb``.
        semitones: the distance instead, negative for down.
        up: whether to move to the next such tonic above; without ``up`` and ``down``, the nearest.
        down: whether to move to the next one below.

    Raises:
        InputError: both or neither of ``key`` and ``semitones`` are given, or they are invalid.
    """
    if (key is None) == (semitones is None):
        raise InputError("give a key or a distance: --key G, or --semitones 2")
    if up and down:
        raise InputError("--up and --down exclude each other: give one of them")
    if semitones is not None:
        if up or down:
            raise InputError("--semitones excludes --up and --down: a negative number moves down")
        if not -_MOST_SEMITONES <= semitones <= _MOST_SEMITONES:
            limits = f"-{_MOST_SEMITONES} and {_MOST_SEMITONES}"
            raise InputError(f"--semitones must lie between {limits}, not {semitones}")
        return BySemitones(semitones)
    return read_target(key or "", _DIRECTIONS.get((up, down), Direction.NEAREST))
