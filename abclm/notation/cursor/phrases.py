"""The phrases of a melody while it is read: where they begin and end, and on which note.

A phrase ends with a fermata. In a piece that has none so far, it ends with a rest, or with a note
of at least two quarters, once it has lasted four.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from abclm.notation.cursor.sound import Attack
from abclm.notation.cursor.time import WHOLE

__all__ = ["Phrases"]

_QUARTER: Final = WHOLE // 4
_LONG: Final = 2 * _QUARTER
_SHORTEST: Final = 4 * _QUARTER


class Phrases(NamedTuple):
    """The phrases before a moment. Immutable.

    Attributes:
        at: ticks from the start of the current phrase.
        number: how many have ended.
        length: ticks of the last that has ended; 0 without one.
        close: its last pitch, as a MIDI note number; None without one.
        paused: whether one of them ended with a fermata.
    """

    at: int = 0
    number: int = 0
    length: int = 0
    close: int | None = None
    paused: bool = False

    def through(self, bar: Sequence[Attack], moment: int) -> "Phrases":
        """Return the phrases at a moment of the bar at whose start these are.

        Args:
            bar: the events of the bar so far.
            moment: in ticks from the start of the bar.
        """
        here, passed = self, 0
        for attack, end in _ends(bar, moment):
            here = here._replace(at=here.at + end - passed)
            passed = end
            if here._ended_by(attack, end - attack.onset):
                last = attack.pitches[0] if attack.pitches else here.close
                here = Phrases(0, here.number + 1, here.at, last, here.paused or attack.paused)
        return here._replace(at=here.at + max(0, moment - passed))

    def _ended_by(self, attack: Attack, duration: int) -> bool:
        if attack.paused:
            return True
        is_long = duration >= _LONG or not attack.pitches
        return is_long and not self.paused and self.at >= _SHORTEST


def _ends(bar: Sequence[Attack], moment: int) -> Iterator[tuple[Attack, int]]:
    """The events of a bar before a moment, each with the time at which it ends."""
    onsets = [attack.onset for attack in bar]
    for attack, following in zip(bar, [*onsets[1:], moment], strict=False):
        if attack.onset < moment:
            yield attack, min(following, moment)
