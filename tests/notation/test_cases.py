"""Odd but real ABC, one construct a text: the notes it plays and what there is to say of it."""

import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from abclm.notation.check.validate import examine
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.syntax.source import decode_source

CASES = Path(__file__).parent / "cases"
EXPECTED = tomllib.loads((CASES / "expected.toml").read_text(encoding="utf-8"))
KINDS = tomllib.loads((CASES / "kinds.toml").read_text(encoding="utf-8"))
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

Notes = Counter[tuple[Fraction, int, Fraction]]
"""Onset, MIDI number and duration of each note, in quarters."""


def notes_of(written: str) -> Notes:
    found: Notes = Counter()
    for stream in written.split("//"):
        now = Fraction(0)
        for chord in stream.split():
            names, _, length = chord.partition(":")
            duration = Fraction(length)
            found.update((now, number(name), duration) for name in names.split("+") if name != "z")
            now += duration
    return found


def number(name: str) -> int:
    """The MIDI number of a pitch such as ``Bb4``."""
    altered = name.count("#") - name.count("b")
    return NATURALS[name[0]] + altered + 12 * (int(name.lstrip("ABCDEFG#b")) + 1)


def played(text: str) -> Notes:
    tune = parse_tunebook(text)[0].tune
    return Counter(
        (note.onset * 4, pitch, note.duration * 4)
        for voice in perform(tune)
        for note in voice.notes
        for pitch in note.pitches
    )


def check(text: str, expected: dict[str, Any]) -> None:
    found = examine(text)
    rules = [problem.rule for problem in found.problems]
    match expected.get("validate"):
        case "clean":
            assert found.problems == []
        case str(rule):
            assert rule in rules
    if "remarks" in expected:
        assert [remark.rule for remark in found.remarks] == expected["remarks"]
    if "notes" in expected:
        assert played(text) == notes_of(expected["notes"])


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_plays_and_says_what_is_right(name: str) -> None:
    check(decode_source((CASES / f"{name}.abc").read_bytes(), name), EXPECTED[name])


@pytest.mark.parametrize("name", KINDS)
def test_a_text_of_the_same_kind_does_too(name: str) -> None:
    check(KINDS[name]["abc"], KINDS[name])
