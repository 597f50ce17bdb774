"""Tunes as files: the table from the kind of file, which its suffix names, to its writer."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from abclm.errors import OutputError
from abclm.files import FileKind, check_outputs, write_atomically
from abclm.files.kinds import kind_named, suffixes_of
from abclm.notation.play.swing import swings
from abclm.notation.syntax.accidentals import is_microtone
from abclm.notation.tune.music import Tune
from abclm.render.mark import html_with_mark, svg_with_mark, wav_with_mark

if TYPE_CHECKING:
    from abclm.render.engrave.engraving import Engraver
    from abclm.render.sound.playback import Playback

__all__ = ["ROLL", "WRITERS", "Renderer", "Writer", "kind_to_write", "numbered_paths", "remarks"]


class Renderer:
    """Renders tunes; a context manager that ends the engraver's process on exit.

    Args:
        playback: how tunes are played; None to play them as written.
        sound_font: an SF2 file for sound; None for the installed one.
        mark: whether the files say that abclm wrote them.
    """

    def __init__(
        self,
        playback: "Playback | None" = None,
        sound_font: Path | None = None,
        *,
        mark: bool = True,
    ) -> None:
        self._playback = playback
        self._sound_font = sound_font
        self._mark = mark

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "_engraver" in self.__dict__:
            self._engraver.close()

    def write(self, tune: Tune, path: Path, writer: "Writer") -> None:
        """Write one tune as a file.

        Raises:
            RenderError: it cannot be rendered.
            OutputError: the file cannot be written.
        """
        write_atomically(path, writer.write(self, tune))

    def write_set(self, tunes: Sequence[Tune], path: Path, writer: "Writer") -> None:
        """Write ``tunes`` as one file that plays them one after the other.

        Raises:
            OutputError: such a file holds one tune, or cannot be written.
            RenderError: a tune cannot be rendered.
        """
        if len(tunes) == 1:
            self.write(tunes[0], path, writer)
            return
        if writer.write_set is None:
            raise OutputError(f"{path}: such a file holds one tune: give one, or --all")
        write_atomically(path, writer.write_set(self, tunes))

    def write_page(
        self, tunes: Sequence[Tune], path: Path, title: str, *, samples: bool = False
    ) -> tuple[str, ...]:
        """Write ``tunes`` as one HTML page; return a line for each that could not be engraved.

        A single tune that has a title gives the page its title. With ``samples`` the page carries
        recorded instruments.

        Raises:
            OutputError: the file cannot be written.
            MissingExtraError: the synthesiser, which makes the samples, is not installed.
        """
        text, problems = self.page(tunes, title, samples=samples)
        write_atomically(path, text)
        return problems

    def page(
        self, tunes: Sequence[Tune], title: str, *, samples: bool = False, version: str = ""
    ) -> tuple[str, tuple[str, ...]]:
        """Return the text of that page, and those lines; with ``version`` for a server."""
        from abclm.render.page.page import PageOptions, build_page
        from abclm.render.sound.playback import AS_WRITTEN

        sampled = {}
        if samples:
            from abclm.render.page.samples import sampled_timbres

            sampled = sampled_timbres(self._sound_font)
        title = (tunes[0].title if len(tunes) == 1 else "") or title
        options = PageOptions(self._playback or AS_WRITTEN, sampled, version)
        page = build_page(tunes, title, self._engraver, options)
        return html_with_mark(page.text, mark=self._mark), page.problems

    def midi(self, tune: Tune) -> bytes:
        """Return the tune as a standard MIDI file."""
        return self.midi_set([tune])

    def midi_set(self, tunes: Sequence[Tune]) -> bytes:
        """Return the tunes, one after the other, as a standard MIDI file."""
        from abclm.render.midi.midi import set_midi_bytes
        from abclm.render.sound.playback import AS_WRITTEN

        return set_midi_bytes(tunes, self._playback or AS_WRITTEN, mark=self._mark)

    def svg(self, tune: Tune) -> str:
        """Return the staves, with the title above them, as an SVG file."""
        from abclm.render.engrave.picture import svg_file

        picture = svg_file(tune, self._engraver)
        return svg_with_mark(picture) if self._mark else picture

    def roll(self, tune: Tune) -> str:
        """Return the piano roll as an SVG file."""
        from abclm.render.roll.roll import roll_svg

        swing = self._playback is not None and self._playback.swing
        return roll_svg(tune, swing=swing, mark=self._mark)

    def musicxml(self, tune: Tune) -> str:
        """Return the tune as written as a MusicXML file."""
        from abclm.render.musicxml.musicxml import musicxml_text

        return musicxml_text(tune, mark=self._mark)

    def mxl(self, tune: Tune) -> bytes:
        """Return the same as a compressed MusicXML file."""
        from abclm.render.musicxml.musicxml import mxl_bytes

        return mxl_bytes(tune, mark=self._mark)

    def wav(self, tune: Tune) -> bytes:
        """Return the sound as a WAV file."""
        return self.wav_set([tune])

    def wav_set(self, tunes: Sequence[Tune]) -> bytes:
        """Return the sound of the tunes, one after the other, as a WAV file."""
        from abclm.render.sound.audio import wav_bytes

        data = wav_bytes(self.midi_set(tunes), self._sound_font)
        return wav_with_mark(data) if self._mark else data

    def html(self, tune: Tune) -> str:
        """Return an HTML page with staves and a player."""
        return self.page([tune], "Tune")[0]

    @cached_property
    def _engraver(self) -> "Engraver":
        from abclm.render.engrave.engraving import Engraver

        return Engraver()


class Writer(NamedTuple):
    """How a kind of file is written.

    Attributes:
        write: returns the content of the file for a tune.
        require: checks that the packages for it are installed; its argument says what needs them.
        write_set: the same for several tunes in one file; None if the file holds one tune.
    """

    write: Callable[[Renderer, Tune], bytes | str]
    require: Callable[[str], None] = lambda _command: None
    write_set: Callable[[Renderer, Sequence[Tune]], bytes | str] | None = None


def _require_verovio(command: str) -> None:
    from abclm.render.engrave.engraving import require_verovio

    require_verovio(command)


def _require_synthesiser(_command: str) -> None:
    from abclm.render.sound.audio import require_synthesiser

    require_synthesiser()


WRITERS: Final = {
    FileKind.MIDI: Writer(Renderer.midi, write_set=Renderer.midi_set),
    FileKind.SVG: Writer(Renderer.svg, _require_verovio),
    FileKind.HTML: Writer(Renderer.html, _require_verovio),
    FileKind.WAV: Writer(Renderer.wav, _require_synthesiser, Renderer.wav_set),
    FileKind.MUSICXML: Writer(Renderer.musicxml),
    FileKind.MXL: Writer(Renderer.mxl),
}
"""The writer of each kind of file, except ABC itself."""

ROLL: Final = Writer(Renderer.roll)
"""The writer of SVG files with a piano roll in place of the staves."""


def kind_to_write(path: Path) -> FileKind:
    """Return the kind of file to write to ``path``, by its suffix.

    Raises:
        OutputError: abclm does not write such files, or ``path`` cannot be written.
    """
    kind = kind_named(path)
    if kind is not FileKind.ABC and kind not in WRITERS:
        *others, last = (suffixes_of(one)[0] for one in (FileKind.ABC, *WRITERS))
        raise OutputError(f"{path}: give a name that ends in {', '.join(others)} or {last}")
    check_outputs((path, kind))
    return kind


def numbered_paths(tunes: Sequence[Tune], path: Path) -> Iterator[Path]:
    """Yield ``tunes-1.mid`` and so on by ``X:``; a second ``X:1`` is ``tunes-1-2.mid``."""
    used: dict[str, int] = {}
    for place, tune in enumerate(tunes, 1):
        written = tune.value("X") or ""
        number = str(int(written[:9])) if written[:9].isdecimal() else str(place)
        used[number] = used.get(number, 0) + 1
        again = f"-{used[number]}" if used[number] > 1 else ""
        yield path.with_name(f"{path.stem}-{number}{again}{path.suffix or '.mid'}")


def remarks(playback: "Playback", tunes: Sequence[Tune]) -> Iterator[str]:
    """Yield a line for each thing about the playback of ``tunes`` that may surprise the user."""
    if playback.swing and not any(map(swings, tunes)):
        yield "no hornpipe or schottische (R:), so nothing to swing"
    for tune in tunes:
        if any(is_microtone(pitch.accidental) for event in tune.events for pitch in event.pitches):
            number = tune.value("X") or "?"
            yield f"X:{number}: microtones are played as the semitone below"
