"""`abclm.Tune`: one tune as complete ABC, and its operations."""

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
    from typing import Unpack

    from abclm.api.playing import PlayValues
    from abclm.api.task import Task
    from abclm.compose.offers import Offer
    from abclm.compose.revision import Revision

__all__ = ["Revised", "Tune"]

_NUMBERED = re.compile(r"^X:", re.MULTILINE)
_FRAME = '<iframe srcdoc="{page}" title="{title}" style="width:100%;height:32em;border:0"></iframe>'


@dataclass(frozen=True, slots=True)
class Revised:
    """What is needed to put a reworked tune back into its tunebook, and to log it.

    Attributes:
        chosen: the original tune in the book.
        task: what was to be written.
        revision: what was written, with all candidates.
        offer: the candidate that the tune has.
        sha256: the hash of the weights.
    """

    chosen: ChosenTune
    task: "Task"
    revision: "Revision"
    offer: "Offer"
    sha256: str


@dataclass(frozen=True)
class Tune:
    r"""One tune; equal to another one with the same text.

    Attributes:
        abc: complete ABC from ``X:`` (``X:1`` if there was none) to the end, with ``\n`` line ends
            and the fields of the file header copied into its own header.
        id: its number in the history, if it was logged.
        why: why it was chosen, if it was chosen from several.

    Example:
        >>> tune = abclm.Tune("X:1\nT:Scale\nM:4/4\nL:1/8\nK:G\nGABc defg|]\n")
        >>> tune.transpose("D").abc.splitlines()[-2:]
        ['K:D', 'DEFG ABcd|]']
    """

    abc: str
    id: int | None = field(default=None, compare=False)
    why: str = field(default="", compare=False, repr=False)
    measure: "Callable[[Tune], float] | None" = field(default=None, compare=False, repr=False)
    """Measures its bits per note with the model that wrote it, if one did."""
    place: ChosenTune | None = field(default=None, compare=False, repr=False)
    """Its position in the tunebook it was read from, if any."""
    revised: Revised | None = field(default=None, compare=False, repr=False)
    """How it was reworked from another tune, if it was."""

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
        """Return the tune ``chosen`` from a tunebook; the other arguments are attributes."""
        abc = with_reference_number(chosen.by_itself(chosen.text), _number(chosen))
        return cls(abc, why=why, measure=measure, place=chosen, revised=revised)

    @cached_property
    def chosen(self) -> ChosenTune:
        """The tune in its tunebook, or in a book of its own if it was not read from one.

        Raises:
            InputError: the text has no tune, or several.
        """
        return self.place or choose_one(Source.of(self.abc, "tune"))

    @property
    def music(self) -> music.Tune:
        """The parsed tune: fields, voices, bars, notes."""
        return self.chosen.tune

    @property
    def number(self) -> int:
        """The reference number (``X:``)."""
        return _number(self.chosen)

    @property
    def title(self) -> str:
        """The first title (``T:``), or an empty string."""
        return self.music.title

    @property
    def key(self) -> str:
        """The key (``K:``) in its short form, such as ``Edor``; empty if there is none."""
        return str(self.music.key or "")

    @property
    def meter(self) -> str:
        """The meter (``M:``), such as ``6/8``."""
        return str(self.music.meter)

    @property
    def rhythm(self) -> str:
        """The rhythm (``R:``), such as ``reel``, or an empty string."""
        return self.music.value("R") or ""

    @cached_property
    def bits_per_note(self) -> float | None:
        """How surprising the tune is to the model that wrote it, in bits; None without a model.

        As in `Model.surprisal`: the bits of the body divided by its number of notes.

        Raises:
            InputError: the model cannot read what it wrote, which only happens with ``raw``.
        """
        return self.measure(self) if self.measure is not None else None

    def problems(self, *, strict: bool = False) -> list[Problem]:
        """Return the tune's problems in the order of their positions; see `abclm.validate`."""
        return validate(self.abc, strict=strict)

    def transpose(
        self,
        key: str | None = None,
        *,
        semitones: int | None = None,
        up: bool = False,
        down: bool = False,
    ) -> "Tune":
        """Return the tune in another key of the same mode; notes, keys and chord symbols change.

        Args:
            key: the new tonic, such as ``"G"`` or ``"Bb"``; by default the nearest one.
            semitones: the interval instead of a key, -48 to 48.
            up: move to the next such tonic above instead of the nearest.
            down: move to the next such tonic below.

        Raises:
            InputError: ``key`` is not a key, or the tune cannot be transposed there.

        Example:
            >>> book[3].transpose("G").save("in-g.abc")
        """
        move = read_move(key, semitones, up=up, down=down)
        moved = Source.of(transpose(self.chosen.prompt(), move), self.chosen.source.name)
        return Tune.of(choose_one(moved))

    def with_chords(self, *, replace: bool = False) -> "Tune":
        r"""Return the tune with chord symbols over it, such as a guitarist plays.

        Args:
            replace: whether to remove the chord symbols that it has; otherwise its sections with
                chord symbols keep them.

        Raises:
            InputError: the tune has no notes, its key no tonic, or it needs no more chord symbols.

        Example:
            >>> print(abclm.Tune("X:1\nM:4/4\nK:G\nG4 B2d2|c2A2 G4|]").with_chords(), end="")
            X:1
            M:4/4
            K:G
            "G"G4 B2d2|"D7"c2A2 "G"G4|]
        """
        from abclm.compose.voice_parts import add_chords

        (offer,) = add_chords(self.chosen, replaced=replace).offers
        return Tune.of(self.chosen.with_text(offer.text))

    def plan(self) -> str:
        r"""Return which bars are the same, as ``--plan`` takes it: a letter for each bar.

        The same letter is the same bar, ``a'`` a variation of ``a``, and ``a^`` is ``a`` with
        another first note. A digit after the last bar of a section says on which degree of the
        scale it ends.

        Raises:
            InputError: the tune has several voices, or too many different bars to name.

        Example:
            >>> abclm.Tune("M:2/4\nL:1/8\nK:G\nGABc|dedB|GABc|d2G2|]\n").plan()
            'abac1'
        """
        from abclm.api.plans import plan_of

        return plan_of(self.music, f"X:{self.number}")

    def save(
        self,
        path: str | Path,
        *,
        swing: bool = False,
        instrument: str | None = None,
        tempo: float | None = None,
        chords: bool = True,
        sound_font: str | Path | None = None,
        roll: bool = False,
        mark: bool = True,
    ) -> None:
        """Write the tune to a file whose kind follows from the suffix of ``path``.

        ``.abc`` is ABC, ``.mid`` MIDI, ``.svg`` staves, ``.html`` a page with staves and a player,
        ``.wav`` sound, ``.musicxml`` and ``.mxl`` MusicXML. An existing file of that kind is
        replaced.

        Args:
            path: the file.
            swing: whether MIDI and sound play the even eighth notes of hornpipes two to one.
            instrument: its name, such as ``"flute"``; None for the tune's ``%%MIDI program``, or
                else a violin.
            tempo: beats per minute; None for the tune's own tempo.
            chords: whether MIDI, sound and the page play the chord symbols.
            sound_font: an SF2 file for sound; None for the installed one.
            roll: whether an ``.svg`` file shows the piano roll instead of the staves.
            mark: whether files other than ``.abc`` say that abclm wrote them.

        Raises:
            InputError: the instrument is unknown, or the tempo is out of range.
            OutputError: the suffix is another one, or the file cannot be written.
            RenderError: the tune cannot be rendered.
            MissingExtraError: the engraver or the synthesiser is not installed.

        Example:
            >>> tune.save("tune.mid", tempo=90, instrument="flute")
        """
        from abclm.render.sound.playback import Playback
        from abclm.render.writers import ROLL, WRITERS, Renderer, kind_to_write

        path = Path(path)
        kind = kind_to_write(path)
        if kind is FileKind.ABC:
            write_atomically(path, self.abc)
            return
        writer = ROLL if roll and kind is FileKind.SVG else WRITERS[kind]
        writer.require(f"a {path.suffix} file")
        playback = Playback(swing=swing, instrument=instrument, tempo=tempo, chords=chords)
        font = Path(sound_font) if sound_font else None
        with Renderer(playback, font, mark=mark) as renderer:
            renderer.write(self.music, path, writer)

    def play(self, **options: "Unpack[PlayValues]") -> None:
        """Play the tune on the loudspeaker, and return at the end; see `abclm.play`.

        Example:
            >>> tune.play(tempo="70%", count_in=True)  # doctest: +SKIP
        """
        from abclm.api.playing import play

        play(self, **options)

    def __str__(self) -> str:
        return self.abc

    def _repr_html_(self) -> str:
        """Return staves and a player for a notebook, or the text if it cannot be engraved."""
        from abclm.render.writers import WRITERS, Renderer

        try:
            WRITERS[FileKind.HTML].require("a picture")
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
