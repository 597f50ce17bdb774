"""What ``abclm render`` writes, and how: MIDI, pictures, a page of HTML, sound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from abclm.errors import InputError

if TYPE_CHECKING:
    from abclm.notation.tune.music import Tune
    from abclm.render.engrave.engraving import Engraver
    from abclm.render.sound.playback import Playback

__all__ = ["Outputs", "Write", "write_html", "write_midi", "write_svg", "write_wav"]

Write = Callable[["Tune", Path], None]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that are asked for; `check` before work is spent on them."""

    midi: Path | None
    svg: Path | None
    html: Path | None
    wav: Path | None

    def check(self, file: Path) -> None:
        """See that there is something to write, that it can be written and what it needs is there.

        Args:
            file: what is read, which must stay.

        Raises:
            InputError: nothing is asked for.
            OutputError: a file cannot be written, is the one that is read, or of another kind.
            MissingExtraError: verovio or the synthesiser is not installed.
        """
        from abclm.files import FileKind, check_outputs
        from abclm.render.engrave.engraving import require_verovio
        from abclm.render.sound.audio import require_synthesiser

        if not any((self.midi, self.svg, self.html, self.wav)):
            raise InputError("nothing to render to: give --midi, --svg, --html or --wav and a file")
        check_outputs(
            (self.midi, FileKind.MIDI),
            (self.svg, FileKind.SVG),
            (self.html, FileKind.HTML),
            (self.wav, FileKind.WAV),
            inputs=[file],
        )
        if self.svg is not None or self.html is not None:
            require_verovio("abclm render --svg" if self.svg else "abclm render --html")
        if self.wav is not None:
            require_synthesiser()

    def writers(
        self, playback: "Playback", sound_font: Path | None, engraver: "Engraver"
    ) -> list[tuple[Path, Write]]:
        """The files that hold one tune, each with what writes it."""
        found: list[tuple[Path | None, Write]] = [
            (self.midi, partial(write_midi, playback=playback)),
            (self.svg, partial(write_svg, engraver=engraver)),
            (self.wav, partial(write_wav, playback=playback, sound_font=sound_font)),
        ]
        return [(path, write) for path, write in found if path is not None]


def write_midi(tune: "Tune", path: Path, playback: "Playback") -> None:
    """Write ``tune`` as a MIDI file."""
    from abclm.files import write_atomically
    from abclm.render.midi.midi import midi_bytes

    write_atomically(path, midi_bytes(tune, playback))


def write_svg(tune: "Tune", path: Path, engraver: "Engraver") -> None:
    """Write the staves of ``tune``, its title over them, as an SVG file."""
    from abclm.files import write_atomically
    from abclm.render.engrave.picture import svg_file

    write_atomically(path, svg_file(tune, engraver))


def write_wav(
    tune: "Tune", path: Path, playback: "Playback", sound_font: Path | None = None
) -> None:
    """Write the sound of ``tune`` as a WAV file."""
    from abclm.files import write_atomically
    from abclm.render.midi.midi import midi_bytes
    from abclm.render.sound.audio import wav_bytes

    write_atomically(path, wav_bytes(midi_bytes(tune, playback), sound_font))


def write_html(
    tunes: Sequence["Tune"], path: Path, title: str, engraver: "Engraver"
) -> tuple[str, ...]:
    """Write ``tunes`` as one page of HTML; what could not be engraved, a line each."""
    from abclm.files import write_atomically
    from abclm.render.page.page import build_page

    page = build_page(tunes, title, engraver)
    write_atomically(path, page.text)
    return page.problems
