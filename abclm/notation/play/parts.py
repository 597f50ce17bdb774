"""Parts: the playing order of the sections of a tune, given by ``P:`` fields."""

import re
from collections.abc import Iterable

from abclm.notation.play.navigation import without_signs
from abclm.notation.tune.music import BodyField, Item, LineBreak, Tune

__all__ = ["part_order", "split_parts"]

_MOST_PARTS = 1000
"""The same as the limit for bars, `playing.MOST_BARS`."""
_SYMBOL = re.compile(r"([A-Za-z()])(\d*)")


def part_order(value: str) -> str:
    """Return the letters of a ``P:`` field of the header with repeats expanded.

    ``A(BC)2.D3`` is ``ABCBCDDD`` (ABC 2.1 section 3.1.9). Unmatched brackets are ignored, and the
    result is cut at 1,000 letters.
    """
    levels = [""]
    for symbol, count in _SYMBOL.findall(value):
        times = min(int(count[:6]), _MOST_PARTS) if count else 1
        if symbol == "(":
            levels.append("")
        elif symbol != ")":
            levels[-1] += symbol * times
        elif len(levels) > 1:
            inner = levels.pop()
            levels[-1] += inner * times
        levels[-1] = levels[-1][:_MOST_PARTS]
    return "".join(levels)[:_MOST_PARTS]


def split_parts(tune: Tune) -> tuple[list[tuple[Item, ...]], list[int]]:
    """Return the body split at its ``P:`` marks, and the indices of the pieces in playing order.

    Without ``P:`` in the header the marks are only names, and the body is one piece. Music before
    the first mark is played once, at the start. Of two parts with one name the first counts, and a
    letter without a part is ignored.
    """
    order = part_order(tune.value("P") or "")
    labels, pieces = _cut(tune.items)
    if not order or len(pieces) == 1:
        return [tune.items], [0]
    # The order is complete: a da capo inside a part would go back to the start of that part.
    pieces = [without_signs(piece) for piece in pieces]
    places = {label: index for index, label in reversed(list(enumerate(labels))) if label}
    played = [places[letter] for letter in order if letter in places]
    if not played:
        return [tune.items], [0]
    return pieces, [0, *played] if not labels[0] else played


def _taken_from_end(piece: list[Item]) -> list[Item]:
    """Remove and return the keys, meters and tempos at the end of ``piece``.

    They belong to the next part.
    """
    start = len(piece)
    while start and isinstance(piece[start - 1], BodyField | LineBreak):
        start -= 1
    opening: list[Item] = [
        item for item in piece[start:] if isinstance(item, BodyField) and item.name in "KMQ"
    ]
    piece[start:] = [item for item in piece[start:] if item not in opening]
    return opening


def _cut(items: Iterable[Item]) -> tuple[list[str], list[tuple[Item, ...]]]:
    labels, pieces = [""], [list[Item]()]
    for item in items:
        if isinstance(item, BodyField) and item.name == "P":
            labels.append(item.value[:1])
            pieces.append(_taken_from_end(pieces[-1]))
        else:
            pieces[-1].append(item)
    return labels, [tuple(piece) for piece in pieces]
