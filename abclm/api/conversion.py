"""Files of MIDI and MusicXML as tunes: `abclm.convert`, and many files at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abclm.api.tune import Tune
from abclm.corpus.source_files import SCORES, files_of
from abclm.errors import AbclmError, InputError
from abclm.files import read_bytes
from abclm.reading.conversion import convert_bytes
from abclm.reading.midi_options import MidiOptions
from abclm.reading.score import Remark

__all__ = ["Conversion", "convert", "convert_files", "files_to_convert"]

_MOST: Final = 64 * 2**20
"""Bytes of the largest file that is read."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """The result for one file: a tune, or why there is none.

    Attributes:
        path: the file.
        tune: what it became; None if it could not be read.
        remarks: what was guessed, left out or changed.
        error: why it could not be read, in a line; empty if it could.
    """

    path: Path
    tune: Tune | None = None
    remarks: tuple[Remark, ...] = ()
    error: str = ""

    def lines(self) -> list[str]:
        """Return what to tell the user about the file."""
        if self.error:
            return [self.error]
        return [
            f"{self.path}: {remark.text}" + (f" ({remark.option})" if remark.option else "")
            for remark in self.remarks
        ]


def convert(
    path: str | os.PathLike[str],
    *,
    meter: str | None = None,
    key: str | None = None,
    pickup: str | None = None,
    grid: str | None = None,
    voices: int | None = None,
    performance: bool = False,
    say: Callable[[str], None] | None = None,
) -> Tune:
    """Convert a file of MIDI (``.mid``) or MusicXML (``.musicxml``, ``.xml``, ``.mxl``) to ABC.

    Args:
        path: the file.
        meter: the meter of a MIDI file, such as ``3/4``; this and the rest are guessed if None.
        key: its key, such as ``Am``.
        pickup: the length of its pickup in whole notes, such as ``1/4``; ``0`` for none.
        grid: its shortest notes: ``16``, or ``16+24`` with triplets.
        voices: the number of voices that one track is separated into.
        performance: whether it was played, so that its beats are found from the notes.
        say: called with a line for each thing that was guessed, left out or changed.

    Returns:
        One tune without problems; several voices are written in systems.

    Raises:
        InputError: it cannot be read, is damaged, or is of another kind.

    Example:
        >>> abclm.convert("piece.mid", meter="3/4").save("piece.abc")  # doctest: +SKIP
    """
    options = MidiOptions(meter, key, pickup, grid, voices, performance)
    done = _convert(Path(path), options, 1)
    if say is not None:
        for line in done.lines():
            say(line)
    if done.tune is None:
        raise InputError(done.error)
    return done.tune


def convert_files(
    paths: Iterable[Path], options: MidiOptions | None = None
) -> Iterator[Conversion]:
    """Yield the result for each file; the tunes are numbered from 1 on.

    Args:
        paths: the files; ``-`` is not one of them.
        options: how to read MIDI.
    """
    number = 1
    for path in paths:
        try:
            done = _convert(path, options or MidiOptions(), number)
        except AbclmError as error:
            done = Conversion(path, error=str(error))
        number += done.tune is not None
        yield done


def files_to_convert(paths: Sequence[Path]) -> list[Path]:
    """Return the files to convert: those given, and those of each folder, also of inner ones.

    Raises:
        InputError: a folder cannot be read, or has none.
    """
    return list(files_of(paths, SCORES))


def _convert(path: Path, options: MidiOptions, number: int) -> Conversion:
    converted = convert_bytes(read_bytes(path, _MOST), str(path), options, number=number)
    return Conversion(path, Tune(converted.abc), converted.remarks)
