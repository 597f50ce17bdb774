"""The vocabulary: which characters a model knows, and the id of each."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from abclm.errors import InputError, UnknownCharacterError

__all__ = ["END_OF_TUNE", "Ids", "Vocabulary"]

END_OF_TUNE = 0
"""The id that ends every tune and, as the first input, precedes the next one."""

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """Characters and their ids: id 0 is the end of a tune, then the characters in sorted order."""

    characters: tuple[str, ...]
    """The known characters, sorted by code point."""

    def __post_init__(self) -> None:
        for character in self.characters:
            if not isinstance(character, str) or len(character) != 1:
                raise InputError(f"a vocabulary holds single characters, not {character!r:.40}")
            if unicodedata.category(character) == "Cs":
                raise InputError(f"a vocabulary holds whole characters, not {character!r}")
        if list(self.characters) != sorted(set(self.characters)):
            raise InputError("the characters of a vocabulary must be sorted and differ")

    @classmethod
    def from_text(cls, texts: Iterable[str]) -> "Vocabulary":
        """Create the vocabulary of every character in ``texts``."""
        characters: set[str] = set()
        for text in texts:
            characters.update(text)
        return cls(tuple(sorted(characters)))

    @property
    def size(self) -> int:
        """The number of ids: one for each character and one for the end of a tune."""
        return len(self.characters) + 1

    def encode(self, text: str) -> Ids:
        """The ids of the characters of ``text``, shape ``(len(text),)``; no end of tune is added.

        Raises:
            UnknownCharacterError: a character is not in the vocabulary; the message gives the
                first one and its position.
        """
        positions, known = self._look_up(text)
        if not known.all():
            raise UnknownCharacterError(_unknown_message(text, int(np.argmin(known))))
        return (positions + 1).astype(np.int32)

    def decode(self, ids: Iterable[int] | Ids) -> str:
        """The text of ``ids``; every `END_OF_TUNE` is left out.

        Raises:
            InputError: an id is outside the vocabulary.
        """
        try:
            return "".join(self._strings[index] for index in _checked(ids))
        except IndexError as error:
            raise InputError(f"ids go from 0 to {self.size - 1}") from error

    def unknown(self, text: str) -> list[str]:
        """The characters of ``text`` that are not in the vocabulary, sorted."""
        return sorted(set(text).difference(self.characters))

    def _look_up(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The index of each character in `characters`, and whether it is there."""
        points = _code_points(text)
        if not self.characters:
            return np.zeros(len(points), np.intp), np.zeros(len(points), np.bool_)
        places = np.searchsorted(self._points, points)
        places = np.minimum(places, len(self.characters) - 1)
        return places, self._points[places] == points

    @cached_property
    def _points(self) -> NDArray[np.uint32]:
        return _code_points("".join(self.characters))

    @cached_property
    def _strings(self) -> Sequence[str]:
        return ("", *self.characters)


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _checked(ids: Iterable[int] | Ids) -> Iterator[int]:
    for index in ids:
        if index < 0:
            raise IndexError
        yield int(index)


def _unknown_message(text: str, offset: int) -> str:
    character = text[offset]
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    name = unicodedata.name(character, "no name")
    return (
        f"line {line}:{column}: the model does not know {character!r} "
        f"(U+{ord(character):04X} {name}): remove or replace it"
    )
