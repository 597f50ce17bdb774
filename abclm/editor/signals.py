"""Signals that would end us in the midst of an editing, and what was typed with it."""

import contextlib
import signal
import subprocess
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["ended_gently", "run_in_our_place"]

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


def run_in_our_place(command: list[str]) -> int:
    """Run a program to its end; its exit code, or a signal's number below zero.

    What asks us to end ends it instead; Ctrl-C goes there from the terminal anyway.

    Raises:
        OSError: it cannot be started.
    """
    started: list[subprocess.Popen[bytes]] = []
    asked: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if number != signal.SIGINT:
            asked.append(number)
            for process in started:
                process.send_signal(number)

    with (
        _handled([signal.SIGINT, *_ENDING], pass_on),
        subprocess.Popen(command) as process,  # noqa: S603 - the user's own editor
    ):
        started.append(process)
        # What came while it was being started was passed on to nobody.
        for number in asked:
            process.send_signal(number)
        return process.wait()


@contextlib.contextmanager
def _handled(numbers: list[int], handler: Handler) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
