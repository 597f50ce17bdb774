"""`abclm.History`: the tunes made so far, and what can be made from them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from abclm import __version__
from abclm.compose.options import SettingsValues
from abclm.errors import InputError
from abclm.files import FileKind, check_outputs
from abclm.ledger.history import existing, log, logged, opened
from abclm.ledger.row import Entry, LoggedTune

if TYPE_CHECKING:
    from abclm.api.tune import Tune

__all__ = ["History"]


class History:
    """The user's history: every tune that was logged, by its number, and how it was made.

    ``history[17]`` is tune 17. The history is in the data folder, or in ``$ABCLM_DATA``. Each
    method raises `LedgerError` if it cannot be read or written there.

    Args:
        say: called with a line to show while another process writes the history, and when a tune
            could not be logged.

    Example:
        >>> history = abclm.History()
        >>> first = model.generate(rhythm="jig", seed=3, log=True).id
        >>> history.tweak(first, key="Ador", log=True).key
        'Ador'
        >>> [(depth, one.entry.command) for depth, one in history.tree()]
        [(0, 'generate'), (1, 'tweak')]
        >>> history.replay(first) == history[first]
        True
        >>> history.keep(first, "The Kept Jig", "kept.abc")
    """

    def __init__(self, say: Callable[[str], None] = lambda _line: None) -> None:
        self._say = say

    def __getitem__(self, number: int) -> "Tune":
        """Return tune ``number``; raises as `logged`."""
        from abclm.api.tune import Tune
        from abclm.compose.tunebook import with_reference_number

        found = self.logged(number)
        return Tune(with_reference_number(found.entry.text, number), id=number)

    def logged(self, number: int) -> LoggedTune:
        """Return how tune ``number`` was made, when, from which one, and where it was kept.

        Raises:
            InputError: there is no such tune.
        """
        return logged(number, self._say)

    def last(self) -> LoggedTune | None:
        """Return the tune that was logged last, or None if there is none."""
        ledger = existing(self._say)
        if ledger is None:
            return None
        with ledger:
            return ledger.last()

    def newest(self) -> int:
        """Return the number of the tune that was logged last.

        Raises:
            InputError: there is none.
        """
        last = self.last()
        if last is None:
            raise InputError("the ledger has no tunes yet: abclm generate")
        return last.id

    def tree(
        self,
        count: int = 20,
        number: int | None = None,
        on_damaged: Callable[[str], None] = lambda _reason: None,
    ) -> list[tuple[int, LoggedTune]]:
        """Return tunes with their depth, each after the one that it was made from.

        Args:
            count: number of the most recent tunes, which come with their ancestors.
            number: the number of a tune, to return it and all made from it instead.
            on_damaged: called with a message for each damaged tune, which is left out.

        Raises:
            InputError: there is no such tune, or ``count`` is less than 1.
        """
        if count < 1:
            raise InputError(f"--count must be 1 or more, not {count}")
        ledger = existing(self._say) if number is None else opened(self._say)
        if ledger is None:
            return []
        with ledger:
            return ledger.history(count, number, on_damaged)

    def search(
        self,
        words: str = "",
        count: int = 20,
        *,
        starred: bool = False,
        on_damaged: Callable[[str], None] = lambda _reason: None,
    ) -> list[tuple[int, LoggedTune]]:
        """Return the latest tunes that match, with their depth, each after the one it is from.

        Args:
            words: what must all be in a tune's header, its title in a book, or its command.
            count: the most tunes.
            starred: whether they must have a star.
            on_damaged: called with a message for each damaged tune, which is left out.

        Raises:
            InputError: ``count`` is less than 1.
        """
        if count < 1:
            raise InputError(f"--count must be 1 or more, not {count}")
        ledger = existing(self._say)
        if ledger is None:
            return []
        with ledger:
            return ledger.search(words, count, starred=starred, on_damaged=on_damaged)

    def star(self, number: int, *, starred: bool = True) -> None:
        """Mark tune ``number`` with a star, or take its star away.

        Raises:
            InputError: there is no such tune.
        """
        with opened(self._say) as ledger:
            ledger.star(number, starred=starred)

    def more(
        self, number: int, count: int = 3, *, seed: int | None = None, log: bool = False
    ) -> "list[Tune]":
        """Write more tunes like tune ``number``: the same prompt and settings, another seed.

        Args:
            number: the number of the tune.
            count: number of tunes.
            seed: the random seed; None draws one.
            log: whether to add them to the history.

        Raises:
            InputError: there is no such tune, or it was not written from a prompt.
            CheckpointError: the model that made it is missing, or has changed.
        """
        from abclm.api.model import load
        from abclm.api.remake import more_of

        order = more_of(self.logged(number), count, seed)
        return load(order.checkpoint).tunes(order, log=log, say=self._say)

    def tweak(
        self,
        number: int,
        *,
        seed: int | None = None,
        log: bool = False,
        **settings: Unpack[SettingsValues],
    ) -> "Tune":
        """Write tune ``number`` again with some settings changed; the others, and the seed, stay.

        Args:
            number: the number of the tune.
            seed: another seed; None for the same one.
            log: whether to add the tune to the history.
            settings: what to change, such as ``key="Ador"``; as in `Model.generate`.

        Raises:
            InputError, CheckpointError: as `more`, or nothing is to change.
        """
        from abclm.api.model import load
        from abclm.api.remake import tweaked

        order, _ = tweaked(self.logged(number), settings, seed)
        return load(order.checkpoint).tunes(order, log=log, say=self._say)[0]

    def replay(self, number: int) -> "Tune | None":
        """Make tune ``number`` again; it equals ``history[number]`` if it comes out the same.

        The result is None if it was one of several candidates, and is not among them this time.

        Raises:
            InputError: there is no such tune, or no model made it.
            CheckpointError: the model that made it is missing, or has changed.
        """
        from abclm.api.remake import remake
        from abclm.api.tune import Tune

        made = remake(self.logged(number), self._say)
        return None if made is None else Tune(made["abc"], id=number)

    def add(self, tune: "Tune") -> "Tune":
        """Log a tune that `Model.continue_`, `Model.redo` or `Model.second_part` made.

        It is returned with its number, or as it was if it could not be logged.

        Raises:
            InputError: it is another tune. `Model.generate` logs its own, with ``log=True``.

        Example:
            >>> history = abclm.History()
            >>> history.add(model.redo(book[1], bars="5-8")[0]).id is None
            False
        """
        if (made := tune.revised) is None:
            raise InputError("only a tune that was continued or reworked by a model can be added")
        entry = made.task.entry(made.chosen, made.revision, made.offer, made.sha256, self._say)
        ids = log([entry], self._say)
        return replace(tune, id=ids[0]) if ids else tune

    def keep(self, number: int, title: str, book: str | Path, *, mark: bool = True) -> None:
        """Append tune ``number`` to a tunebook, and record that in the history.

        Args:
            number: the number of the tune.
            title: its title in the book.
            book: the tunebook, created if it is missing.
            mark: whether a ``%%abclm`` line and a note say that abclm wrote it, and how.

        Raises:
            InputError: there is no such tune, or the title is not valid.
            OutputError: the book cannot be written.
        """
        from abclm.api.books import append_to_book
        from abclm.compose.tunebook import with_mark, with_note, with_title
        from abclm.constraint.header import Header

        book = Path(book)
        check_outputs((book, FileKind.ABC))
        name = Header(title=title).title or ""
        with opened(self._say) as ledger:
            entry = ledger.get(number).entry
            text = with_title(entry.text, name)
            if mark:
                text = with_mark(with_note(text, _note(entry)), how_made(entry))
            append_to_book(book, [text], self._say)
            self._say(f"written: {book}")
            ledger.keep(number, name, book)


def how_made(entry: Entry) -> str:
    """Return how a tune was made, as a ``%%abclm`` line has it."""
    checkpoint = f"{entry.settings.get('checkpoint', '')}:{entry.checkpoint[:12]}"
    return f"{entry.command} checkpoint={checkpoint} seed={entry.seed} number={entry.number}"


def _note(entry: Entry) -> str:
    note = (
        f"abclm {__version__}, {entry.settings.get('checkpoint', '')} {entry.checkpoint[:12]}, "
        f"{entry.as_typed(with_file=False)}, seed {entry.seed} number {entry.number}"
    )
    return " ".join(note.split())
