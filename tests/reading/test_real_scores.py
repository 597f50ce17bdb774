"""The MusicXML scores inside music21's package: all are read, and music21 hears the same notes."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import music21
import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.reading.abc_writer import write_abc
from abclm.reading.conversion import convert_bytes
from abclm.reading.musicxml import read_musicxml

CORPUS = Path(music21.__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.suffix in {".xml", ".mxl", ".musicxml"})
SAMPLE = (
    "bach/bwv66.6.mxl",
    "bach/bwv101.7.mxl",
    "monteverdi/madrigal.3.6.mxl",
    "mozart/k80/movement3.mxl",
    "schumann_clara/polonaise_op1n1.mxl",
    "trecento/PMFC_06_10-I senti gia come l_arco.xml",
)

Notes = set[tuple[Fraction, int]]
"""Onset in quarter notes, and MIDI number."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
def test_the_notes_are_those_that_music21_reads(name: str) -> None:
    """In written order, without repeats and grace notes; tied notes count once."""
    assert notes_of_abc(CORPUS / name) == notes_of_music21(CORPUS / name)


@pytest.mark.slow
@pytest.mark.parametrize("group", sorted({path.relative_to(CORPUS).parts[0] for path in FILES}))
def test_every_score_becomes_a_valid_tune(group: str) -> None:
    for path in FILES:
        if path.relative_to(CORPUS).parts[0] == group:
            assert convert_bytes(path.read_bytes(), path.name).abc.startswith("X:1\n")


def notes_of_abc(path: Path) -> Notes:
    score = read_musicxml(path.read_bytes(), path.name)
    straight = [replace(one, opens=False, closes=False, endings=()) for one in score.measures]
    text = write_abc(replace(score, measures=tuple(straight))).text
    (parsed,) = parse_tunebook(text)
    return {
        (note.onset * 4, pitch)
        for voice in perform(parsed.tune)
        for note in voice.notes
        for pitch in note.pitches
    }


def notes_of_music21(path: Path) -> Notes:
    score = music21.converter.parse(path, forceSource=True)
    sounding = score.toSoundingPitch().stripTies()
    return {
        (Fraction(element.offset).limit_denominator(5040), pitch.midi)
        for element in sounding.flatten().notes
        if element.quarterLength and not isinstance(element, music21.harmony.Harmony)
        for pitch in element.pitches
    }
