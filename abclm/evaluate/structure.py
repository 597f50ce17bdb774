"""Whether a tune is built as dance tunes are: repeats, and sections of eight bars.

Each function takes a tune and answers for the whole of it; a share of tunes is then their mean. A
tune without a bar is right in nothing. Of bars see `abclm.notation.strictness`.
"""

from collections.abc import Iterator, Sequence

from abclm.notation.bars import Bar, Boundary, bars
from abclm.notation.music import Tune
from abclm.notation.rules.repeats import endings, repeats

__all__ = ["has_eight_bar_sections", "repeats_match", "section_bars"]

_EIGHT = frozenset({8, 16})
"""Bars of a section that counts as one or as two of eight."""


def repeats_match(tune: Tune) -> bool:
    """Whether every repeat that opens closes, and the other way round, and first endings go on.

    The repeat of the first section may be opened by the start of the tune (ABC 2.1 section 4.8),
    and a second ending may close once more: it ends the repeat that the first one closed.
    """
    written = bars(tune)
    if not written or any(repeats(tune, written)) or any(endings(tune, written)):
        return False
    return not _closes_without_opening(written)


def section_bars(tune: Tune) -> list[int]:
    """How many bars each section has, played once through.

    A section ends at a double bar or a repeat. A short bar at its start is a pickup and belongs to
    the bar before it; one that is nothing else is no section. Of several endings the one for the
    first time counts.
    """
    counts: list[int] = []
    count, begins, first_time = 0, True, True
    for bar in bars(tune):
        if bar.before.ending:
            first_time = 1 in bar.before.ending
        count += first_time and not (begins and _is_short(bar))
        begins = bar.after.ends_section and not bar.after.ending
        if begins:
            counts.append(count)
            count, first_time = 0, True
    return [count for count in counts if count]


def has_eight_bar_sections(tune: Tune) -> bool:
    """Whether every section has eight bars, or sixteen, which are two sections of eight."""
    counts = section_bars(tune)
    return bool(counts) and set(counts) <= _EIGHT


def _is_short(bar: Bar) -> bool:
    return bar.meter.bar is not None and bar.duration < bar.meter.bar


def _closes_without_opening(written: Sequence[Bar]) -> bool:
    """Whether a repeat closes that no sign opened, and that is not the first section's."""
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
