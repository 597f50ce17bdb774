"""Whether the repeats of a tune match; for sections see `abclm.notation.tune.hearing`."""

from collections.abc import Iterator, Sequence

from abclm.notation.check.rules.repeats import endings, repeats
from abclm.notation.tune.bars import Bar, Boundary, bars
from abclm.notation.tune.music import Tune

__all__ = ["repeats_match"]


def repeats_match(tune: Tune) -> bool:
    """Return whether every repeat is opened and closed, and every first ending has a second.

    The start of the tune may open the repeat of the first section (ABC 2.1 section 4.8), so
    ``A:|B|]`` matches but ``A||B:|`` does not. A later ending may close its repeat again, as in
    ``|:A|1 B:|2 C:|``.
    """
    written = bars(tune)
    if not written or any(repeats(tune, written)) or any(endings(tune, written)):
        return False
    return not _closes_without_opening(written)


def _closes_without_opening(written: Sequence[Bar]) -> bool:
    """Return whether a repeat outside the first section closes without having been opened."""
    is_open, in_first, in_later_ending = False, True, False
    for bound in _boundaries(written):
        if bound.closes:
            if not (is_open or in_first or in_later_ending):
                return True
            is_open = False
        if bound.ends_section and not bound.ending and bound is not written[0].before:
            in_first = False
        is_open = is_open or bound.opens
        if bound.ending:
            in_later_ending = 1 not in bound.ending
        elif bound.ends_section:
            in_later_ending = False
    return False


def _boundaries(written: Sequence[Bar]) -> Iterator[Boundary]:
    yield written[0].before
    for bar in written:
        yield bar.after
