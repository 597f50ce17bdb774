"""Text broken into lines that fit."""

from typing import Final

from abclm.render.sheet.fonts import text_width

__all__ = ["wrapped"]

_ELLIPSIS: Final = "…"


def wrapped(text: str, size: float, width: float, style: str = "", most: int = 0) -> list[str]:
    """Return ``text`` in lines of at most ``width``, broken at spaces where possible.

    Args:
        text: the text.
        size: of the font.
        width: of a line, in the unit of ``size``.
        style: of the font.
        most: the most lines, of which the last ends in an ellipsis if text is left out; 0 for all.
    """
    lines: list[str] = []
    rest = text
    while rest:
        count = _fitting(rest, size, width, style)
        if count < len(rest):
            space = rest.rfind(" ", 1, count + 1)
            count = space if space > 0 else count
        lines.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
        if most and len(lines) == most:
            break
    if rest:
        last = lines[-1]
        while last and text_width(last + _ELLIPSIS, size, style) > width:
            last = last[:-1]
        lines[-1] = last.rstrip() + _ELLIPSIS
    return lines


def _fitting(text: str, size: float, width: float, style: str) -> int:
    """Return how many characters of ``text`` fit, at least one."""
    low, high = 1, len(text)
    # A line has at most a few hundred characters, whatever the length of the text.
    while low < high and text_width(text[: min(high, 2 * low)], size, style) <= width:
        low = min(high, 2 * low)
        if low == high:
            return high
    high = min(high, 2 * low)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle], size, style) <= width:
            low = middle
        else:
            high = middle - 1
    return low
