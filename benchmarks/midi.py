"""MIDI to ABC and back, beside midi2abc, music21 and partitura.

    python benchmarks/midi.py [COUNT]

Writes COUNT pieces of each kind (20) of music21's corpus as MIDI with mido, reads them, writes ABC,
plays that with abc2midi and with abclm, and prints the onset F1 bar by bar; the same for midi2abc,
and for the notes that music21 and partitura read. A dash: not installed. What was guessed is
measured, held out, by ``benchmarks/midi_weights.py``.
"""

import importlib.util
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from midi_pieces import (
    Onset,
    Performance,
    Piece,
    as_midi,
    f1_by_bar,
    pieces,
    score_onsets,
)
from music21 import converter

from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.reading.abc_writer import write_abc
from abclm.reading.midi import read_midi
from abclm.reading.midi_options import MidiOptions
from abclm.reading.midi_reader import read_midi_file
from abclm.reading.score import QUARTER
from abclm.reading.voices import separate
from abclm.render.midi.midi import midi_bytes

LIMIT = 60
"""Seconds that a program may take for a piece."""
WAYS = {
    "as written": Performance(),
    "no meter, no key": Performance(meta=False),
    "one track": Performance(merged=True),
    "+-20 ms": Performance(jitter=0.02, tempo=100),
    "+-20 ms, one track": Performance(jitter=0.02, merged=True, tempo=100),
    "8 % drift": Performance(meta=False, drift=0.08, tempo=100),
    "8 % drift, +-20 ms, no tempo": Performance(meta=False, drift=0.08, jitter=0.02, tempo=120),
}
KINDS = ("chorales", "lines", "quartets", "piano")


def main() -> None:
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    names = ["score", *READERS]
    print(f"{'':<40}" + "".join(f"{name:>16}" for name in (*names, "invalid", "ms a note")))
    for kind in KINDS:
        every = pieces(kind)
        chosen = every[:: max(1, len(every) // count)][:count]
        for way, how in WAYS.items():
            row(f"{kind}, {way}", chosen, how)
    voices(pieces("chorales"))


def row(name: str, chosen: list[Piece], how: Performance) -> None:
    """Print the mean and the smallest F1 of each reader."""
    figures: dict[str, list[float]] = {reader: [] for reader in ("score", *READERS)}
    invalid, seconds, notes = 0, 0.0, 0
    options = MidiOptions(performance=how.drift > 0)
    for seed, piece in enumerate(chosen):
        data = as_midi(piece, how, seed)
        began = time.perf_counter()
        score = read_midi(data, "piece.mid", options)
        text = write_abc(score).text
        seconds += time.perf_counter() - began
        notes += len(piece.onsets)
        invalid += bool(validate(text))
        figures["score"].append(f1_by_bar(piece, score_onsets(score)))
        for reader, read in READERS.items():
            if how.drift and reader not in {"abclm", "abc2midi"}:
                continue
            try:
                found = read(data, text)
            except Exception:  # noqa: BLE001 a reader that fails has found nothing
                found = []
            if found is not None:
                figures[reader].append(f1_by_bar(piece, found))
    cells = [
        f"{sum(one) / len(one):.4f} {min(one):.3f}" if one else "-" for one in figures.values()
    ]
    cells += [str(invalid), f"{1000 * seconds / notes:.2f}"]
    print(f"{name:<40}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def by_abclm(data: bytes, text: str) -> list[Onset]:  # noqa: ARG001
    return file_onsets(midi_bytes(parse_tunebook(text)[0].tune))


def by_abc2midi(data: bytes, text: str) -> list[Onset]:  # noqa: ARG001
    return played(text)


def by_midi2abc(data: bytes, text: str) -> list[Onset]:  # noqa: ARG001
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "in.mid").write_bytes(data)
        command = ["midi2abc", "in.mid", "-o", "out.abc"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=LIMIT)
        return played(Path(folder, "out.abc").read_text(encoding="utf-8", errors="replace"))


def by_music21(data: bytes, text: str) -> list[Onset]:  # noqa: ARG001
    score = converter.parse(data, format="midi").stripTies()
    return [
        (round(element.offset * QUARTER), pitch.midi)
        for element in score.flatten().notes
        for pitch in element.pitches
    ]


def by_partitura(data: bytes, text: str) -> list[Onset] | None:  # noqa: ARG001
    if importlib.util.find_spec("partitura") is None:
        return None
    module = importlib.import_module("partitura")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "in.mid")
        path.write_bytes(data)
        table = module.load_score_midi(str(path)).note_array()
    first = min(table["onset_quarter"])
    return [(round((one["onset_quarter"] - first) * QUARTER), int(one["pitch"])) for one in table]


READERS: dict[str, Callable[[bytes, str], list[Onset] | None]] = {
    "abc2midi": by_abc2midi,
    "abclm": by_abclm,
    "midi2abc": by_midi2abc,
    "music21": by_music21,
    "partitura": by_partitura,
}


def played(text: str) -> list[Onset]:
    """The notes of ABC as abc2midi plays it, without guitar chords and fermatas."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "in.abc").write_text(text, encoding="utf-8")
        command = ["abc2midi", "in.abc", "-NGUI", "-NFER", "-quiet", "-o", "out.mid"]
        subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=LIMIT)
        return file_onsets(Path(folder, "out.mid").read_bytes())


def file_onsets(data: bytes) -> list[Onset]:
    """The notes of a MIDI file."""
    file = read_midi_file(data, "played.mid")
    return [(round(note.start * QUARTER / file.division), note.pitch) for note in file.notes]


def voices(chosen: list[Piece]) -> None:
    """Print the share of notes of merged chorales that come into the right voice."""
    shares = []
    for piece in chosen:
        tones = piece.tones
        pitches = [[tone.pitch for tone in tones if tone.part == part] for part in range(4)]
        order = sorted(range(4), key=lambda part: -sum(pitches[part]) / max(1, len(pitches[part])))
        allowed: dict[Onset, set[int]] = {}
        for tone in tones:
            allowed.setdefault((tone.start, tone.pitch), set()).add(order.index(tone.part))
        found = separate(tones, 4)
        right = sum(v in allowed[t.start, t.pitch] for t, v in zip(tones, found, strict=True))
        shares.append(right / len(tones))
    mean = sum(shares) / len(shares)
    print(f"{len(shares)} merged chorales: {mean:.4f} of the notes in their own voice")


if __name__ == "__main__":
    main()
