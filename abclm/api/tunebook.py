"""`abclm.Tunebook` and `abclm.read`: a file of tunes; a change leaves every other byte alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.api.backups import undo
from abclm.api.books import read_abc, replace_file
from abclm.api.tune import Tune
from abclm.compose.book import find_tune, mend, read_part, replace_part
from abclm.compose.chosen import ChosenTune, choose_one, read_tunes
from abclm.compose.key_change import read_move
from abclm.compose.set_choice import choose_tunes
from abclm.compose.tune_choice import number_of
from abclm.compose.tunebook import append_tunes, next_reference_number
from abclm.errors import ChangedError, InputError, OutputError
from abclm.files import FileKind, write_atomically
from abclm.notation.parse.tunebook import split_tunes
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.source import Source, readable
from abclm.notation.write.moves import Move
from abclm.notation.write.transpose import transpose
from abclm.render.writers import WRITERS, Renderer, kind_to_write

if TYPE_CHECKING:
    from abclm.compose.differences import TuneDifference
    from abclm.compose.set_proposals import SetProposal

__all__ = ["Tunebook", "moved", "read"]


class Tunebook:
    """The tunes of a file.

    ``book[3]`` is the tune with ``X:3``, wherever it stands, ``book["The Kesh"]`` the one of that
    title; iteration yields all tunes in file order, and ``len(book)`` is their number. Nothing is
    written before `save`, which preserves everything that you did not change: encoding, line ends,
    free text, the other tunes.

    Args:
        source: the content of the file.
        path: the file; None for a book that is not in a file yet.

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
        """The whole text of the book."""
        return self._source.readable

    def __len__(self) -> int:
        return len(split_tunes(self._source.text))

    def __iter__(self) -> Iterator[Tune]:
        return map(Tune.of, ChosenTune.all_of(self._source))

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(tune.number == number for tune in self)

    def __getitem__(self, wanted: int | str) -> Tune:
        """Return the tune whose ``X:`` is ``wanted``, or whose title it is.

        Raises:
            InputError: there is none, or several have the title; the message lists what there is.
        """
        number = wanted if isinstance(wanted, int) else number_of(self._source, wanted)
        return Tune.of(choose_one(self._source, number))

    def __setitem__(self, number: int, tune: Tune) -> None:
        """Replace the tune whose ``X:`` is ``number`` by ``tune``; the book's ``X:`` stays.

        Raises:
            InputError: there is no such tune, or the file's encoding lacks a character of ``tune``.
        """
        here = choose_one(self._source, number)
        data = self._revised(tune, here) or self._exchanged(tune, here, number)
        self._source = Source.decode(data, self._source.name)

    def append(self, tune: Tune) -> int:
        """Append ``tune``, and return its reference number, the next free one.

        Raises:
            InputError: the file's encoding lacks a character of ``tune``.
        """
        number = next_reference_number(self._source.text)
        text = append_tunes(self._source.text, [tune.chosen.by_itself(tune.chosen.text)])
        self._source = replace(self._source, data=self._source.encode(text), text=text)
        return number

    def transpose(
        self,
        key: str | None = None,
        *,
        semitones: int | None = None,
        up: bool = False,
        down: bool = False,
    ) -> None:
        """Move all tunes to another key, each in its own mode; arguments as `Tune.transpose`.

        Raises:
            InputError: ``key`` is not a key, or a tune cannot be transposed there.

        Example:
            >>> book.transpose("D")
            >>> {tune.key for tune in book}
            {'D'}
        """
        data = moved(self._source, read_move(key, semitones, up=up, down=down))
        self._source = Source.decode(data, self._source.name)

    def suggest_sets(
        self, rhythm: str | None = None, *, start: str | None = None, count: int = 1
    ) -> "list[SetProposal]":
        """Return sets of three tunes that follow well, and why, as ``abclm suggest-set``.

        Args:
            rhythm: the rhythm of all tunes, such as ``"reel"``; None for any.
            start: the number or title of the first tune.
            count: the most sets to return; they share no tune but the first.

        Raises:
            InputError: there is no such tune or rhythm, or no three tunes can make a set.
        """
        from abclm.api.sets import suggest_sets

        tunes = read_tunes(self.text, self._source.name)
        return suggest_sets(tunes, self._source.name, rhythm=rhythm, start=start, count=count)

    def fix(self) -> tuple[Problem, ...]:
        r"""Make the safe fixes of ``abclm validate --fix``, and return what they mended.

        Nothing that is played changes.

        Example:
            >>> book.fix()
            ()
        """
        mended = mend(self._source)
        self._source = mended.book
        return mended.changes

    def undo(self) -> None:
        """Put back the old version of the book's file, as ``abclm undo``, and read it.

        Raises:
            InputError: there is none, or the book has no file.
            OutputError: the file cannot be written.
        """
        if self.path is None:
            raise InputError("this book has no file yet")
        undo(self.path, lambda _line: None)
        self._source = self._saved = read_abc(self.path)

    def differences(self, other: "Tunebook") -> "list[TuneDifference]":
        """Return what differs musically from this book to a newer one, as ``abclm diff``.

        Example:
            >>> newer = abclm.read("book.abc")
            >>> newer.transpose("A")
            >>> [tune.moved for tune in book.differences(newer)]
            [2, 2, 2]
        """
        from abclm.compose.differences import differences

        return differences([tune.music for tune in self], [tune.music for tune in other])

    def save(self, path: str | Path | None = None, *, tunes: str | None = None) -> None:
        """Write the book to its own file, keeping the old one as ``.bak``, or to ``path``.

        Args:
            path: ``.abc`` for a tunebook, ``.html`` for a page with staves and a player, ``.mid``
                and ``.wav`` for ``tunes`` as a set, played one after the other.
            tunes: numbers such as ``"1,3,2"``, or a title, for the tunes of a page or a set.

        Raises:
            ChangedError: its own file has changed since it was read.
            InputError: there are no such ``tunes``.
            OutputError: the file cannot be written, or such a file takes only one tune.
            MissingExtraError: the engraver is not installed.
        """
        own = path is None or (self.path is not None and Path(path) == self.path)
        if own:
            self._save_own()
            return
        target = Path(path or "")
        kind = kind_to_write(target)
        if kind is FileKind.ABC:
            write_atomically(target, self._source.data)
            return
        if kind is not FileKind.HTML and (tunes is None or WRITERS[kind].write_set is None):
            raise OutputError(f"{path}: such a file holds one tune: save the tunes one by one")
        WRITERS[kind].require(f"a {target.suffix} file")
        shown = read_tunes(self.text, self._source.name)
        if tunes is not None:
            shown = choose_tunes(shown, tunes, self._source.name)
        with Renderer() as renderer:
            if kind is FileKind.HTML:
                renderer.write_page(shown, target, _title(target))
            else:
                renderer.write_set(shown, target, WRITERS[kind])

    def page(
        self,
        *,
        tempo: float | None = None,
        instrument: str | None = None,
        swing: bool = False,
        chords: bool = True,
        samples: bool = False,
        version: str = "",
    ) -> str:
        """Return the book as one HTML page with staves and a player.

        Args:
            tempo: beats per minute; None for the tempo of each tune.
            instrument: such as flute; None for that of each tune.
            swing: whether the even eighth notes of hornpipes are played two to one.
            chords: whether chord symbols are played.
            samples: whether the page carries recorded instruments, 0.4 MB.
            version: of a page on a server: it asks ``/version``, and reloads when that changes.

        Raises:
            InputError: the book has no tunes, or there is no such instrument or tempo.
            MissingExtraError: the engraver or the synthesiser is not installed.

        Example:
            >>> book.page().startswith("<!DOCTYPE html>")
            True
        """
        from abclm.render.sound.playback import Playback

        WRITERS[FileKind.HTML].require("a page")
        tunes = read_tunes(self.text, self._source.name)
        playback = Playback(swing=swing, instrument=instrument, tempo=tempo, chords=chords)
        with Renderer(playback) as renderer:
            return renderer.page(tunes, _title(self.path), samples=samples, version=version)[0]

    def _save_own(self) -> None:
        if self.path is None:
            raise OutputError("this book has no file yet: give save() a path")
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
        """Return the book with a tune reworked from the one ``here``; None if that has changed."""
        revised = tune.revised
        if revised is None:
            return None
        try:
            found = revised.chosen.found_in(self._source, revised.revision.taken)
        except ChangedError:
            return None
        if found.start != here.start:
            return None
        return found.replaced(revised.offer.text, revised.revision.taken)

    def _exchanged(self, tune: Tune, here: ChosenTune, number: int) -> bytes:
        """Return the book with any other tune in place of the one ``here``."""
        fits = tune.chosen.has_fields_of(here)
        text = readable(tune.chosen.text) if fits else tune.abc.rstrip("\n")
        rest = text.partition("\n")[2] if text.startswith("X:") else text
        part = find_tune(self._source, number)
        first = read_part(self._source, part).partition("\n")[0]
        return replace_part(self._source, part, f"{first}\n{rest}\n").data


def _title(path: Path | None) -> str:
    """Return the file name as a title: ``session tunes`` for ``session_tunes.abc``."""
    return "Tunebook" if path is None else path.stem.replace("_", " ")


def read(path: str | Path) -> Tunebook:
    """Read the tunebook ``path``.

    Raises:
        InputError: it cannot be read, or is not ABC.

    Example:
        >>> [tune.title for tune in abclm.read("book.abc")]
        ['The Banshee', "Cooley's", 'The Kesh']
    """
    path = Path(path)
    return Tunebook(read_abc(path), path)


def moved(source: Source, move: Move, numbers: Sequence[int] = ()) -> bytes:
    """Return the bytes of a tunebook with its tunes transposed; with ``numbers``, only those.

    Raises:
        InputError: there is no such tune, or one cannot be moved; the message names it.
    """
    try:
        text = transpose(source.text, move, numbers)
    except InputError as error:
        raise InputError(f"{source.name}: {error}") from error
    return source.encode(text)
