"""The canonical text between two bars: bar lines, repeats and endings.

``:|`` alone, ``||`` and every fourth bar line of a section end a line; a close before a second
ending, ``:|2``, does not.
"""

from abclm.notation.tune.bars import Bar, Boundary

__all__ = ["boundary_text", "is_pickup", "mark_text", "opening_text"]


def boundary_text(bar: Bar, *, wraps: bool) -> tuple[str, bool]:
    """Return the text after ``bar``, and whether the line ends there.

    A repeat that opens after other bars is written at the start of the next line, see
    `opening_text`; in ``d|:G3A`` it follows the pickup.

    Args:
        bar: a bar with explicit repeats.
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
    """Return the whole text of a boundary, on one line: ``:||:``, ``:|2``, ``|1,3``, ``|]``."""
    if after.ending:
        return (_close(after) if after.closes else "|") + ",".join(map(str, after.ending))
    closes = _close(after) if after.closes else "" if after.opens else after.style
    return closes + (opening_text(after) if after.opens else "")


def opening_text(bound: Boundary) -> str:
    """Return the start of a repeat, with one colon per repetition: ``|:``, ``|::``."""
    return "|" + ":" * max(1, bound.colons(-1))


def is_pickup(bar: Bar) -> bool:
    """Whether the first bar of a section is a pickup: short, and not closed by a repeat."""
    full = bar.meter.bar
    return full is not None and bar.duration < full and not bar.after.closes


def _close(bound: Boundary) -> str:
    return ":" * max(1, bound.colons(0)) + "|"
