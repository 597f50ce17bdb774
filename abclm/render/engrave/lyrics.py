"""Lyrics: which syllable of a ``w:`` line is sung on which note (ABC 2.1 section 5.1)."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from abclm.notation.syntax.source import unescape_text
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.music import BarLine, BodyField, Event, Item, LineBreak

__all__ = ["Syllable", "lyrics_of"]

_SYMBOL = re.compile(r"\\-|[*|_-]|\s+|(?:\\-|[^*|_\s-])+")
_HYPHEN_BLANK = re.compile(r"(?<!\\)(?<=\S)-\s+(?=[^-\s])")  # "sev- en" is also one word
_HYPHEN = "\N{NON-BREAKING HYPHEN}"


class Syllable(NamedTuple):
    """A syllable sung on a note.

    Attributes:
        verse: the number of the verse, from 1.
        text: the syllable, or a whole word.
        place: its position in the word, as MEI has it: ``i`` initial, ``m`` middle, ``t`` terminal,
            ``s`` a word of its own.
    """

    verse: int
    text: str
    place: str


_PLACES = {(False, False): "s", (False, True): "i", (True, True): "m", (True, False): "t"}


def lyrics_of(items: Iterable[Item]) -> dict[Token, list[Syllable]]:
    """Return the syllables of each note, by the note's token.

    A ``w:`` line belongs to the line of music before it; consecutive ``w:`` lines are verses.
    """
    sung: dict[Token, list[Syllable]] = {}
    line: list[Event | BarLine] = []
    verse, ended = 0, False
    for item in items:
        if isinstance(item, LineBreak):
            ended = True
        elif isinstance(item, Event | BarLine):
            if ended:
                line, verse, ended = [], 0, False
            line.append(item)
        elif isinstance(item, BodyField) and item.name == "w":
            verse += 1
            for token, syllable in _sing(line, item.value, verse):
                sung.setdefault(token, []).append(syllable)
    return sung


def _sing(line: list[Event | BarLine], words: str, verse: int) -> Iterator[tuple[Token, Syllable]]:
    places = iter(line)
    symbols = _SYMBOL.findall(_HYPHEN_BLANK.sub("-", words.strip()))
    for index, symbol in enumerate(symbols):
        joined = "-" in symbols[max(index - 1, 0) : index], "-" in symbols[index + 1 : index + 2]
        if symbol == "|":
            _next_bar(places)
        elif symbol in {"*", "_"} or (symbol == "-" and symbols[index - 1 : index] in ([], ["-"])):
            _next_note(places)
        elif symbol != "-" and not symbol.isspace():
            note = _next_note(places)
            if note is None:
                return
            text = unescape_text(symbol.replace("\\-", _HYPHEN)).replace("~", "\u00a0")
            yield note.token, Syllable(verse, text, _PLACES[joined])


def _next_note(places: Iterator[Event | BarLine]) -> Event | None:
    for place in places:
        if isinstance(place, Event) and place.pitches:
            return place
    return None


def _next_bar(places: Iterator[Event | BarLine]) -> None:
    for place in places:
        if isinstance(place, BarLine):
            return
