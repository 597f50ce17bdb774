"""The total duration of the items of a bar."""

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from abclm.notation.syntax.exact import fraction
from abclm.notation.tune.music import Event, Item, Overlay

__all__ = ["lasts"]


def lasts(items: Iterable[Item], *, overlaid: bool = True) -> Fraction:
    """Return the total duration of the events among ``items``, in whole notes.

    The layers of an overlay sound together, so the longest one counts.

    Args:
        items: the items of a bar.
        overlaid: whether there may be an overlay among them.
    """
    if overlaid:
        return max(lasts(layer, overlaid=False) for layer in _layers(items))
    # `type` is faster than isinstance: a book has hundreds of thousands of items.
    return _sum(tuple([item.duration.as_integer_ratio() for item in items if type(item) is Event]))


def _layers(items: Iterable[Item]) -> list[list[Item]]:
    layers: list[list[Item]] = [[]]
    for item in items:
        if type(item) is Overlay:
            layers.append([])
        else:
            layers[-1].append(item)
    return layers


@lru_cache(maxsize=4096)
def _sum(ratios: tuple[tuple[int, int], ...]) -> Fraction:
    """Their sum over a common denominator: several times faster than adding fractions.

    Bars with the same lengths are common, and are added up once.
    """
    common = math.lcm(*{below for _, below in ratios})
    return fraction(sum(above * (common // below) for above, below in ratios), common)
