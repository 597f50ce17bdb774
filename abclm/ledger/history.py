"""The user's history: the ledger in the data folder, looked at and added to.

Looking makes no ledger. ``say`` is given each line that the user should see meanwhile.
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
    """The ledger's file: in the folder $ABCLM_DATA, else in the user's data folder."""
    return data_folder() / "ledger.sqlite"


def log(entries: Sequence[Entry], say: Say) -> list[int]:
    """Log tunes; their ids, or none and a remark where the ledger cannot be used.

    A tune is never lost to a ledger that cannot take it.
    """
    try:
        with Ledger(ledger_path(), say) as ledger:
            return ledger.add_all(entries)
    except LedgerError as error:
        say(f"not logged: {error}")
        return []


def parent_of(text: str, title: str, file: Path, say: Say) -> int | None:
    """The logged tune that a tune of ``file`` is or was, if it can be told."""
    try:
        ledger = existing(say)
        if ledger is None:
            return None
        with ledger:
            return ledger.find(text, title, file)
    except LedgerError:
        return None  # the tune that is made of it says so when it cannot be logged


def existing(say: Say) -> Ledger | None:
    """The ledger, if there is one.

    Raises:
        LedgerError: it cannot be used.
    """
    path = ledger_path()
    return Ledger(path, say) if path.exists() else None


def opened(say: Say) -> Ledger:
    """The ledger, which must be there.

    Raises:
        InputError: nothing has been made yet.
        LedgerError: it cannot be used.
    """
    ledger = existing(say)
    if ledger is None:
        raise InputError("the ledger has no tunes yet: abclm generate")
    return ledger


def logged(tune: int, say: Say) -> LoggedTune:
    """The tune with the id ``tune``.

    Raises:
        InputError: there is none.
        LedgerError: the ledger cannot be used.
    """
    with opened(say) as ledger:
        return ledger.get(tune)
