"""A second voice of a few notes is written in the first, with ties and chords."""

import random

from abclm.notation.check.validate import validate
from abclm.reading.abc_writer import write_abc
from abclm.reading.grid import Grid
from abclm.reading.midi_parts import lay_out
from abclm.reading.one_voice import one_voice
from abclm.reading.score import QUARTER
from abclm.reading.tones import RawNote, Tone, snap_notes
from tests.reading.midi_files import SCALE, Line, heard, in_a_row, key, meter, midi, read

COMMON = [(0, meter(4, 4)), (0, key("C"))]
CELLO, PIANO = 42, 0
LOW = tuple(pitch - 12 for pitch in SCALE)


def tones_of(line: Line) -> list[Tone]:
    tones = [
        Tone(int(start * QUARTER), int((start + length) * QUARTER), pitch, 0)
        for start, length, pitch in line
    ]
    return sorted(tones, key=lambda tone: (tone.start, tone.pitch))


def chords_of(line: Line) -> list[tuple[float, float, list[int], list[int]]]:
    """Start, end, pitches and tied pitches of each chord."""
    tones = tones_of(line)
    (voice,) = one_voice(tones, range(len(tones))).voices
    return [
        (
            chord.start / QUARTER,
            chord.end / QUARTER,
            [tones[one].pitch for one in chord.members],
            sorted(tones[one].pitch for one in chord.held),
        )
        for chord in voice
    ]


def voices_of(line: Line, program: int) -> int:
    tones = tones_of(line)
    layout = lay_out(tones, range(len(tones)), voices=None, program=program, alone=True, exact=True)
    return len(layout.staves[0])


def test_a_note_that_sounds_on_under_others_is_tied() -> None:
    assert chords_of([(0, 3, 40), (0, 1, 58), (1, 2, 60)]) == [
        (0, 1, [40, 58], [40]),
        (1, 3, [40, 60], []),
    ]


def test_notes_that_begin_together_may_end_apart() -> None:
    assert chords_of([(0, 1, 40), (0, 1.5, 58)]) == [(0, 1, [40, 58], [58]), (1, 1.5, [58], [])]


def test_a_small_overlap_is_cut_off() -> None:
    line = [(0, 1.25, 60), (1, 1, 62), (2, 1, 64)]
    assert chords_of(line) == [(0, 1, [60], []), (1, 2, [62], []), (2, 3, [64], [])]
    tones = tones_of(line)
    assert one_voice(tones, range(3)).shortened == 1


def test_rests_stay_between_chords() -> None:
    assert [chord[:2] for chord in chords_of([(0, 1, 60), (2, 1, 62)])] == [(0, 1), (2, 3)]


THREE = [
    note
    for start in range(0, 16, 4)
    for note in (
        *in_a_row((72, 74, 76, 77), start=start),
        *in_a_row((64, 65), length=2, start=start),
        (start, 4, 60),
    )
]
"""Quarter notes over half notes over whole notes."""


def test_a_third_layer_is_tied_and_keeps_its_length() -> None:
    score = read(midi(THREE, in_a_row((48,) * 16), meta=COMMON), pickup="0")
    assert len(score.parts[0].voices) == 2
    text = write_abc(score)
    assert "[V:2] [C-E]2 [CF]2 |" in text.text
    assert not text.remarks
    assert not validate(text.text)


def test_a_third_layer_that_was_played_is_shortened() -> None:
    """Where a played note ends says little: ties would show the pedal."""
    rng = random.Random(1)
    line = [(max(0, at + rng.uniform(-0.02, 0.02)), length, pitch) for at, length, pitch in THREE]
    text = write_abc(read(midi(line, in_a_row((48,) * 16), meta=COMMON), pickup="0"))
    assert "[V:2] [CE]2 F2 |" in text.text
    assert "4 notes are shortened" in text.remarks[-1].text


def test_of_two_notes_on_one_pitch_both_end_where_it_is_struck_again() -> None:
    times = [(0, 1), (0, 3), (2, 1)]
    raw = [RawNote(start, start + length, 60, 0) for start, length in times]
    tones = snap_notes(raw, Grid((1, 1, 1), 0.0, 0.0), 0.01)
    assert [(tone.start // QUARTER, tone.end // QUARTER) for tone in tones] == [
        (0, 1),
        (0, 2),
        (2, 3),
    ]


def test_a_few_double_stops_need_no_second_voice() -> None:
    melody = in_a_row(SCALE * 5)
    score = read(midi([*melody, (8, 2, 48)], meta=COMMON), pickup="0")
    assert len(score.voices) == 1
    text = write_abc(score)
    assert "[C,-C] [C,D] E F" in text.text
    assert not validate(text.text)
    (remark,) = text.remarks
    assert (remark.text, remark.option) == (
        "1 note of a second voice is written in the first",
        "--voices",
    )


def test_a_second_voice_of_many_notes_stays() -> None:
    pedal = [(start, 4, 36) for start in range(0, 40, 4)]
    assert voices_of([*in_a_row(LOW * 5), *pedal], PIANO) == 2


def test_a_string_instrument_reads_more_double_stops() -> None:
    line = [*in_a_row(LOW * 5), *((start, 2, 36) for start in range(0, 40, 8))]
    assert voices_of(line, PIANO) == 2
    assert voices_of(line, CELLO) == 1


def test_one_voice_is_one_voice_if_the_user_says_so() -> None:
    line = [*in_a_row(SCALE), *in_a_row((48, 50, 52, 53), length=2)]
    score = read(midi(line, meta=COMMON), pickup="0", voices=1)
    assert len(score.voices) == 1
    assert {(start, pitch) for start, _, pitch in heard(score)} >= {
        (start, pitch) for start, _, pitch in line
    }
