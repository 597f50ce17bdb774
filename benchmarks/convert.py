"""MusicXML files through ABC and back: are the notes the same, and how long does it take?

    python benchmarks/convert.py [FOLDER …] [--abc2midi] [--list N]

Without a folder it reads the MusicXML files of music21's corpus. The notes of each file are read by
a reader of its own below; those of the ABC text come from the MIDI file that ``abclm render``, or
abc2midi, makes of it. A note is found if one of its pitch starts within a 64th of it in its bar.
Graces, repeats and signs that change when notes sound are left out on both sides.
"""

import argparse
import io
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from abclm.errors import AbclmError
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.reading.abc_writer import write_abc
from abclm.reading.musicxml import read_musicxml
from abclm.reading.score import Score
from abclm.render.abcmidi import run_abc2midi
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.sound.playback import Playback

SUFFIXES = {".xml", ".musicxml", ".mxl"}
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NEAR = 1 / 16
"""Quarter notes."""
TIMEOUT = 60.0
TYPES = {
    name: Fraction(4, 2**power)
    for power, name in enumerate(["whole", "half", "quarter", "eighth", "16th", "32nd", "64th"])
}
"""Quarter notes."""
SNAP = 20160
"""Parts of a quarter note that hold those of tuplets up to ten."""
FAR = 0.15
"""Quarter notes; abc2midi plays the notes of a chord one after the other."""
Notes = set[tuple[Fraction, int]]
"""Onset in quarter notes, and MIDI number."""


class Heard(NamedTuple):
    """A note of a measure: times in quarter notes, and whether a tie starts or stops at it."""

    onset: Fraction
    length: Fraction
    pitch: int
    voice: str
    tied: bool
    stops: bool


@dataclass
class Row:
    """What was counted in a group of files."""

    files: int = 0
    refused: int = 0
    failed: int = 0
    invalid: int = 0
    strict: int = 0
    notes: int = 0
    seconds: float = 0.0
    scores: list[float] = field(default_factory=list)


def main() -> None:
    """Convert every file and print a row for each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path)
    parser.add_argument("--abc2midi", action="store_true", help="play with abc2midi")
    parser.add_argument("--list", type=int, default=10, help="how many of the worst to name")
    parser.add_argument("--only", default="", help="files whose path contains this")
    asked = parser.parse_args()
    rows: defaultdict[str, Row] = defaultdict(Row)
    worst: list[tuple[float, str]] = []
    for folder in asked.folder or [music21_corpus()]:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and asked.only in str(path):
                group = (
                    path.relative_to(folder).parts[0]
                    if len(path.relative_to(folder).parts) > 1
                    else folder.name
                )
                score = measure(path, rows[group], with_abc2midi=asked.abc2midi)
                worst.append((score, str(path.relative_to(folder))))
    print_table(rows)
    for score, name in sorted(worst)[: asked.list]:
        print(f"{score:.4f}  {name}")


def music21_corpus() -> Path:
    """Return the folder of scores inside the installed package."""
    import music21  # noqa: PLC0415 - heavy, and not always needed

    return Path(music21.__file__).parent / "corpus"


def measure(path: Path, row: Row, *, with_abc2midi: bool) -> float:
    """Convert a file, count it, and return the F1 of its onsets."""
    row.files += 1
    data = path.read_bytes()
    started = time.process_time()
    try:
        score = read_musicxml(data, path.name)
        written = write_abc(score)
    except AbclmError as error:
        print(f"{path.name}: {error}")
        row.refused += 1
        return 0.0
    except Exception as error:  # noqa: BLE001 - what must not happen is counted
        print(f"{path.name}: {type(error).__name__}: {error}")
        row.failed += 1
        return 0.0
    row.seconds += time.process_time() - started
    row.notes += sum(len(note.pitches) for voice in score.voices for note in voice.notes)
    row.invalid += bool(validate(written.text))
    row.strict += not validate(written.text, strict=True)
    bars, notes = notes_of(data)
    text = write_abc(plain(score)).text
    try:
        heard = list(played(text, with_abc2midi=with_abc2midi))
    except AbclmError as error:
        print(f"{path.name}: {error}")
        heard = []
    near = FAR if with_abc2midi else NEAR
    result = f1(by_bar(bars, notes), by_bar(bars, heard), near)
    row.scores.append(result)
    return result


def plain(score: Score) -> Score:
    """Return the score without what changes the times of its notes."""
    parts = []
    for part in score.parts:
        staves = tuple(
            tuple(
                replace(
                    voice,
                    notes=tuple(
                        replace(note, graces=(), symbols=(), texts=()) for note in voice.notes
                    ),
                    chords=(),
                )
                for voice in staff
            )
            for staff in part.staves
        )
        parts.append(replace(part, staves=staves))
    measures = tuple(replace(one, opens=False, closes=False, endings=()) for one in score.measures)
    return replace(score, parts=tuple(parts), measures=measures, tempos=())


def played(text: str, *, with_abc2midi: bool) -> Iterator[tuple[float, int]]:
    """Yield the notes of the MIDI file made of an ABC text."""
    if with_abc2midi:
        quiet = text.replace("\nK:", "\n%%MIDI chordattack 0\n%%MIDI gchordoff\nK:", 1)
        data = run_abc2midi(quiet, timeout=TIMEOUT).midi or b""
    else:
        data = midi_bytes(parse_tunebook(text)[0].tune, Playback(chords=False))
    for note in midi_notes(data) if data else ():
        yield note.start, note.pitch


def by_bar(
    bars: list[Fraction], notes: Iterable[tuple[Fraction | float, int]]
) -> dict[tuple[int, int], list[float]]:
    """Return the onsets in each bar by pitch; those that coincide count once."""
    found: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    place = 0
    for onset, pitch in sorted({(round(float(onset), 4), pitch) for onset, pitch in notes}):
        while place + 1 < len(bars) and bars[place + 1] <= onset + NEAR / 2:
            place += 1
        onsets = found[place, pitch]
        if not onsets or onset - float(bars[place]) - onsets[-1] > NEAR:
            onsets.append(onset - float(bars[place]))
    return found


def f1(
    real: dict[tuple[int, int], list[float]],
    heard: dict[tuple[int, int], list[float]],
    near: float,
) -> float:
    """Return the harmonic mean of precision and recall."""
    hits = 0
    for place, onsets in real.items():
        others = list(heard.get(place, ()))
        for onset in onsets:
            close = [other for other in others if abs(other - onset) <= near]
            if close:
                others.remove(min(close, key=lambda other: abs(other - onset)))
                hits += 1
    total = sum(map(len, real.values())) + sum(map(len, heard.values()))
    return 2 * hits / total if total else 1.0


def notes_of(data: bytes) -> tuple[list[Fraction], Notes]:
    """Return where the bars of a MusicXML file start, and its notes; tied notes count once."""
    root = ET.fromstring(unzipped(data))
    parts = [part.findall("measure") for part in root.findall("part")]
    drums = {
        one.get("id"): int(one.findtext("midi-unpitched") or 0) - 1
        for one in root.iter("midi-instrument")
        if one.find("midi-unpitched") is not None
    }
    read = [list(bars_of(part, drums)) for part in parts]
    lengths = [
        max(part[number][0] for part in read if number < len(part))
        or max(part[number][1] for part in read if number < len(part))
        for number in range(max(map(len, read)))
    ]
    starts = [Fraction(0), *accumulate(lengths)]
    notes: Notes = set()
    for part in read:
        placed = [
            (starts[number] + note.onset, note)
            for number, one in enumerate(part)
            for note in one[2]
        ]
        held = {(start + note.length, note.pitch) for start, note in placed if note.tied}
        own = {(start + note.length, note[2:4]) for start, note in placed if note.tied}
        notes |= {
            (start, note.pitch)
            for start, note in placed
            if (start, note[2:4]) not in own and not (note.stops and (start, note.pitch) in held)
        }
    return starts, notes


def unzipped(data: bytes) -> bytes:
    """Return the score of a compressed file, another file as it is."""
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [one for one in archive.namelist() if not one.startswith("META-INF")]
        return archive.read(next(one for one in names if one.endswith((".xml", ".musicxml"))))


def bars_of(
    measures: list[ET.Element], drums: dict[str | None, int]
) -> Iterator[tuple[Fraction, Fraction, list[Heard]]]:
    """Yield each measure: the length of its music, of its full-bar rests, and its notes."""
    divisions, shift = 1, 0
    for measure in measures:
        now = end = rest = before = Fraction(0)
        found: list[Heard] = []
        for element in measure:
            length = length_of(element, divisions)
            if element.tag == "attributes":
                divisions = int(element.findtext("divisions") or divisions)
                moved = element.find("transpose")
                if moved is not None:
                    shift = int(moved.findtext("chromatic") or 0)
                    shift += 12 * int(moved.findtext("octave-change") or 0)
            elif element.tag == "backup":
                now = Fraction(round((now - length) * SNAP), SNAP)
            elif element.tag == "forward":
                now += length
                end = max(end, now)
            elif element.tag == "note" and element.find("grace") is None:
                onset = before if element.find("chord") is not None else now
                pitch = pitch_of(element, shift, drums)
                if pitch is not None and length and element.find("cue") is None:
                    voice = element.findtext("voice") or ""
                    ties = {
                        one.get("type")
                        for path in ("tie", "notations/tied")
                        for one in element.findall(path)
                    }
                    found.append(
                        Heard(onset, length, pitch, voice, "start" in ties, "stop" in ties)
                    )
                before = onset
                now += length if element.find("chord") is None else 0
                whole = element.find("rest")
                if whole is not None and whole.get("measure") == "yes":
                    rest = max(rest, now)
                else:
                    end = max(end, now)
        yield end, rest, found


def length_of(element: ET.Element, divisions: int) -> Fraction:
    """Return a length in quarter notes; files round those of tuplets, so their type counts."""
    length = Fraction(element.findtext("duration") or 0) / divisions
    type_of_note = element.findtext("type") or ""
    if element.find("time-modification") is None or type_of_note not in TYPES:
        return length
    actual, normal = (
        int(element.findtext(f"time-modification/{name}-notes") or 1)
        for name in ("actual", "normal")
    )
    dots = len(element.findall("dot"))
    exact = TYPES[type_of_note] * (2 - Fraction(1, 2**dots)) * normal / actual
    return exact if abs(exact - length) < Fraction(1, divisions) else length


def pitch_of(element: ET.Element, shift: int, drums: dict[str | None, int]) -> int | None:
    """Return the MIDI number that a note sounds; None for a rest."""
    pitch = element.find("pitch")
    if pitch is not None:
        octave = int(pitch.findtext("octave") or 4)
        alteration = int(float(pitch.findtext("alter") or 0))
        return SEMITONES[pitch.findtext("step") or "C"] + alteration + 12 * (octave + 1) + shift
    drum = element.find("unpitched")
    if drum is None:
        return None
    instrument = element.find("instrument")
    if instrument is not None and instrument.get("id") in drums:
        return drums[instrument.get("id")]
    octave = int(drum.findtext("display-octave") or 4)
    return SEMITONES[drum.findtext("display-step") or "B"] + 12 * (octave + 1)


def print_table(rows: dict[str, Row]) -> None:
    """Print a row for each group, and one for all."""
    total = Row()
    heads = "files", "refused", "failed", "invalid", "strict", "notes", "F1", "least", "ms a note"
    print(f"{'':14}" + "".join(f"{head:>10}" for head in heads))
    for name, row in sorted(rows.items()):
        print_row(name, row)
        for key, value in vars(row).items():
            setattr(total, key, getattr(total, key) + value)
    print_row("all", total)


def print_row(name: str, row: Row) -> None:
    mean = sum(row.scores) / len(row.scores) if row.scores else 0.0
    counts = row.files, row.refused, row.failed, row.invalid, row.strict, row.notes
    figures = "".join(f"{count:>10,}" for count in counts)
    speed = 1000 * row.seconds / max(1, row.notes)
    print(f"{name:14}{figures}{mean:>10.4f}{min(row.scores, default=0):>10.4f}{speed:>10.3f}")


if __name__ == "__main__":
    main()
