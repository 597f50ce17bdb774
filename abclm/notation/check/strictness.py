"""Whether all bars of a tune add up, pickups included.

A tune without bars, or without a meter to measure them by, fails every check here.
"""

from abclm.notation.check.rules.pickups import pickups
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune

__all__ = ["has_exact_bars", "has_strict_metre"]


def has_exact_bars(tune: Tune) -> bool:
    """Whether every bar lasts exactly one measure; at a section boundary it may be shorter.

    Boundaries are the tune's start and end, repeats, double bars and endings (`Bar.exact`).
    """
    written = [bar for voice in tune.voices for bar in bars(voice.tune)]
    return bool(written) and all(bar.meter.bar is not None and bar.exact for bar in written)


def has_strict_metre(tune: Tune) -> bool:
    """Whether bars are exact, pickups and last bars make measures, and the meter never changes.

    ``abclm validate --strict`` checks the second of these (`pickups`).
    """
    by_voice = [bars(voice.tune) for voice in tune.voices]
    if not has_exact_bars(tune) or any(any(pickups(tune, written)) for written in by_voice):
        return False
    return len({bar.meter for written in by_voice for bar in written}) == 1
