"""What can be done next with a tune that was edited: one table, which `abclm edit` offers."""

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
    """What was edited.

    Attributes:
        file: the tunebook.
        number: the ``X:`` of the tune, or None for the whole file.
        written: files that actions have written, which they may write again.
    """

    file: Path
    number: int | None = None
    written: set[Path] = field(default_factory=set)

    def tunes(self) -> list["Tune"]:
        """The tune, or all tunes of the file, as they stand there now.

        Raises:
            InputError: the file cannot be read, or has no such tune.
        """
        from abclm.cli.input import read_tunes
        from abclm.compose.chosen import choose_tune

        tunes = read_tunes(self.file)
        return tunes if self.number is None else [choose_tune(tunes, self.number, str(self.file))]

    def output(self, suffix: str) -> Path:
        """Where a file made of it goes: beside it, and never over one that was there before."""
        stem = self.file.stem if self.number is None else f"{self.file.stem}-{self.number}"
        path, count = self.file.with_name(stem + suffix), 1
        while path.exists() and path not in self.written:
            count += 1
            path = self.file.with_name(f"{stem} ({count}){suffix}")
        self.written.add(path)
        return path


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Attributes:
        key: the letter that asks for it.
        label: how it is offered, the letter in brackets.
        run: does it and gives back what is still to be said about it; raises `AbclmError`.
    """

    key: str
    label: str
    run: Callable[[Target], str]


def _midi(target: Target) -> str:
    from abclm.files import FileKind

    return _write(target, ".mid", FileKind.MIDI)


def _svg(target: Target) -> str:
    from abclm.api.renderer import require
    from abclm.files import FileKind

    require(FileKind.SVG, "a picture")
    return _write(target, ".svg", FileKind.SVG)


def _html(target: Target) -> str:
    from abclm.api.renderer import Renderer, require
    from abclm.files import FileKind

    require(FileKind.HTML, "a page")
    tunes = target.tunes()
    path = target.output(".html")
    with Renderer() as renderer:
        problems = renderer.write_page(tunes, path, target.file.stem)
    return "\n".join([*problems, f"written: {path}"])


def _write(target: Target, suffix: str, kind: "FileKind") -> str:
    from abclm.api.renderer import Renderer

    tune, others = _one(target)
    path = target.output(suffix)
    with Renderer() as renderer:
        renderer.write(tune, path, kind)
    return f"written: {path}{others}"


def _continue(target: Target) -> str:
    from abclm.cli.continue_ import continue_

    continue_(target.file, tune=target.number, in_place=True)
    return ""


def _redo(target: Target) -> str:
    from abclm.cli.redo import redo

    print("which bars, such as 5-8? ", end="", file=sys.stderr, flush=True)
    wanted = sys.stdin.readline().strip()
    if wanted:
        redo(target.file, bars=wanted, tune=target.number, in_place=True)
    return ""


def _one(target: Target) -> tuple["Tune", str]:
    """The tune, or the first of the file, and what to say about the others."""
    tunes = target.tunes()
    return tunes[0], f" (the first of {len(tunes)} tunes)" if len(tunes) > 1 else ""


ACTIONS = (
    Action("c", "[c]ontinue", _continue),
    Action("r", "[r]edo bars", _redo),
    Action("m", "[m]idi", _midi),
    Action("s", "[s]vg", _svg),
    Action("h", "[h]tml", _html),
)
"""In the order in which they are offered."""
