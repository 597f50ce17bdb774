"""MusicXML and compressed MusicXML as a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from pathlib import PurePath
from typing import Final
from xml.etree.ElementTree import Element

from abclm.errors import InputError
from abclm.reading.compressed import is_compressed, uncompressed
from abclm.reading.score import QUARTER, Part, Remark, Score, Tempo
from abclm.reading.xml_attributes import number
from abclm.reading.xml_measures import FoundMeasures, find_measures
from abclm.reading.xml_part import PartReader
from abclm.reading.xml_tree import parse_xml
from abclm.reading.xml_voices import Timing, voices_of

__all__ = ["read_musicxml"]

_MOST_DIVISIONS: Final = 10**6
_MOST_CELLS: Final = 1_000_000
"""Measures times voices; a symphony has thirty thousand."""
_DRUM_CHANNEL: Final = 10


@dataclass(slots=True)
class _Instrument:
    """What the list of parts says of one."""

    name: str
    program: int | None
    drums: bool
    midi: dict[str, int]


def read_musicxml(data: bytes, name: str) -> Score:
    """Read a MusicXML file, compressed or not.

    Args:
        data: the bytes of the file.
        name: its name, for messages; without its suffix it is the title if the score has none.

    Raises:
        InputError: it is not a MusicXML score, is damaged, or is larger than any score.
    """
    if is_compressed(data):
        data = uncompressed(data, name)
    root = parse_xml(data, name)
    parts = _parts(root, name)
    quarter = _quarter(root)
    instruments = {one.get("id", ""): _instrument(one) for one in root.iter("score-part")}
    unknown = _Instrument("", None, drums=False, midi={})
    readers: list[tuple[_Instrument, PartReader]] = []
    for part_id, elements in parts:
        instrument = instruments.get(part_id, unknown)
        reader = PartReader(quarter, instrument.midi)
        for element in elements:
            reader.read(element)
        if reader.measures:
            readers.append((instrument, reader))
    if not readers:
        raise InputError(f"{name}: has no measures")
    return _score(root, name, readers, quarter)


def _parts(root: Element, name: str) -> list[tuple[str, list[Element]]]:
    """The ``measure`` elements of each part, or what stands for them in a timewise score."""
    if root.tag == "score-partwise":
        return [(part.get("id", ""), part.findall("measure")) for part in root.findall("part")]
    if root.tag != "score-timewise":
        shown = root.tag if len(root.tag) < 40 else f"{root.tag[:40]}…"
        raise InputError(f"{name}: is not MusicXML: its root is <{shown}>")
    parts: dict[str, list[Element]] = {}
    for measure in root.findall("measure"):
        for part in measure.findall("part"):
            part.attrib.update({"implicit": measure.get("implicit", "no")})
            parts.setdefault(part.get("id", ""), []).append(part)
    return list(parts.items())


def _quarter(root: Element) -> int:
    """Units of time in a quarter note, so that the divisions of all parts and ticks are whole."""
    found = {number(one.text, 1) for one in root.iter("divisions")}
    quarter = QUARTER
    for one in sorted(found):
        if one > 0 and lcm(quarter, one) <= _MOST_DIVISIONS**2:
            quarter = lcm(quarter, one)
    return quarter


def _instrument(element: Element) -> _Instrument:
    program: int | None = None
    drums = False
    midi: dict[str, int] = {}
    for one in element.findall("midi-instrument"):
        drums = drums or number(one.findtext("midi-channel")) == _DRUM_CHANNEL
        value = number(one.findtext("midi-program"))
        if program is None and 0 < value <= 128:
            program = value - 1
        note = number(one.findtext("midi-unpitched"))
        if 0 < note <= 128:
            midi[one.get("id", "")] = note - 1
    return _Instrument(_text(element, "part-name"), program, drums, midi)


def _score(
    root: Element, name: str, readers: Sequence[tuple[_Instrument, PartReader]], quarter: int
) -> Score:
    found = find_measures([reader.measures for _, reader in readers], quarter)
    timing = Timing(quarter, found.starts, found.lengths)
    parts: list[Part] = []
    silent: list[Part] = []
    voices = 0
    for instrument, reader in readers:
        staves = tuple(map(tuple, voices_of(reader, timing)))
        part = Part(staves, instrument.name, instrument.program, instrument.drums)
        voices += len(part.voices)
        if voices * len(found.measures) > _MOST_CELLS:
            raise InputError(f"{name}: has more measures and voices than any score")
        has_notes = any(voice.notes for voice in part.voices)
        (parts if has_notes else silent).append(part)
    remarks = list(found.remarks)
    if parts and silent:
        names = ", ".join(part.name or "without a name" for part in silent[:3])
        remarks.append(Remark(f"parts without notes were left out: {names}"))
    return Score(
        found.measures,
        tuple(parts or silent[:1]),
        _title(root, name),
        _creators(root, "composer"),
        _text(root, "identification/source"),
        "\n".join(_plain(one) for one in root.iterfind("identification/rights")),
        _tempos(readers, found, timing),
        tuple(remarks),
    )


def _tempos(
    readers: Sequence[tuple[_Instrument, PartReader]], found: FoundMeasures, timing: Timing
) -> tuple[Tempo, ...]:
    """The changes of tempo, from the first part that says one."""
    tempos: dict[int, Tempo] = {}
    for _, reader in readers:
        for index, measure in enumerate(reader.measures):
            for units, beats, beat in measure.tempos:
                start = found.starts[index] + timing.ticks(units)
                tempos.setdefault(start, Tempo(start, beats, beat))
    changes: list[Tempo] = []
    for _, tempo in sorted(tempos.items()):
        if not changes or (changes[-1].beats, changes[-1].beat) != (tempo.beats, tempo.beat):
            changes.append(tempo)
    return tuple(changes)


def _title(root: Element, name: str) -> str:
    work, movement = _text(root, "work/work-title"), _text(root, "movement-title")
    if work and movement and movement not in work:
        return movement if work in movement else f"{work}: {movement}"
    printed = [
        _text(one, "credit-words")
        for one in root.findall("credit")
        if one.findtext("credit-type") == "title"
    ]
    return work or movement or next(filter(None, printed), "") or PurePath(name).stem


def _creators(root: Element, kind: str) -> str:
    found = root.findall(f"identification/creator[@type='{kind}']")
    return ", ".join(filter(None, map(_plain, found)))


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return _plain(found) if found is not None else ""


def _plain(element: Element) -> str:
    return " ".join((element.text or "").split())
