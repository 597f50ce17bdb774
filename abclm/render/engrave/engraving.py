"""Sheet music by verovio, which runs in a child process so that no tune can crash this one."""

import importlib.util
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, Self

from abclm.errors import MissingExtraError, RenderError
from abclm.notation.tune.music import Tune
from abclm.render.engrave.mei import write_mei

__all__ = ["PAGE_WIDTH", "Engraver", "require_verovio"]

PAGE_WIDTH: Final = 2000
"""The width of a page, in verovio's tenths of a millimetre; four bars of a reel fit."""

_CHILD: Final = (sys.executable, "-P", str(Path(__file__).with_name("engrave_child.py")))
_TIMEOUT: Final = 20.0
"""Seconds after which a tune is given up; verovio takes a fraction of one for most."""
_MOST_CHARACTERS: Final = 2**28
"""The most characters of an answer; 200 bars in sixteen voices have 8 million."""
_OPTIONS: Final[dict[str, Any]] = {
    "adjustPageHeight": True,
    "breaks": "smart",  # the line breaks of the source, unless they leave a line half empty
    "breaksSmartSb": 0.35,
    "footer": "none",
    "pageHeight": 60000,
    "pageMarginBottom": 30,
    "pageMarginLeft": 30,
    "pageMarginRight": 30,
    "pageMarginTop": 30,
    "pageWidth": PAGE_WIDTH,
    "scale": 45,
    "svgFormatRaw": True,
    "svgViewBox": True,
    "xmlIdChecksum": True,  # the same tune gives the same file
}


def require_verovio(command: str) -> None:
    """Check that verovio is installed.

    Raises:
        MissingExtraError: it is not; ``command`` names what needs it.
    """
    if importlib.util.find_spec("verovio") is None:
        raise MissingExtraError(command, "verovio", "score")


class Engraver:
    """Engraves tunes one by one in a child process, which is restarted after a crash.

    Args:
        command: the command that starts the child; only tests use another one.
        timeout: seconds after which a tune is given up.
    """

    def __init__(self, command: Sequence[str] = _CHILD, timeout: float = _TIMEOUT) -> None:
        self._command = command
        self._timeout = timeout
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def engrave(self, tune: Tune, prefix: str = "n", *, titled: bool = False) -> list[str]:
        """Engrave ``tune``; return its pages as SVG, one page unless the tune is very long.

        Args:
            tune: the tune.
            prefix: the prefix of the ids of the notes; pictures on one HTML page need different
                ones.
            titled: whether to put the title above the staves.

        Raises:
            RenderError: the tune has no notes or too many bars, or verovio crashed on it, took too
                long or ran out of memory.
        """
        mei = write_mei(tune, prefix, titled=titled)
        return self._pages(tune, mei, {"header": "encoded" if titled else "none"})

    def engrave_as(
        self, tune: Tune, layout: Mapping[str, Any], prefix: str = "n", *, bars_in_line: int = 0
    ) -> list[str]:
        """Engrave ``tune`` without its title, with options of verovio that differ from the usual.

        With ``bars_in_line`` lines break after that many bars, and not where the source does.

        Raises:
            RenderError: as `engrave`.
        """
        mei = write_mei(tune, prefix, bars_in_line=bars_in_line)
        return self._pages(tune, mei, {"header": "none", **layout})

    def _pages(self, tune: Tune, mei: str, own: Mapping[str, Any]) -> list[str]:
        answer = self._ask({"mei": mei, "options": {**_OPTIONS, **own}}, _name(tune))
        if "error" in answer:
            raise RenderError(f"{_name(tune)}: not engraved: {answer['error']}")
        pages: list[str] = answer["pages"]
        return pages

    def _ask(self, request: dict[str, Any], name: str) -> dict[str, Any]:
        if self._child is None:
            self._child = _Child(self._command)
        try:
            answer = self._child.ask(json.dumps(request), self._timeout)
        except queue.Empty as error:
            self.close()
            message = f"{name}: not engraved: verovio did not end within {self._timeout:g} seconds"
            raise RenderError(message) from error
        if answer is None:
            self.close()
            raise RenderError(f"{name}: not engraved: verovio crashed on it or ran out of memory")
        result: dict[str, Any] = json.loads(answer)
        return result


class _Child:
    """The process, and a thread that reads its answers so that waiting can time out."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        except OSError as error:
            raise RenderError(f"the engraver cannot be started: {error.strerror}") from error
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._threads = [_start(_read, self._process.stdout, self._answers)]

    def ask(self, request: str, timeout: float) -> str | None:
        """Return the line that answers ``request``, or None if the process has died."""
        # A thread of its own writes, because writing to a child that hangs would block.
        self._threads[1:] = [_start(_write, self._process.stdin, request)]
        return self._answers.get(timeout=timeout)

    def end(self) -> None:
        """Kill the process; it has no state to lose."""
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)


def _start(target: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread


def _write(stream: IO[str], request: str) -> None:
    try:
        stream.write(request + "\n")
        stream.flush()
    except (OSError, ValueError):
        return  # the reading thread reports that the process has died


def _read(stream: IO[str], answers: "queue.Queue[str | None]") -> None:
    while (line := stream.readline(_MOST_CHARACTERS)).endswith("\n"):
        answers.put(line)
    answers.put(None)


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except OSError:
        return  # the unwritten rest has no reader any more


def _name(tune: Tune) -> str:
    return f"X:{tune.value('X') or '?'} {tune.title}".strip()
