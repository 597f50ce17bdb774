"""Chorales that music21 reads from MusicXML, against what comes back of them as MIDI."""

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.reading.abc_writer import write_abc
from abclm.reading.score import QUARTER
from tests.reading.midi_files import heard, key, meter, midi, notes_of, read

pytestmark = pytest.mark.slow

CHORALES = {"bwv66.6": ("F#m", 1), "bwv269": ("G", 1), "bwv10.7": ("Gm", 0), "bwv26.6": ("Am", 0)}
"""The key, and the quarter notes of the pickup."""

Chorale = tuple[str, list[list[tuple[float, float, int]]], str]


@pytest.fixture(scope="module", params=CHORALES)
def chorale(request: pytest.FixtureRequest) -> Chorale:
    """A name, the notes of four parts, and the meter."""
    corpus = pytest.importorskip("music21.corpus")
    score = corpus.parse(f"bach/{request.param}")
    parts = [
        [
            (float(note.offset), float(note.quarterLength), note.pitch.midi)
            for note in part.stripTies().flatten().notes
        ]
        for part in score.parts
    ]
    return request.param, parts, score.recurse().getElementsByClass("TimeSignature")[0].ratioString


def test_a_chorale_comes_back_note_for_note(chorale: Chorale) -> None:
    name, parts, ratio = chorale
    numerator, denominator = map(int, ratio.split("/"))
    meta = [(0, meter(numerator, denominator)), (0, key(CHORALES[name][0]))]
    score = read(midi(*parts, meta=meta))
    assert heard(score) == sorted(note for part in parts for note in part)
    assert score.measures[0].length == QUARTER * (CHORALES[name][1] or numerator)
    (parsed,) = parse_tunebook(write_abc(score).text)
    played = [
        (4 * float(note.onset), 4 * float(note.duration), pitch)
        for voice in perform(parsed.tune)
        for note in voice.notes
        for pitch in note.pitches
    ]
    assert sorted(played) == heard(score)


def test_meter_pickup_and_key_are_guessed(chorale: Chorale) -> None:
    name, parts, ratio = chorale
    score = read(midi(*parts))
    assert score.measures[1].meter == ratio
    assert score.measures[0].length % score.measures[1].length == QUARTER * CHORALES[name][1]
    assert score.measures[0].key == CHORALES[name][0]


def test_four_parts_in_one_track_come_apart(chorale: Chorale) -> None:
    _, parts, _ = chorale
    score = read(midi([note for part in parts for note in part]), pickup="0")
    assert len(score.voices) == 4
    right = sum(
        len(set(part) & set(notes_of(voice)))
        for part, voice in zip(parts, score.voices, strict=True)
    )
    assert right >= 0.89 * sum(map(len, parts))  # tenor and bass cross in bwv10.7
