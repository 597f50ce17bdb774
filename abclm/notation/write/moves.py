"""The targets of a transposition: a tonic, or a number of semitones up or down."""

import re
from dataclasses import dataclass
from enum import Enum

from abclm.errors import InputError
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.tune.interval import Interval, interval_between, interval_of, move_key

__all__ = ["BySemitones", "Direction", "Move", "ToKey", "read_target", "refuse_bagpipes"]

_BARE_TONIC = re.compile(r"[A-G][#b]?")


class Direction(Enum):
    """The direction of the new tonic."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ToKey:
    """Move to a tonic, keeping the mode.

    Attributes:
        tonic: the new tonic, such as ``G`` or ``Bb``.
        mode: suffix as in `Key`, or None if only a tonic was given.
        direction: nearest is at most six semitones up or five down; up and down move by an octave
            if the tune is already in that key.
    """

    tonic: str
    mode: str | None = None
    direction: Direction = Direction.NEAREST

    def interval(self, key: Key | None) -> Interval:
        """How a tune in ``key`` moves.

        Raises:
            InputError: it has no key, another mode, or the new one would need too many accidentals.
        """
        if key is None or key.tonic == "none":
            raise InputError("has no key to move from: say how far with --semitones")
        if self.mode is not None and self.mode != key.mode:
            asked = self.tonic + self.mode
            raise InputError(f"is in {key}, and {asked} is another mode: ask for {self.tonic}")
        refuse_bagpipes(key)
        interval = _directed(interval_between(key.tonic, self.tonic), self.direction)
        moved = move_key(key, interval)
        if moved is None or moved[1] != interval:
            instead = f": ask for {moved[0].tonic}" if moved else ""
            raise InputError(f"is in {key}: {self.tonic}{key.mode} has no signature{instead}")
        return interval


@dataclass(frozen=True, slots=True)
class BySemitones:
    """Move by ``semitones``, down if negative, to the key with the fewest accidentals."""

    semitones: int

    def interval(self, key: Key | None) -> Interval:
        """How a tune in ``key`` moves.

        Raises:
            InputError: the key is one of the bagpipes'.
        """
        refuse_bagpipes(key)
        return interval_of(self.semitones, key)


Move = ToKey | BySemitones


def read_target(text: str, direction: Direction = Direction.NEAREST) -> ToKey:
    """Return the target given by a user: a tonic such as ``G``, or one with its mode, ``Edor``.

    Raises:
        InputError: it is not a key, or has accidentals of its own.
    """
    if _BARE_TONIC.fullmatch(text.strip()):
        return ToKey(text.strip(), None, direction)
    key = parse_key(text)
    if key is None or key.accidentals or key.tonic in {"none", "HP", "Hp"}:
        raise InputError(f"{text!r} is not a key to move to: give a tonic such as G, Bb or F#")
    return ToKey(key.tonic, key.mode, direction)


def refuse_bagpipes(key: Key | None) -> None:
    """Refuse the keys of the bagpipes.

    Raises:
        InputError: ``key`` is one of them.
    """
    if key is not None and key.tonic in {"HP", "Hp"}:
        raise InputError("is for bagpipes, which have one key: write its K: as D to move it")


def _directed(interval: Interval, direction: Direction) -> Interval:
    semitones = interval.semitones
    octaves = {
        Direction.NEAREST: -1 if semitones > 6 else 0,
        Direction.UP: 0 if semitones > 0 else 1,
        Direction.DOWN: -1 if 0 <= semitones < 12 else -2 if semitones >= 12 else 0,
    }[direction]
    return Interval(interval.steps + 7 * octaves, semitones + 12 * octaves)
