"""Reads and extends the user's history: the ledger in the data folder.

Reading creates no ledger. ``say`` is called with each line to show to the user meanwhile.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from abclm.errors import InputError, LedgerError
from abclm.files import data_folder
from abclm.ledger.ledger import Ledger
from abclm.ledger.row import Entry, LoggedTune

__all__ = ["existing", "ledger_path", "log", "logged", "opened", "parent_of"]

Say = Callable[[str], None]


def ledger_path() -> Path:
    """The ledger's file, in the folder $ABCLM_DATA or else in the user's data folder."""
    return data_folder() / "ledger.sqlite"


def log(entries: Sequence[Entry], say: Say) -> list[int]:
    """Log tunes and return their ids; if the ledger cannot be used, say so and return none.

    A tune is never lost because the ledger cannot store it.
    """
    try:
        with Ledger(ledger_path(), say) as ledger:
            return ledger.add_all(entries)
    except LedgerError as error:
        say(f"not logged: {error}")
        return []


def parent_of(text: str, title: str, file: Path, say: Say) -> int | None:
    """The id of the logged tune that a tune of ``file`` is or comes from; None if unknown."""
    try:
        ledger = existing(say)
        if ledger is None:
            return None
        with ledger:
            return ledger.find(text, title, file)
    except LedgerError:
        return None  # logging the new tune reports the error


def existing(say: Say) -> Ledger | None:
    """The ledger, or None if it does not exist.

    Raises:
        LedgerError: it cannot be used.
    """
    path = ledger_path()
    return Ledger(path, say) if path.exists() else None


def opened(say: Say) -> Ledger:
    """The ledger, which must exist.

    Raises:
        InputError: no tune has been made yet.
        LedgerError: the ledger cannot be used.
    """
    ledger = existing(say)
    if ledger is None:
        raise InputError("the ledger has no tunes yet: abclm generate")
    return ledger


def logged(tune: int, say: Say) -> LoggedTune:
    """The tune with the id ``tune``.

    Raises:
        InputError: there is no such tune.
        LedgerError: the ledger cannot be used.
    """
    with opened(say) as ledger:
        return ledger.get(tune)
