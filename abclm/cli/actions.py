"""The actions that `abclm edit` offers after editing a tune, as one table."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.files import FileKind
    from abclm.notation.tune.music import Tune

__all__ = ["ACTIONS", "Action", "Target"]


@dataclass(slots=True)
class Target:
    """The tune or file that was edited.

    Attributes:
        file: the tunebook.
        number: the ``X:`` of the tune; None for the whole file.
        written: files that actions have written and may overwrite.
    """

    file: Path
    number: int | None = None
    written: set[Path] = field(default_factory=set)

    @property
    def wanted(self) -> str | None:
        """The value of ``--tune`` for commands that work on it."""
        return None if self.number is None else str(self.number)

    def tunes(self) -> list["Tune"]:
        """Read the tune, or all tunes of the file, as they are now.

        Raises:
            InputError: the file cannot be read, or has no such tune.
        """
        from abclm.cli.input import read_tunes
        from abclm.compose.chosen import choose_tune

        tunes = read_tunes(self.file)
        return tunes if self.number is None else [choose_tune(tunes, self.number, str(self.file))]

    def output(self, suffix: str) -> Path:
        """Return a path beside the file for an output; it never overwrites an older file."""
        stem = self.file.stem if self.number is None else f"{self.file.stem}-{self.number}"
        path, count = self.file.with_name(stem + suffix), 1
        while path.exists() and path not in self.written:
            count += 1
            path = self.file.with_name(f"{stem} ({count}){suffix}")
        self.written.add(path)
        return path


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Attributes:
        key: the letter that selects it.
        label: its label in the prompt, with the letter in brackets.
        run: performs it and returns a message, which may be empty; raises `AbclmError`.
    """

    key: str
    label: str
    run: Callable[[Target], str]


def _midi(target: Target) -> str:
    from abclm.files import FileKind

    return _write(target, ".mid", FileKind.MIDI)


def _svg(target: Target) -> str:
    from abclm.files import FileKind
    from abclm.render.writers import WRITERS

    WRITERS[FileKind.SVG].require("a picture")
    return _write(target, ".svg", FileKind.SVG)


def _html(target: Target) -> str:
    from abclm.files import FileKind
    from abclm.render.writers import WRITERS, Renderer

    WRITERS[FileKind.HTML].require("a page")
    tunes = target.tunes()
    path = target.output(".html")
    with Renderer() as renderer:
        problems = renderer.write_page(tunes, path, target.file.stem)
    return "\n".join([*problems, f"written: {path}"])


def _write(target: Target, suffix: str, kind: "FileKind") -> str:
    from abclm.render.writers import WRITERS, Renderer

    tune, others = _one(target)
    path = target.output(suffix)
    with Renderer() as renderer:
        renderer.write(tune, path, WRITERS[kind])
    return f"written: {path}{others}"


def _continue(target: Target) -> str:
    from abclm.cli.continue_ import continue_
    from abclm.compose.options import CHOICES

    continue_(file=target.file, tune=target.wanted, in_place=True, count=CHOICES, show=True)
    return ""


def _redo(target: Target) -> str:
    from abclm.cli.redo import redo

    print("which bars, such as 5-8? ", end="", file=sys.stderr, flush=True)
    wanted = sys.stdin.readline().strip()
    if wanted:
        redo(file=target.file, bars=wanted, tune=target.wanted, in_place=True)
    return ""


def _one(target: Target) -> tuple["Tune", str]:
    """Return the tune, or the first of the file, and a note on the other tunes."""
    tunes = target.tunes()
    return tunes[0], f" (the first of {len(tunes)} tunes)" if len(tunes) > 1 else ""


ACTIONS = (
    Action("c", "[c]ontinue", _continue),
    Action("r", "[r]edo bars", _redo),
    Action("m", "[m]idi", _midi),
    Action("s", "[s]vg", _svg),
    Action("h", "[h]tml", _html),
)
"""The actions in the order in which they are offered."""
