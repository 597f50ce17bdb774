"""Colours, tables and progress bars on the terminal: rich, with control characters escaped."""

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.live import Live
from rich.progress import Progress
from rich.segment import Segment
from rich.status import Status
from rich.text import Text

from abclm.cli.terminal import TerminalStream, visible

__all__ = ["TerminalConsole", "TerminalLines", "TerminalProgress", "TerminalStatus"]


class TerminalConsole(Console):
    """A console that styles its output, but makes control characters in the text visible.

    Args:
        to_stderr: whether to print to stderr instead of stdout.
        options: options of rich's console.
    """

    def __init__(self, *, to_stderr: bool = False, **options: Any) -> None:
        stream = sys.stderr if to_stderr else sys.stdout
        self._guarded = isinstance(stream, TerminalStream)
        file = stream.terminal if isinstance(stream, TerminalStream) else stream
        # In ABC ":a:" is music, not an emoji, and "[red]" is an annotation, not a colour.
        super().__init__(file=file, highlight=False, markup=False, emoji=False, **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of ``renderable``; all printed text passes through here."""
        for segment in super().render(renderable, options):
            if self._guarded and not segment.control:
                yield segment._replace(text=visible(segment.text))
            else:
                yield segment


class TerminalProgress(Progress):
    """A progress bar on stderr; lines printed meanwhile appear above it.

    Args:
        columns: columns of the bar; without any, rich's defaults.
        options: options of rich's progress bar.
    """

    def __init__(self, *columns: Any, **options: Any) -> None:
        # rich prints redirected stdout to stderr, which would be wrong if stdout is a file.
        super().__init__(*columns, redirect_stdout=sys.stdout.isatty(), **options)

    def start(self) -> None:
        """Show the bar."""
        before = sys.stdout, sys.stderr
        super().start()
        # The streams that rich installs interpret escape sequences as styles.
        if sys.stdout is not before[0]:
            sys.stdout = TerminalStream(sys.stdout)
        if sys.stderr is not before[1]:
            sys.stderr = TerminalStream(sys.stderr)


class TerminalLines(Live):
    """Lines on stderr that are there only for a while; a context manager that clears them."""

    def __init__(self) -> None:
        console = TerminalConsole(to_stderr=True)
        super().__init__(console=console, transient=True, auto_refresh=False)
        self._lines = Text(overflow="crop", no_wrap=True, style="dim")

    def add(self, line: str) -> None:
        """Show one more line; what is too long for the screen is cut off."""
        self._lines.append(line if not self._lines else f"\n{line}")
        self.update(self._lines, refresh=True)


class TerminalStatus(Status):
    """A line on stderr that moves while something is done; a context manager."""

    def __init__(self, what: str) -> None:
        console = TerminalConsole(to_stderr=True)
        super().__init__(Text(what), console=console, spinner="line")
