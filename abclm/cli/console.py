"""Colours, tables and progress bars on the terminal: rich, behind the gate of the terminal."""

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import Progress
from rich.segment import Segment

from abclm.cli.terminal import TerminalStream, visible

__all__ = ["TerminalConsole", "TerminalProgress"]


class TerminalConsole(Console):
    """A console whose styles reach the terminal, and whose texts have their controls visible.

    Args:
        to_stderr: whether it prints to stderr instead of stdout.
        options: of rich's console.
    """

    def __init__(self, *, to_stderr: bool = False, **options: Any) -> None:
        stream = sys.stderr if to_stderr else sys.stdout
        self._guarded = isinstance(stream, TerminalStream)
        file = stream.terminal if isinstance(stream, TerminalStream) else stream
        # ":a:" is a bar and no emoji, "[red]" an annotation and no colour.
        super().__init__(file=file, highlight=False, markup=False, emoji=False, **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of ``renderable``: every text that is printed comes through here."""
        for segment in super().render(renderable, options):
            if self._guarded and not segment.control:
                yield segment._replace(text=visible(segment.text))
            else:
                yield segment


class TerminalProgress(Progress):
    """A progress bar on stderr; what is printed meanwhile stands above it.

    Args:
        columns: of the bar; rich's own where there are none.
        options: of rich's progress bar.
    """

    def __init__(self, *columns: Any, **options: Any) -> None:
        # What is printed meanwhile goes by rich to stderr: stdout may be a file.
        super().__init__(*columns, redirect_stdout=sys.stdout.isatty(), **options)

    def start(self) -> None:
        """Show the bar."""
        before = sys.stdout, sys.stderr
        super().start()
        # rich reads escape sequences as styles in the streams that it has put in place.
        if sys.stdout is not before[0]:
            sys.stdout = TerminalStream(sys.stdout)
        if sys.stderr is not before[1]:
            sys.stderr = TerminalStream(sys.stderr)
