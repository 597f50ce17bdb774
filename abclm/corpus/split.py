"""Which tunes are held out of training: some families as a whole, and some tunes by themselves."""

import random
from collections import Counter
from collections.abc import Sequence

__all__ = ["draw"]


def draw(
    families: Sequence[int], share: float, share_by_tune: float, seed: int
) -> tuple[set[int], set[int]]:
    """The places of the tunes held out by family, and of those held out tune by tune.

    A family is held out only where none of it was drawn by itself, so that the relatives of those
    stay in training. Where there is but one family its tunes are drawn like strangers.

    Args:
        families: the family of each of two tunes or more.
        share: of the tunes, held out by family; at least one is, and at least one is left.
        share_by_tune: of the tunes, drawn by themselves.
        seed: of the draw.
    """
    rng = random.Random(seed)  # noqa: S311 - a split is no secret
    count = len(families)
    if len(set(families)) == 1:
        families = range(count)
    by_tune = set(rng.sample(range(count), min(round(count * share_by_tune), count - 2)))
    sizes = Counter(families)
    for place in by_tune:
        sizes.pop(families[place], None)
    names = sorted(sizes)
    rng.shuffle(names)
    wanted = min(max(1, round(count * share)), count - len(by_tune) - 1)
    chosen: set[int] = set()
    drawn = 0
    for name in names:
        if drawn + sizes[name] <= wanted:
            chosen.add(name)
            drawn += sizes[name]
    if not chosen:
        chosen.add(min(names, key=lambda name: sizes[name]))
    by_family = {place for place, family in enumerate(families) if family in chosen}
    return by_family, by_tune
