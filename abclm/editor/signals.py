"""Signals that would end us in the midst of an editing, and what was typed with it."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

__all__ = ["ended_gently", "passed_on"]

_ENDING = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
]  # Windows has no SIGHUP

Handler = Callable[[int, FrameType | None], None]


@contextlib.contextmanager
def ended_gently() -> Iterator[None]:
    """What asks us to end, such as a terminal that is closed, ends us by an exception."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    with _handled(_ENDING, end):
        yield


@contextlib.contextmanager
def passed_on(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """What asks us to end ends ``process`` instead; Ctrl-C goes there from the terminal anyway."""

    def pass_on(number: int, _: FrameType | None) -> None:
        if number != signal.SIGINT:
            process.send_signal(number)

    with _handled([signal.SIGINT, *_ENDING], pass_on):
        yield


@contextlib.contextmanager
def _handled(numbers: list[int], handler: Handler) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
