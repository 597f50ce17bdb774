"""Explicit repeats: every `Boundary` has all its signs, and none is implied."""

from collections.abc import Sequence

from abclm.notation.tune.bars import Bar, Boundary

__all__ = ["explicit_repeats"]


def explicit_repeats(bars: Sequence[Bar]) -> list[Bar]:
    """Return the same bars with canonical boundaries between them.

    - A repeat that closes without being opened is opened where its section starts: at the last
      double bar or repeat before it, else at the start of the tune (ABC 2.1 section 4.8).
    - A second ending closes the first; a repeat sign at the end of a second ending becomes a double
      bar.
    - Inside the tune a final bar line becomes a double bar, and a repeat opens after one. The tune
      ends in ``|]`` or ``:|``.
    """
    if not bars:
        return []
    bounds = [bars[0].before._replace(closes=False, ending=(), style="")]
    bounds += [bar.after for bar in bars]
    _close_endings(bounds)
    _open_repeats(bounds)
    bounds[1:-1] = [_inner(bound) for bound in bounds[1:-1]]
    last = bounds[-1]
    bounds[-1] = last._replace(opens=False, ending=(), style="|" if last.closes else "|]")
    return [
        bar._replace(before=bounds[index], after=bounds[index + 1])
        for index, bar in enumerate(bars)
    ]


def _close_endings(bounds: list[Boundary]) -> None:
    """Put ``:|`` before a second ending and remove it after the last one.

    ``|:A|1 B|2 c:|d|]`` becomes ``|:A|1 B:|2 c||d|]``: the bar line before the 2 now closes, and
    the close after the last ending, with no third one following, becomes a double bar.
    """
    ending: tuple[int, ...] = ()
    times: set[int] = set()
    for index, bound in enumerate(bounds):
        if bound.ending and bound.ending[0] > 1:
            bounds[index] = bound._replace(closes=True, opens=False)
        elif bound.closes and ending and max(times) == ending[0] > 1:
            bounds[index] = bound._replace(closes=False, style="||")
        if bound.ending:
            times = {*(times if ending else ()), *bound.ending}
        if bound.ending or bound.ends_section:
            ending = bound.ending


def _open_repeats(bounds: list[Boundary]) -> None:
    """Open each repeat that closes, at the start of its section.

    ``A|B:|c|1 d:|2 e||f:|`` becomes ``|:A|B:||:c|1 d:|2 e|||:f:|``: the first close opens the tune,
    the second the section after ``:|``, and the last the section after the second ending.
    """
    start, is_open, in_ending = 0, bounds[0].opens, False
    for index, bound in enumerate(bounds[1:], 1):
        if bound.closes:
            if not is_open and not _closes_again(bounds, index):
                bounds[start] = bounds[start]._replace(opens=True)
            is_open = bool(bound.ending) and is_open
        elif in_ending and bound.ends_section and not bound.ending:
            # The last ending is over, and with it the repeat: "|2 GFE||".
            is_open = False
        is_open = is_open or bound.opens
        in_ending = bool(bound.ending) or (in_ending and not bound.ends_section)
        if bound.ends_section and not bound.ending:
            start = index


def _closes_again(bounds: Sequence[Boundary], index: int) -> bool:
    """Whether the close at ``index`` precedes a third or later ending of a repeat already open."""
    return len(bounds[index].ending) > 0 and bounds[index].ending[0] > 2


def _inner(bound: Boundary) -> Boundary:
    if bound.closes:
        return bound._replace(style="|")
    if bound.opens or bound.style == "|]":
        return bound._replace(style="||")
    return bound._replace(style=bound.style or "|")
