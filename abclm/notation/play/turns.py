"""Where each tune of a set starts, so that the beat goes on from one tune to the next."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from abclm.notation.play.sounding import PlayedBar, PlayedVoice

__all__ = ["Turn", "turns_of"]


class Turn(NamedTuple):
    """The place of a tune in a set, in whole notes of the set.

    Attributes:
        start: where the tune starts.
        end: where its last bar ends as it is written.
        next: where the next tune starts; None for the last. What still sounds there ends there, and
            the last note of a tune that ends before is held until then.
    """

    start: Fraction
    end: Fraction
    next: Fraction | None


def turns_of(tunes: Sequence[Sequence[PlayedVoice]]) -> list[Turn]:
    """Return the place of each tune of a set, given as its played voices.

    The first full bar of a tune follows the last bar of the tune before as the next bar would: a
    last bar that is short counts as full, and a pickup sounds before its end.
    """
    starts = [Fraction(0)]
    for before, after in pairwise(tunes):
        downbeat = starts[-1] + max((_downbeat(voice.bars) for voice in before), default=0)
        pickup = max((_pickup(voice.bars) for voice in after), default=Fraction(0))
        starts.append(max(starts[-1], downbeat - pickup))
    ends = [start + _end(voices) for start, voices in zip(starts, tunes, strict=True)]
    return [Turn(*places) for places in zip(starts, ends, [*starts[1:], None], strict=True)]


def _downbeat(bars: Sequence[PlayedBar]) -> Fraction:
    """Where the bar after the last one starts."""
    if not bars:
        return Fraction(0)
    onset, bar = bars[-1].onset, bars[-1].bar
    full = bar.meter.bar if len(bars) > 1 else None
    return onset + max(bar.duration, full or bar.duration)


def _pickup(bars: Sequence[PlayedBar]) -> Fraction:
    """The length of the pickup with which a tune starts."""
    if len(bars) < 2:
        return Fraction(0)
    first = bars[0].bar
    is_short = first.meter.bar is not None and first.duration < first.meter.bar
    return first.duration if is_short else Fraction(0)


def _end(voices: Sequence[PlayedVoice]) -> Fraction:
    ends = [voice.bars[-1].onset + voice.bars[-1].bar.duration for voice in voices if voice.bars]
    return max(ends, default=Fraction(0))
