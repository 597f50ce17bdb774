"""A line on the terminal while something takes more than two seconds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from abclm.cli.console import TerminalStatus

__all__ = ["busy"]

_PATIENCE: Final = 2.0
"""Seconds after which the line appears."""


@contextmanager
def busy(what: str, after: float = _PATIENCE) -> Iterator[None]:
    """Say ``what`` is done on stderr, if that is a terminal, from ``after`` seconds on.

    Nothing else may be printed meanwhile.
    """
    if not sys.stderr.isatty():
        yield
        return
    lock, shown, done = Lock(), list["TerminalStatus"](), False

    def show() -> None:
        from abclm.cli.console import TerminalStatus

        with lock:
            if not done:
                shown.append(TerminalStatus(what))
                shown[0].start()

    timer = Timer(after, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            done = True
            for status in shown:
                status.stop()
