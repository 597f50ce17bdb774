"""The cue ``echo``: the character that followed the last characters earlier in this tune.

Tunes constantly repeat themselves; without this cue a recurrent network spends most of its state
on remembering what to repeat. In data compression it is known as the match model (Mahoney 2005,
"Adaptive weighing of context models", section 3.4).
"""

from typing import Final, NamedTuple

__all__ = ["SPANS", "Echo"]

_MATCHED: Final = 4
"""The number of characters that must agree to start a match."""
SPANS: Final = (4, 5, 7, 11, 18)
"""The match lengths at which the id of the length changes."""
_LONGEST: Final = SPANS[-1]


class Echo(NamedTuple):
    """The tune so far, and the earlier position that matches its end. Immutable.

    Attributes:
        history: the ids read, each as the character with that code point.
        at: ``history[at]`` came next at the matching position; -1 without a match.
        length: the number of characters before it that agree.
    """

    history: str = ""
    at: int = -1
    length: int = 0

    def after(self, index: int) -> "Echo":
        """Return the echo after one more id."""
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
        """The id that came next there, and the number of `SPANS` reached; 0 without a match."""
        if self.at < 0:
            return 0, 0
        return ord(self.history[self.at]), sum(self.length >= least for least in SPANS)
