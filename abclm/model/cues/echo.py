"""The cue ``echo``: what followed when the last characters stood in this tune before.

Tunes repeat themselves all the time; without it a recurrent network spends most of its state on
remembering what to repeat. Data compressors know it as the match model (Mahoney 2005, "Adaptive
weighing of context models", section 3.4).
"""

from typing import Final, NamedTuple

__all__ = ["SPANS", "Echo"]

_MATCHED: Final = 4
"""So many characters have to agree for a place to be followed."""
SPANS: Final = (4, 5, 7, 11, 18)
"""Lengths of a match from which on another id stands for it."""
_LONGEST: Final = SPANS[-1]


class Echo(NamedTuple):
    """The tune so far, and the place that it runs parallel to. Immutable: a kept one stays valid.

    Attributes:
        history: the ids read, each as the character of that code.
        at: ``history[at]`` came next at the place that is followed; -1 without one.
        length: how many characters before it agree.
    """

    history: str = ""
    at: int = -1
    length: int = 0

    def after(self, index: int) -> "Echo":
        """One id further on."""
        character = chr(index)
        history = self.history + character
        if self.at >= 0 and self.history[self.at] == character:
            return Echo(history, self.at + 1, min(self.length + 1, _LONGEST))
        end = len(history)
        found = history.rfind(history[-_MATCHED:], 0, end - 1) if end > _MATCHED else -1
        if found < 0:
            return Echo(history)
        length = _MATCHED
        while (
            length < _LONGEST
            and found + _MATCHED > length
            and history[found + _MATCHED - 1 - length] == history[end - 1 - length]
        ):
            length += 1
        return Echo(history, found + _MATCHED, length)

    def ids(self) -> tuple[int, int]:
        """The id that came next there, and which of `SPANS` the match has reached; 0 for none."""
        if self.at < 0:
            return 0, 0
        return ord(self.history[self.at]), sum(self.length >= least for least in SPANS)
