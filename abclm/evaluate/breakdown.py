"""The musical figures of the rows of a table, broken down by rhythm or by key."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from abclm.errors import InputError
from abclm.evaluate.musical import MusicFigures, Standard, lines_of, measure_music
from abclm.notation.tune.music import Tune

__all__ = ["BREAKDOWNS", "BreakdownRow", "break_down", "check_breakdown"]

_FEWEST: Final = 20
"""The fewest real tunes of a rhythm or key that get rows of their own."""
_OTHER: Final = "other"


class BreakdownRow(NamedTuple):
    """The figures of those tunes of a row that share a rhythm or a key.

    Attributes:
        value: the rhythm or the key; ``other`` for the rare ones.
        row: the name of the row.
        kind: the kind of the row.
        tunes: the number of tunes.
        music: their figures.
    """

    value: str
    row: str
    kind: str
    tunes: int
    music: MusicFigures

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return {**self._asdict(), "music": self.music.as_dict()}


def _rhythm(tune: Tune) -> str:
    """Return the rhythm of the header, or the meter if it names no rhythm."""
    return (tune.value("R") or "").strip().lower() or f"M:{tune.meter}"


def _key(tune: Tune) -> str:
    return str(tune.key) if tune.key is not None else "none"


BREAKDOWNS: Final[dict[str, Callable[[Tune], str]]] = {"rhythm": _rhythm, "key": _key}
"""The ways to break figures down; each function returns the value of a tune."""


def check_breakdown(by: str) -> None:
    """Check that ``by`` is one of `BREAKDOWNS`.

    Raises:
        InputError: it is not.
    """
    if by not in BREAKDOWNS:
        raise InputError(f"figures cannot be broken down by {by!r}: {' or '.join(BREAKDOWNS)}")


def break_down(
    by: str, rows: Sequence[tuple[str, str, Sequence[Tune]]], standard: Standard
) -> list[BreakdownRow]:
    """Break all rows down; rows of one value stand together, the commonest value first.

    Args:
        by: one of `BREAKDOWNS`.
        rows: name, kind and tunes of each row; the human rows decide which values are common.
        standard: the standard of real tunes.
    """
    value_of = BREAKDOWNS[by]
    counts = Counter(value_of(tune) for _, kind, tunes in rows if kind == "human" for tune in tunes)
    common = [value for value, count in counts.most_common() if count >= _FEWEST]
    parts: list[BreakdownRow] = []
    for wanted in (*common, _OTHER):
        for name, kind, tunes in rows:
            own = [
                tune
                for tune in tunes
                if (value if (value := value_of(tune)) in common else _OTHER) == wanted
            ]
            if own:
                music = measure_music(lines_of(own), standard)
                parts.append(BreakdownRow(wanted, name, kind, len(own), music))
    return parts
