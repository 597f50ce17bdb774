"""Delays Ctrl-C until the end of the current step."""

import contextlib
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["Interrupt"]


class Interrupt:
    """While open, the first Ctrl-C (or SIGTERM) only sets `received`; the second one interrupts.

    Args:
        heard: called when the first signal arrives.
    """

    def __init__(self, heard: Callable[[], None]) -> None:
        self.received = False
        self._heard = heard
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        # Python lets only the main thread handle signals; another thread has nothing to catch.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.received:
            raise KeyboardInterrupt
        self.received = True
        # The signal may arrive in the middle of a print, and Python allows no print inside one.
        with contextlib.suppress(RuntimeError):
            self._heard()
