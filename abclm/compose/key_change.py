"""Where tunes are to be moved: to a key, or by semitones."""

from typing import Final

from abclm.errors import InputError
from abclm.notation.write.transpose import BySemitones, Direction, Move, read_target

__all__ = ["read_move"]

_MOST_SEMITONES: Final = 48
_DIRECTIONS: Final = {(True, False): Direction.UP, (False, True): Direction.DOWN}


def read_move(key: str | None, semitones: int | None, *, up: bool, down: bool) -> Move:
    """The move that is asked for.

    Args:
        key: the new tonic, such as ``G`` or ``Bb``.
        semitones: how far instead, down if negative.
        up: to the next such tonic above; neither ``up`` nor ``down`` for the nearest.
        down: to the next one below.

    Raises:
        InputError: not one of ``key`` and ``semitones`` is given, or they cannot be used.
    """
    if (key is None) == (semitones is None):
        raise InputError("say where to: --key G, or --semitones 2")
    if up and down:
        raise InputError("--up and --down exclude each other: give one of them")
    if semitones is not None:
        if up or down:
            raise InputError("--semitones has its own direction: negative is down")
        if not -_MOST_SEMITONES <= semitones <= _MOST_SEMITONES:
            raise InputError(f"--semitones must lie between -48 and 48, not {semitones}")
        return BySemitones(semitones)
    return read_target(key or "", _DIRECTIONS.get((up, down), Direction.NEAREST))
