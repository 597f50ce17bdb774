"""Which tunes of a book the user means: a reference number, several, or a title."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from abclm.compose.chosen import choose_tune
from abclm.errors import InputError
from abclm.notation.tune.music import Tune

__all__ = ["choose_tunes"]

_NUMBERS: Final = re.compile(r"\d{1,9}(?:\s*,\s*\d{1,9})*")
_APOSTROPHES: Final = dict.fromkeys((0x27, 0x2019))
_MOST: Final = 100
"""Tunes in one set; an evening has fewer."""


def choose_tunes(tunes: Sequence[Tune], wanted: str | None, name: str) -> list[Tune]:
    """Return the tunes that ``--tune`` asks for, in the order asked for; else the first.

    Args:
        tunes: all tunes of the book.
        wanted: ``2``, ``1,3,2``, or a title, of which case, accents and the article do not matter;
            part of a title is enough if only one tune has it.
        name: the name of the book in messages.

    Raises:
        InputError: there is no such tune, or several have the title; the message lists them.
    """
    if wanted is None:
        return [tunes[0]]
    text = wanted.strip()
    if _NUMBERS.fullmatch(text):
        numbers = [int(number) for number in text.split(",")]
        if len(numbers) > _MOST:
            raise InputError(f"--tune names {len(numbers)} tunes; at most {_MOST} make a set")
        return [choose_tune(tunes, number, name) for number in numbers]
    return [_titled(tunes, text, name)]


def _titled(tunes: Sequence[Tune], wanted: str, name: str) -> Tune:
    titles = [[_plain(title) for title in tune.values("T")] for tune in tunes]
    plain = _plain(wanted)
    for found in (
        [index for index, own in enumerate(titles) if plain in own],
        [index for index, own in enumerate(titles) if plain and any(plain in one for one in own)],
    ):
        if len(found) == 1:
            return tunes[found[0]]
        if found:
            listed = ", ".join(f"{tunes[at].value('X')} {tunes[at].title}" for at in found[:6])
            raise InputError(
                f"{name}: {len(found)} tunes are called {wanted!r}: give one of {listed}"
            )
    known = {title: tune.title for own, tune in zip(titles, tunes, strict=True) for title in own}
    close = [known[title] for title in get_close_matches(plain, known, n=3)]
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    raise InputError(f"{name}: no tune is called {wanted!r}{hint}")


def _plain(title: str) -> str:
    """A title in lower case, without punctuation and article: ``banshee`` for ``Banshee, The``."""
    words = re.findall(r"\w+", title.casefold().translate(_APOSTROPHES))
    return " ".join(word for word in words if word != "the")
