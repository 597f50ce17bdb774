"""The tunes of ``tests/tunes/valid`` as MIDI, kept as text so that a difference can be read.

After a change that is meant, ``RENEW_GOLDENS=1 pytest tests/render/test_goldens.py`` writes them
anew; the difference then belongs into the commit.
"""

import os
from pathlib import Path

import pytest

from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.render.midi.midi import TICKS, midi_bytes
from abclm.render.midi.midi_notes import midi_notes

GOLDENS = Path(__file__).parent / "goldens"
TUNES = sorted((Path(__file__).parents[1] / "tunes" / "valid").glob("*.abc"))


def as_text(parsed: Parsed) -> str:
    """A heading and a line ``track start end pitch`` for each note, times in ticks."""
    lines = [f"X:{parsed.tune.value('X')} {parsed.tune.title}"]
    for note in midi_notes(midi_bytes(parsed.tune)):
        assert note.end is not None
        start, end = round(note.start * TICKS), round(note.end * TICKS)
        lines.append(f"{note.track} {start} {end} {note.pitch}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", TUNES, ids=lambda path: path.stem)
def test_the_midi_file_is_what_it_was(path: Path) -> None:
    text = "\n".join(map(as_text, parse_tunebook(path.read_text(encoding="utf-8"))))
    golden = GOLDENS / f"{path.stem}.txt"
    if os.environ.get("RENEW_GOLDENS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_golden_is_left_over() -> None:
    assert {golden.stem for golden in GOLDENS.iterdir()} <= {path.stem for path in TUNES}
