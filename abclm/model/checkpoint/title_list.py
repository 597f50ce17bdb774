"""`titles.tsv`: the titles of the training tunes, the material for new titles."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from abclm.errors import CheckpointError, InputError
from abclm.files import write_atomically
from abclm.model.checkpoint.stored import read_stored

__all__ = ["TITLES", "KnownTitle", "read_titles", "write_titles"]

TITLES = "titles.tsv"
"""The name of the file in a checkpoint's folder."""

_MAX_BYTES = 8 * 2**20
"""A hundred times the shipped list, which is read whenever a title is written."""
_MAX_TITLES = 100_000
"""Thirty times the shipped list."""
_MAX_CHARACTERS = 300
"""The longest line of the shipped list has 54."""
_REFUSED = frozenset(["Cc", "Cf", "Co", "Cs", "Zl", "Zp"])
"""Unicode categories that could control a terminal or break a line of the file."""
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Format characters that some scripts need inside a word."""


@dataclass(frozen=True, order=True, slots=True)
class KnownTitle:
    """The title of a training tune."""

    rhythm: str
    """The canonical rhythm of the tune, or an empty string."""
    title: str
    """The title as the corpus spells it."""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InputError("a title is missing")
        if len(self.rhythm) + len(self.title) > _MAX_CHARACTERS:
            raise InputError(f"a title is longer than {_MAX_CHARACTERS} characters")
        for character in self.rhythm + self.title:
            if unicodedata.category(character) in _REFUSED and character not in _JOINERS:
                raise InputError(f"a title has the control character U+{ord(character):04X}")


def read_titles(folder: Path) -> tuple[KnownTitle, ...]:
    """Read the titles in the checkpoint ``folder``, sorted; empty if it has no `titles.tsv`.

    Raises:
        CheckpointError: the file is unreadable, too large or damaged.
    """
    path = folder / TITLES
    if not path.exists():
        return ()
    text = _read_text(path)
    if text and not text.endswith("\n"):
        raise CheckpointError(f"{path}: damaged: the last line has no end")
    lines = text.split("\n")[:-1]
    if len(lines) > _MAX_TITLES:
        raise CheckpointError(f"{path}: has {len(lines)} titles, more than {_MAX_TITLES}")
    return tuple(sorted(_read_line(path, *numbered) for numbered in enumerate(lines, 1)))


def write_titles(folder: Path, titles: Iterable[tuple[str, str]]) -> None:
    """Write ``titles``, each a rhythm and a title, as `titles.tsv` of the checkpoint ``folder``.

    The file is written completely or not at all. Titles that `read_titles` would refuse, such as
    empty ones or ones with a control character, are left out. If there are too many, only every
    second title is kept, or every third, and so on.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = sorted(f"{known.rhythm}\t{known.title}\n" for known in _usable(titles))
    step = 1
    while len(lines[::step]) > _MAX_TITLES or len("".join(lines[::step]).encode()) > _MAX_BYTES:
        step += 1
    write_atomically(folder / TITLES, "".join(lines[::step]))


def _read_text(path: Path) -> str:
    try:
        return read_stored(path, _MAX_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{path}: damaged: not UTF-8 at byte {error.start}") from error


def _usable(titles: Iterable[tuple[str, str]]) -> Iterator[KnownTitle]:
    for rhythm, title in titles:
        try:
            yield KnownTitle(rhythm, title)
        except InputError:
            continue


def _read_line(path: Path, number: int, line: str) -> KnownTitle:
    cells = line.split("\t")
    if len(cells) != 2:
        raise CheckpointError(f"{path}: damaged: line {number} is not a rhythm, a tab and a title")
    try:
        return KnownTitle(*cells)
    except InputError as error:
        raise CheckpointError(f"{path}: damaged: line {number}: {error}") from error
