"""What is written between two bars: bar lines, repeats and endings.

A closing repeat before a second ending, ``:|2``, ends no line; ``:|`` alone and ``||`` do, and so
does every fourth bar line of a section.
"""

from abclm.notation.tune.bars import Bar, Boundary

__all__ = ["boundary_text", "is_pickup", "mark_text", "opening_text"]


def boundary_text(bar: Bar, *, wraps: bool) -> tuple[str, bool]:
    """The text after ``bar``, and whether the line ends there.

    A repeat that opens after other bars is written at the start of the next line, see
    `opening_text`; in ``d|:G3A`` it stands behind the pickup.

    Args:
        bar: with explicit repeats.
        wraps: whether a plain bar line ends the line.
    """
    after = bar.after
    if after.ending:
        return mark_text(after), False
    if after.closes:
        return _close(after), True
    if after.opens and is_pickup(bar) and not bar.before.plain and not bar.before.ending:
        return opening_text(after), False
    return after.style, wraps if after.style == "|" else True


def mark_text(after: Boundary) -> str:
    """All that stands at a boundary, on one line: ``:||:``, ``:|2``, ``|1,3``, ``|]``."""
    if after.ending:
        return (_close(after) if after.closes else "|") + ",".join(map(str, after.ending))
    closes = _close(after) if after.closes else "" if after.opens else after.style
    return closes + (opening_text(after) if after.opens else "")


def opening_text(bound: Boundary) -> str:
    """The start of a repeat, with as many colons as say how often it is played."""
    return "|" + ":" * max(1, bound.colons(-1))


def is_pickup(bar: Bar) -> bool:
    """Whether the first bar of a section is a pickup: too short, and not the section's last."""
    full = bar.meter.bar
    return full is not None and bar.duration < full and not bar.after.closes


def _close(bound: Boundary) -> str:
    return ":" * max(1, bound.colons(0)) + "|"
