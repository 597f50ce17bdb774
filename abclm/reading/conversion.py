"""Bytes of a MIDI or MusicXML file become one ABC tune that has been checked."""

from dataclasses import dataclass
from typing import Final

from abclm.errors import InputError
from abclm.notation.check.validate import problems_of
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.problem import Problem
from abclm.reading.abc_writer import write_abc
from abclm.reading.compressed import is_compressed
from abclm.reading.midi import read_midi
from abclm.reading.midi_options import MidiOptions
from abclm.reading.musicxml import read_musicxml
from abclm.reading.score import Remark, Score

__all__ = ["READ_SUFFIXES", "Converted", "convert_bytes"]

READ_SUFFIXES: Final = (".mid", ".midi", ".xml", ".musicxml", ".mxl")
"""The suffixes of the files that are read, in a folder of others."""
_XML_STARTS: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Converted:
    """A file as ABC.

    Attributes:
        abc: one tune, which `validate` finds no problem in; it ends in a line end.
        remarks: what was guessed, left out or changed.
    """

    abc: str
    remarks: tuple[Remark, ...]


def convert_bytes(
    data: bytes, name: str, options: MidiOptions | None = None, *, number: int = 1
) -> Converted:
    """Convert a file, whose kind is told by its first bytes.

    Short bars are written as in the file where a pickup or a short last bar is usual; if the tune
    is not valid so, each of them gets a meter of its own.

    Args:
        data: the bytes of a MIDI, MusicXML or compressed MusicXML file.
        name: its name, for messages and for a missing title.
        options: how to read MIDI.
        number: the reference number of the tune.

    Raises:
        InputError: it is not such a file, or is damaged.
    """
    score = _read(data, name, options or MidiOptions())
    for every_meter in (False, True):
        written = write_abc(score, number=number, every_meter=every_meter)
        problems, strict = _problems(written.text)
        if not problems:
            return Converted(written.text, (*written.remarks, *_uneven(strict)))
    raise InputError(f"{name}: cannot be written as valid ABC: {problems[0].message}")


def _read(data: bytes, name: str, options: MidiOptions) -> Score:
    if data.startswith((b"MThd", b"RIFF")):
        return read_midi(data, name, options)
    if is_compressed(data) or data.lstrip().startswith(_XML_STARTS):
        return read_musicxml(data, name)
    what = "is empty" if not data else "is neither MIDI nor MusicXML"
    raise InputError(f"{name}: {what}")


def _problems(text: str) -> tuple[list[Problem], list[Problem]]:
    """The problems of a tune, and those that ``validate --strict`` finds."""
    (parsed,) = parse_tunebook(text)
    return problems_of(parsed), problems_of(parsed, strict=True)


def _uneven(problems: list[Problem]) -> list[Remark]:
    """What does not add up though it is valid: a last bar that no pickup completes."""
    return [Remark(f"as in the file, the {problems[0].message}")] if problems else []
