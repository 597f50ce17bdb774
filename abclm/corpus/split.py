"""The tunes held out of training: some whole families, and some single tunes."""

import random
from collections import Counter
from collections.abc import Sequence

__all__ = ["draw"]


def draw(
    families: Sequence[int], share: float, share_by_tune: float, seed: int
) -> tuple[set[int], set[int]]:
    """Return the indices of the tunes held out by family, and of those held out tune by tune.

    A family is held out only if none of its tunes was drawn singly, so that the relatives of single
    tunes stay in training. If all tunes are one family, they are treated as unrelated.

    Args:
        families: the family of each tune, of two tunes or more.
        share: share of the tunes held out by family; at least one tune is, and one is not.
        share_by_tune: share of the tunes drawn singly.
        seed: the random seed.
    """
    rng = random.Random(seed)  # noqa: S311 - a split is not a secret
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
