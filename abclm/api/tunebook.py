"""`abclm.Tunebook` and `abclm.read`: a file of tunes, changed without harm to the rest of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from abclm.api.books import read_abc, replace_file
from abclm.api.renderer import Renderer, kind_to_write, require
from abclm.api.tune import Tune
from abclm.compose.book import find_tune, read_part, replace_part
from abclm.compose.chosen import ChosenTune, choose_one, read_tunes
from abclm.compose.tunebook import append_tunes, next_reference_number
from abclm.errors import ChangedError, OutputError
from abclm.files import FileKind, write_atomically
from abclm.notation.parse.tunebook import split_tunes
from abclm.notation.syntax.source import Source, readable

__all__ = ["Tunebook", "read"]


class Tunebook:
    """The tunes of a file.

    ``book[3]`` is the tune with ``X:3``, whatever its place; iteration gives all in their order,
    ``len(book)`` their number. Nothing is written before `save`, which leaves every byte as it was
    that was not meant: encoding, line ends, free text, the other tunes.

    Args:
        source: the file.
        path: where it is; None for a book that is in no file yet.

    Example:
        >>> book = abclm.read("book.abc")
        >>> book[3] = book[3].transpose("G")
        >>> book.append(model.generate(rhythm="reel"))
        4
        >>> book.save()
    """

    def __init__(self, source: Source | None = None, path: Path | None = None) -> None:
        self.path = path
        self._source = self._saved = source or Source.of("", "book")

    @property
    def text(self) -> str:
        """All of the book."""
        return self._source.readable

    def __len__(self) -> int:
        return len(split_tunes(self._source.text))

    def __iter__(self) -> Iterator[Tune]:
        return map(Tune.of, ChosenTune.all_of(self._source))

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(tune.number == number for tune in self)

    def __getitem__(self, number: int) -> Tune:
        """The tune whose ``X:`` is ``number``.

        Raises:
            InputError: there is none; the message lists those there are.
        """
        return Tune.of(choose_one(self._source, number))

    def __setitem__(self, number: int, tune: Tune) -> None:
        """Put ``tune``, its ``X:`` left out, in the place of the one whose ``X:`` is ``number``.

        Raises:
            InputError: there is no such tune, or the file's encoding has no such character.
        """
        here = choose_one(self._source, number)
        data = self._revised(tune, here) or self._exchanged(tune, here, number)
        self._source = Source.decode(data, self._source.name)

    def append(self, tune: Tune) -> int:
        """Put ``tune`` at the end; the reference number that it gets, the next free one.

        Raises:
            InputError: the file's encoding has no such character.
        """
        number = next_reference_number(self._source.text)
        text = append_tunes(self._source.text, [tune.chosen.by_itself(tune.chosen.text)])
        self._source = replace(self._source, data=self._source.encode(text), text=text)
        return number

    def save(self, path: str | Path | None = None) -> None:
        """Write the book: to its own file, which stays as ``.bak``, or as the kind of ``path``.

        Args:
            path: ``.abc`` for a tunebook, ``.html`` for a page with staves and a player.

        Raises:
            ChangedError: its own file is no longer what was read.
            OutputError: the file cannot be written, or one tune alone goes to such a file.
            MissingExtraError: what engraves is not installed.
        """
        own = path is None or (self.path is not None and Path(path) == self.path)
        if own:
            self._save_own()
            return
        target = Path(path or "")
        kind = kind_to_write(target)
        if kind is FileKind.ABC:
            write_atomically(target, self._source.data)
        elif kind is FileKind.HTML:
            require(kind, "a page")
            with Renderer() as renderer:
                tunes = read_tunes(self.text, self._source.name)
                renderer.write_page(tunes, target, target.stem.replace("_", " "))
        else:
            raise OutputError(f"{path}: one tune goes to such a file: save the tunes one by one")

    def _save_own(self) -> None:
        if self.path is None:
            raise OutputError("this book is in no file yet: give save() a path")
        if self._source.data == self._saved.data:
            return
        if self.path.exists():
            replace_file(self.path, self._saved.data, self._source.data, lambda _line: None)
        elif self._saved.data:
            raise ChangedError(f"{self.path}: is no longer there")
        else:
            write_atomically(self.path, self._source.data)
        self._saved = self._source

    def _revised(self, tune: Tune, here: ChosenTune) -> bytes | None:
        """The book with a tune that was made of the one that stands ``here`` still."""
        revised = tune.revised
        if revised is None:
            return None
        try:
            found = revised.chosen.found_in(self._source, revised.taken)
        except ChangedError:
            return None
        return found.replaced(revised.text, revised.taken) if found.start == here.start else None

    def _exchanged(self, tune: Tune, here: ChosenTune, number: int) -> bytes:
        """The book with any other tune in the place of the one ``here``."""
        fits = tune.chosen.has_fields_of(here)
        text = readable(tune.chosen.text) if fits else tune.abc.rstrip("\n")
        rest = text.partition("\n")[2] if text.startswith("X:") else text
        part = find_tune(self._source, number)
        first = read_part(self._source, part).partition("\n")[0]
        return replace_part(self._source, part, f"{first}\n{rest}\n").data


def read(path: str | Path) -> Tunebook:
    """The tunebook ``path``.

    Raises:
        InputError: it cannot be read, or is not ABC.

    Example:
        >>> [tune.title for tune in abclm.read("book.abc")]
        ['The Banshee', "Cooley's", 'The Kesh']
    """
    path = Path(path)
    return Tunebook(read_abc(path), path)
