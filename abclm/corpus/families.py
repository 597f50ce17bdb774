"""Which tunes are settings of one tune: by their titles, or by the bars they share.

Bars are compared as `abclm.notation.tune.bar_shapes` has them, so in any key. A bar counts if it is
full; pickups and short last bars are alike everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abclm.notation.tune.bar_shapes import bar_shapes
from abclm.notation.tune.music import Tune
from abclm.notation.tune.titles import normalise_title

__all__ = ["MelodyFingerprint", "Overlaps", "find_families", "near_duplicates"]

Overlaps = dict[tuple[int, int], int]
"""How many distinct bars two tunes share, by their places, the lower one first."""

_RELATED = 1 / 3
"""Share of the shorter tune's bars from which on two tunes are relatives."""
_FEWEST_RELATED = 5
"""Of fewer distinct bars a third is shared by chance."""
_NEARLY_EQUAL = 0.8
"""Share of the longer tune's bars from which on two tunes are one tune twice."""
_FEWEST_EQUAL = 4
"""Of fewer distinct bars most are the same by chance."""
_EVERYWHERE = 400
"""A bar that stands in more tunes than this says nothing of any two of them."""


@dataclass(frozen=True, slots=True)
class MelodyFingerprint:
    """What is compared of a tune.

    Attributes:
        title: normalised; empty if it says nothing.
        bars: the distinct shapes of its full bars, as (inner, approach).
    """

    title: str
    bars: frozenset[tuple[int, int]]

    @staticmethod
    def of(tune: Tune) -> "MelodyFingerprint":
        """The melody of ``tune``."""
        full = frozenset((shape.inner, shape.approach) for shape in bar_shapes(tune) if shape.full)
        return MelodyFingerprint(normalise_title(tune.title), full)

    @staticmethod
    def overlaps(melodies: Sequence["MelodyFingerprint"]) -> Overlaps:
        """The bars that each two of ``melodies`` share; pairs without any are left out."""
        places: dict[tuple[int, int], list[int]] = defaultdict(list)
        for place, melody in enumerate(melodies):
            for bar in melody.bars:
                places[bar].append(place)
        shared: Counter[tuple[int, int]] = Counter()
        for found in places.values():
            if len(found) <= _EVERYWHERE:
                shared.update(_pairs(found))
        return dict(shared)


def near_duplicates(melodies: Sequence[MelodyFingerprint], overlaps: Overlaps) -> set[int]:
    """The places of tunes that stand before in nearly the same setting.

    Two tunes are one twice if they share four fifths of the bars of the longer one. Each tune left
    out has its like among those that stay.
    """
    twice: set[int] = set()
    for (first, second), shared in sorted(overlaps.items()):
        longer = max(len(melodies[first].bars), len(melodies[second].bars))
        if longer < _FEWEST_EQUAL or shared < _NEARLY_EQUAL * longer:
            continue
        if first not in twice:
            twice.add(second)
    return twice


def find_families(melodies: Sequence[MelodyFingerprint], overlaps: Overlaps) -> list[int]:
    """The family of each tune, as the place of its first member.

    Relatives are tunes of the same normalised title, and tunes that share a third of the bars of
    the shorter one; relatives of relatives belong to one family.
    """
    families = _Families(len(melodies))
    by_title: dict[str, int] = {}
    for place, melody in enumerate(melodies):
        if melody.title:
            families.join(by_title.setdefault(melody.title, place), place)
    for (first, second), shared in overlaps.items():
        shorter = min(len(melodies[first].bars), len(melodies[second].bars))
        if shorter >= _FEWEST_RELATED and shared >= _RELATED * shorter:
            families.join(first, second)
    return [families.first(place) for place in range(len(melodies))]


class _Families:
    """Disjoint sets of places, each known by its lowest one."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def first(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self._above[high] = low


def _pairs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, first in enumerate(places):
        for second in places[index + 1 :]:
            yield first, second
