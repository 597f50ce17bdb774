"""What a player plays: the bars of one tune or of a set, and where it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from abclm.errors import InputError
from abclm.notation.tune.music import Tune
from abclm.render.player.options import PlayOptions
from abclm.render.player.piece import PieceBar, piece_of
from abclm.render.player.transport import COUNT_IN, Ramp, Transport

__all__ = ["Programme", "programme_of", "stretch"]

_STEP: Final = 5.0
"""How much faster each loop of a ramp is without ``times``: beats per minute, or per cent."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Bars to play.

    Attributes:
        bars: all bars of all tunes, in playing order.
        count_in: the bar that counts in.
        start: the state in which the player starts.
        drone: the MIDI numbers of the held notes.
    """

    bars: tuple[PieceBar, ...]
    count_in: PieceBar
    start: Transport
    drone: tuple[int, ...] = ()

    def bar(self, at: int) -> PieceBar:
        """Return the bar at a place of the transport."""
        return self.count_in if at == COUNT_IN else self.bars[at]


def programme_of(tunes: Sequence[Tune], options: PlayOptions) -> Programme:
    """Return what is played: one tune, or the tunes of a set one after the other.

    A set is played with ``times`` rounds of each tune; its bars, without ``bars``, are all of them.

    Raises:
        InputError: there are no such bars, or they are asked for in a set.
        RenderError: a tune has no notes, or too many.
    """
    if len(tunes) > 1 and (options.bars or options.ramp):
        name = "bars" if options.bars else "ramp"
        raise InputError(f"{name}: takes one tune, and {len(tunes)} are to be played")
    pieces = [piece_of(tune, options.playback, click=options.click) for tune in tunes]
    rounds = options.times if len(tunes) > 1 else 1
    bars = tuple(bar for piece in pieces for bar in piece * rounds)
    wanted = options.range
    first, last = (0, len(bars) - 1) if wanted is None else stretch(bars, *wanted)
    start = Transport(
        len(bars),
        first,
        last,
        COUNT_IN if options.count_in else first,
        loops=options.loop or (options.ramp is not None and options.times == 1),
        times=options.times if len(tunes) == 1 else 1,
        speed=_speed(options, bars[first].tempo),
        ramp=_ramp(options, bars[first].tempo),
    )
    return Programme(bars, bars[first].count_in, start, options.drone_pitches)


def stretch(bars: Sequence[PieceBar], low: int, high: int) -> tuple[int, int]:
    """Return the indices of the shortest stretch of ``bars`` from number ``low`` to ``high``.

    Bars 7 to 10 of ``|:1…8:|:9…16:|`` are 7, 8, 9 and 10, without the repeat. Of several such
    stretches it is the first.

    Raises:
        InputError: no bar has one of these numbers, or none leads from one to the other.
    """
    numbers = [bar.number for bar in bars]
    for number in (low, high):
        if number not in numbers:
            raise InputError(f"no bar {number}; there are: {min(numbers)} to {max(numbers)}")
    found: list[tuple[int, int, int]] = []
    begin: int | None = None
    for index, number in enumerate(numbers):
        # A pickup inside the tune has the number of the bar before it.
        if number == low and (not index or numbers[index - 1] != low):
            begin = index
        if number == high and begin is not None:
            found.append((index - begin, begin, index))
    if not found:
        raise InputError(f"bars {low}-{high}: bar {high} is never played after bar {low}")
    _, first, last = min(found)
    return first, last


def _speed(options: PlayOptions, tempo: float) -> float:
    speed = options.speed
    return speed.factor(tempo) if speed is not None and speed.relative else 1.0


def _ramp(options: PlayOptions, tempo: float) -> Ramp | None:
    speeds = options.ramp_speeds
    if speeds is None:
        return None
    low, high = (speed.factor(tempo) for speed in speeds)
    if options.times > 1:
        return Ramp(low, high, (high - low) / (options.times - 1))
    return Ramp(low, high, _STEP / (100 if speeds[0].relative else tempo))
