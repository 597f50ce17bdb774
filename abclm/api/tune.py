"""`abclm.Tune`: one tune as whole ABC, and what can be done with it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.compose.chosen import ChosenTune, choose_one
from abclm.compose.key_change import read_move
from abclm.compose.tunebook import with_reference_number
from abclm.errors import AbclmError, RenderError
from abclm.files import FileKind, write_atomically
from abclm.notation.check.validate import validate
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.source import Source
from abclm.notation.tune import music
from abclm.notation.write.transpose import transpose

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Revised", "Tune"]

_NUMBERED = re.compile(r"^X:", re.MULTILINE)
_FRAME = '<iframe srcdoc="{page}" title="{title}" style="width:100%;height:32em;border:0"></iframe>'


@dataclass(frozen=True, slots=True)
class Revised:
    """Where a tune goes that was made of one in a tunebook.

    Attributes:
        chosen: the one that it was made of.
        text: what stands in its place.
        taken: so many characters behind that one are in ``text`` already.
    """

    chosen: ChosenTune
    text: str
    taken: int


@dataclass(frozen=True)
class Tune:
    r"""One tune; equal to another one with the same text.

    Attributes:
        abc: whole ABC: the tune from its ``X:`` on, ``X:1`` where none is given, lines ended by
            ``\n``, the fields of its file's header in its own.
        id: its number in the history, where it was logged.
        why: what speaks for it, where it was chosen among several.

    Example:
        >>> tune = abclm.Tune("X:1\nT:Scale\nM:4/4\nL:1/8\nK:G\nGABc defg|]\n")
        >>> tune.transpose("D").abc.splitlines()[-2:]
        ['K:D', 'DEFG ABcd|]']
    """

    abc: str
    id: int | None = field(default=None, compare=False)
    why: str = field(default="", compare=False, repr=False)
    measure: "Callable[[Tune], float] | None" = field(default=None, compare=False, repr=False)
    """Finds its bits per note with the model that wrote it, if one did."""
    place: ChosenTune | None = field(default=None, compare=False, repr=False)
    """Where it stands in the tunebook that it was read from."""
    revised: Revised | None = field(default=None, compare=False, repr=False)
    """Where it goes in the tunebook of the tune that it was made of."""

    def __post_init__(self) -> None:
        text = self.abc.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
        if not _NUMBERED.search(text):
            text = f"X:1\n{text}"
        object.__setattr__(self, "abc", text)

    @classmethod
    def of(
        cls,
        chosen: ChosenTune,
        *,
        why: str = "",
        measure: "Callable[[Tune], float] | None" = None,
        revised: Revised | None = None,
    ) -> "Tune":
        """The tune at a place of a tunebook; the other arguments are attributes."""
        abc = with_reference_number(chosen.by_itself(chosen.text), _number(chosen))
        return cls(abc, why=why, measure=measure, place=chosen, revised=revised)

    @cached_property
    def chosen(self) -> ChosenTune:
        """The same in its tunebook, which is that tune alone where it was read from none.

        Raises:
            InputError: the text holds no tune, or several.
        """
        return self.place or choose_one(Source.of(self.abc, "tune"))

    @property
    def music(self) -> music.Tune:
        """What the text means: fields, voices, bars, notes."""
        return self.chosen.tune

    @property
    def number(self) -> int:
        """The reference number (``X:``)."""
        return _number(self.chosen)

    @property
    def title(self) -> str:
        """The first title (``T:``), or nothing."""
        return self.music.title

    @property
    def key(self) -> str:
        """The key (``K:``) in its short form, such as ``Edor``; nothing where there is none."""
        return str(self.music.key or "")

    @property
    def meter(self) -> str:
        """The meter (``M:``), such as ``6/8``."""
        return str(self.music.meter)

    @property
    def rhythm(self) -> str:
        """The rhythm (``R:``), such as ``reel``, or nothing."""
        return self.music.value("R") or ""

    @cached_property
    def bits_per_note(self) -> float | None:
        """How surprising the tune is to the model that wrote it, in bits; None if none did.

        As `Model.surprisal` has it: the bits of the body over its notes.

        Raises:
            InputError: the model cannot read what it wrote, which happens with ``raw`` only.
        """
        return self.measure(self) if self.measure is not None else None

    def problems(self, *, strict: bool = False) -> list[Problem]:
        """What is wrong in it, by place; see `abclm.validate`."""
        return validate(self.abc, strict=strict)

    def transpose(
        self,
        key: str | None = None,
        *,
        semitones: int | None = None,
        up: bool = False,
        down: bool = False,
    ) -> "Tune":
        """The tune in another key, the same mode: notes, keys and chord symbols change.

        Args:
            key: the new tonic, such as ``"G"`` or ``"Bb"``; the nearest one.
            semitones: how far instead, -48 to 48.
            up: to the next such tonic above instead of the nearest.
            down: to the next one below.

        Raises:
            InputError: that is no key, or the tune cannot be moved there.

        Example:
            >>> book[3].transpose("G").save("in-g.abc")
        """
        move = read_move(key, semitones, up=up, down=down)
        moved = Source.of(transpose(self.chosen.prompt(), move), self.chosen.source.name)
        return Tune.of(choose_one(moved))

    def save(self, path: str | Path) -> None:
        """Write the tune as the kind of file that ``path`` is named like.

        ``.abc`` is ABC, ``.mid`` MIDI, ``.svg`` staves, ``.html`` a page with staves and a player,
        ``.wav`` sound. An existing file of that kind is replaced.

        Raises:
            OutputError: the name is of another kind, or the file cannot be written.
            RenderError: the tune cannot be rendered.
            MissingExtraError: what engraves or plays is not installed.

        Example:
            >>> tune.save("tune.mid")
        """
        from abclm.api.renderer import Renderer, kind_to_write, require

        path = Path(path)
        kind = kind_to_write(path)
        if kind is FileKind.ABC:
            write_atomically(path, self.abc)
            return
        require(kind, f"a {path.suffix} file")
        with Renderer() as renderer:
            renderer.write(self.music, path, kind)

    def __str__(self) -> str:
        return self.abc

    def _repr_html_(self) -> str:
        """The staves and a player for a notebook, or the text where nothing engraves it."""
        from abclm.api.renderer import Renderer, require

        try:
            require(FileKind.HTML, "a picture")
            with Renderer() as renderer:
                page, problems = renderer.page([self.music], "Tune")
            if problems:
                raise RenderError(problems[0])
        except AbclmError:
            return f"<pre>{escape(self.abc)}</pre>"
        return _FRAME.format(page=escape(page), title=escape(self.title or "Tune"))


def _number(chosen: ChosenTune) -> int:
    written = (chosen.tune.value("X") or "")[:9]
    return int(written) if written.isdecimal() else 1
