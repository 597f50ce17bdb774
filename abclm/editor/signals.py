"""Handling signals that would end the process, and lose the typed text, during editing."""

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
    """Turn signals that end the process, such as from a closed terminal, into an exception."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    with _handled(_ENDING, end):
        yield


def run_in_our_place(command: list[str]) -> int:
    """Run a program to its end; return its exit code, or minus the signal that ended it.

    Signals that ask this process to end are passed on to the program; the terminal sends Ctrl-C to
    it directly.

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
        # Signals that came while it was starting have not been passed on yet.
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
