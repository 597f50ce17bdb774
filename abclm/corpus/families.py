"""Families of tunes, which are settings of one tune, found by title or by what they share.

Tunes share bars, which are compared by their shapes (`abclm.notation.tune.bar_shapes`), so in any
key. Only full bars count, because pickups and short last bars are alike everywhere. Pieces of
several voices are compared by runs of intervals of their highest voice alone (see
`abclm.corpus.melody_shapes`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abclm.corpus.melody_shapes import melody_shapes
from abclm.notation.tune.bar_shapes import bar_shapes
from abclm.notation.tune.music import Tune
from abclm.notation.tune.titles import normalise_title

__all__ = ["MelodyFingerprint", "Overlaps", "find_families", "near_duplicates"]

Overlaps = dict[tuple[int, int], int]
"""The number of distinct bars that two tunes share, by their indices, the lower one first."""

_RELATED = 1 / 3
"""The share of the shorter tune's bars from which two tunes are related."""
_RELATED_MELODIES = 0.4
"""The same for runs of intervals of pieces of several voices."""
_FEWEST_RELATED = 5
"""A third of fewer distinct bars may be shared by chance."""
_NEARLY_EQUAL = 0.8
"""The share of the longer tune's bars from which two tunes are duplicates."""
_FEWEST_EQUAL = 4
"""Most of fewer distinct bars may be shared by chance."""
_NO_TITLE = "untitled"
_EVERYWHERE = 400
"""A bar found in more tunes than this does not make any two of them related."""


@dataclass(frozen=True, slots=True)
class MelodyFingerprint:
    """The properties by which tunes are compared.

    Attributes:
        title: the normalised title; empty if it is not distinctive.
        bars: the distinct shapes of its full bars, as (inner, approach), or of several voices
            those of `melody_shapes`.
        related: the share of the shorter tune's bars from which it is related to another.
    """

    title: str
    bars: frozenset[tuple[int, int]]
    related: float = _RELATED

    @staticmethod
    def of(tune: Tune, title: str | None = None) -> "MelodyFingerprint":
        """Return the fingerprint of ``tune``, with ``title`` if it is an excerpt."""
        full = frozenset((shape.inner, shape.approach) for shape in bar_shapes(tune) if shape.full)
        name = normalise_title(tune.title if title is None else title)
        return MelodyFingerprint("" if name == _NO_TITLE else name, full)

    @staticmethod
    def of_melody(voice: Tune) -> "MelodyFingerprint":
        """Return the fingerprint of a piece by its highest voice.

        It has no title: those of scores name works of many pieces, such as a passion.
        """
        return MelodyFingerprint("", melody_shapes(voice), _RELATED_MELODIES)

    @staticmethod
    def overlaps(melodies: Sequence["MelodyFingerprint"]) -> Overlaps:
        """Count the bars that each pair of ``melodies`` shares; pairs without any are omitted."""
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
    """Return the indices of tunes of which an earlier tune is nearly the same setting.

    Two tunes are duplicates if they share four fifths of the bars of the longer one. Every tune
    returned has a duplicate among the tunes that remain.
    """
    twice: set[int] = set()
    for (first, second), shared in sorted(overlaps.items()):
        longer = max(len(melodies[first].bars), len(melodies[second].bars))
        if longer < _FEWEST_EQUAL or shared < _NEARLY_EQUAL * longer:
            continue
        if first not in twice:
            twice.add(second)
    return twice


def find_families(
    melodies: Sequence[MelodyFingerprint], overlaps: Overlaps, pieces: Sequence[int] = ()
) -> list[int]:
    """Return the family of each tune, as the index of its first member.

    Tunes are related if they are excerpts of one piece, have the same normalised title, or share a
    third of the bars of the shorter one, pieces of several voices two fifths of the runs of
    intervals; relatives of relatives belong to the same family.

    Args:
        melodies: the tunes.
        overlaps: the bars they share, see `MelodyFingerprint.overlaps`.
        pieces: the number of the piece of each tune; empty if each is a piece of its own.
    """
    families = _Families(len(melodies))
    by_piece: dict[int, int] = {}
    for place, piece in enumerate(pieces):
        families.join(by_piece.setdefault(piece, place), place)
    by_title: dict[str, int] = {}
    for place, melody in enumerate(melodies):
        if melody.title:
            families.join(by_title.setdefault(melody.title, place), place)
    for (first, second), shared in overlaps.items():
        shorter = min(len(melodies[first].bars), len(melodies[second].bars))
        if shorter >= _FEWEST_RELATED and shared >= melodies[first].related * shorter:
            families.join(first, second)
    return [families.first(place) for place in range(len(melodies))]


class _Families:
    """Disjoint sets of indices (union-find), each represented by its lowest one."""

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
