"""The result of a command that changes tunes, written to stdout, another file or the same one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.cli.terminal import say, say_written

if TYPE_CHECKING:
    from abclm.api.books import Change
    from abclm.notation.syntax.source import Source

__all__ = ["write_result"]


def write_result(
    file: Path, source: "Source", change: "Change", output: Path | None, *, in_place: bool
) -> None:
    """Apply ``change`` to ``source``, which was read from ``file``, and write the result.

    Raises:
        OutputError: it cannot be written; ``file`` is then unchanged.
    """
    from abclm.api.books import change_in_place
    from abclm.files import write_atomically

    if in_place:
        beside = change_in_place(file, source, change, say)
        say(f"written: {file}; the old version is in {beside}" if beside else f"unchanged: {file}")
        return
    new = change(source)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()
        return
    write_atomically(output, new)
    say_written(output)
