"""How much of a continuation is kept, and shown while it is written."""

import re
from collections.abc import Callable
from typing import Final

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import bars
from abclm.notation.tune.numbering import number_bars

__all__ = ["kept", "showing"]

_OPEN_END: Final = re.compile(r"[^A-Za-z]*\Z")
"""Text at the end that may still become another bar line or a longer note."""
_NUMBER: Final = "X:1\n"


def kept(opening: str, text: str, count: int | None, *, ended: bool) -> str | None:
    """The part of ``text`` after its ``opening`` that is kept.

    Args:
        opening: the existing text.
        text: the text after writing, including ``opening``.
        count: the number of whole bars wanted; None for everything up to the end of the tune.
        ended: whether the tune has ended.

    Returns:
        The new text, or None if it is too short.
    """
    if count is not None:
        return _cut(opening, text, count)
    return text[len(opening) :] if ended else None


def showing(
    opening: str, count: int | None, on_music: Callable[[str], None] | None
) -> Callable[[str], None] | None:
    """Return what takes pieces of text and passes those that will be `kept` to ``on_music``."""
    if on_music is None:
        return None
    text, shown, done = "", len(opening), False

    def show(piece: str) -> None:
        nonlocal text, shown, done
        text += piece
        if done or len(text) <= len(opening):
            return
        sure = _OPEN_END.sub("", text)
        whole = None if count is None else _cut(opening, sure, count)
        if whole is not None:
            sure, done = opening + whole, True
        if len(sure) > shown:
            on_music(sure[shown:])
            shown = len(sure)

    return show


def _cut(opening: str, text: str, count: int) -> str | None:
    """The part of ``text`` after ``opening``, up to the end of the ``count``-th whole bar.

    A bar that begins in ``opening`` does not count; None if there are fewer bars.
    """
    # Without ``X:`` the first fields would belong to a file header, not to the tune.
    read = parse_tunebook(_NUMBER + text)[0].tune
    opening, text = _NUMBER + opening, _NUMBER + text
    written = bars(read)
    places = bar_texts(read, written)
    numbers = number_bars(written)
    begun = [at for at, place in enumerate(places) if place.start < len(opening)]
    target = (numbers[begun[-1]].number if begun else 0) + count
    for bar, place, number in zip(written, places, numbers, strict=True):
        if number.number == target and not number.pickup and bar.after.tokens:
            sign = bar.after.tokens[0].text.removesuffix(":")
            return text[len(opening) : place.stop] + (sign or "|")
    return None
