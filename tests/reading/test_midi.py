"""MIDI files become scores: what is written in them is kept, what is not is guessed and said."""

import random
from fractions import Fraction

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.notation.check.validate import validate
from abclm.reading.abc_writer import write_abc
from abclm.reading.accents import FEATURES, SLOT, accents
from abclm.reading.score import QUARTER, Pitch, Score, Tempo
from abclm.reading.tones import Tone
from tests.reading.midi_files import SCALE, Line, heard, in_a_row, key, meter, midi, read

COMMON = [(0, meter(4, 4)), (0, key("C"))]


def test_notes_keep_their_times_and_pitches() -> None:
    line = [(0, 1.5, 60), (1.5, 0.5, 62), (2, 0.25, 64), (2.25, 0.75, 66), (3, 5, 67)]
    score = read(midi(line, meta=COMMON), pickup="0")
    assert heard(score) == line
    assert [(measure.start, measure.meter, measure.key) for measure in score.measures] == [
        (0, "4/4", "C"),
        (4 * QUARTER, "4/4", "C"),
    ]
    assert not score.remarks


@pytest.mark.parametrize("parts", [3, 5, 6, 7, 9, 12, 16])
def test_tuplets_are_exact_whatever_the_division_of_the_file(parts: int) -> None:
    line = [
        *in_a_row(SCALE),
        *((8 + n / parts, 1 / parts, 60 + n) for n in range(parts)),
        (9, 3, 60),
    ]
    for division in (480, 384, 960, 120):
        score = read(midi(line, meta=COMMON, division=division), pickup="0")
        starts = [start for start, _, _ in heard(score)]
        assert starts == [float(Fraction(start).limit_denominator(16)) for start, _, _ in line]


def test_shortened_notes_reach_the_next_onset() -> None:
    line = [(place, 0.94, pitch) for place, pitch in enumerate(SCALE)]
    assert heard(read(midi(line, meta=COMMON), pickup="0"))[:-1] == in_a_row(SCALE)[:-1]


def test_no_note_is_empty() -> None:
    line = [(0, 0, 60), (0.001, 0, 62), (1, 0.002, 64), (1, 1, 65), (2, 2, 60)]
    assert all(length > 0 for _, length, _ in heard(read(midi(line))))


def test_notes_begun_twice_end_where_they_begin_again() -> None:
    line = [(0, 4, 60), (1, 1, 60), (2, 2, 64)]
    assert (0, 1, 60) in heard(read(midi(line, meta=COMMON), pickup="0"))


def test_meters_keys_and_tempos_change_where_the_file_says() -> None:
    meta = [
        *COMMON,
        (0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(90))),
        (4, meter(3, 4)),
        (4, key("Gm")),
        (7, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(120))),
    ]
    score = read(midi(in_a_row(SCALE + SCALE[:2]), meta=meta))
    assert [measure.meter for measure in score.measures] == ["4/4", "3/4", "3/4"]
    assert [measure.key for measure in score.measures] == ["C", "Gm", "Gm"]
    assert score.tempos == (Tempo(0, 90), Tempo(7 * QUARTER, 120))


def test_notes_that_abc_cannot_write_are_moved_by_an_octave() -> None:
    score = read(midi(in_a_row([0, 13, 60, 118, 127]), meta=COMMON), pickup="0")
    assert [pitch for _, _, pitch in heard(score)] == [12, 25, 60, 106, 115]
    assert not validate(write_abc(score).text)
    (remark,) = score.remarks
    assert remark.text == "4 notes are moved by an octave, into the range of ABC"


def test_absurd_meters_are_left_out() -> None:
    meta = [*COMMON, (4, meter(255, 1))]
    assert {one.meter for one in read(midi(in_a_row(SCALE), meta=meta)).measures} == {"4/4"}


def test_drums_before_the_music_are_kept() -> None:
    drums = in_a_row([36, 42] * 6)
    score = read(midi(in_a_row(SCALE, start=4), drums, meta=COMMON, channels=(0, 9)), pickup="0")
    assert heard(score) == sorted([*in_a_row(SCALE, start=4), *drums])


def test_a_short_first_measure_is_a_pickup() -> None:
    meta = [(0, meter(1, 4)), (1, meter(4, 4)), (0, key("C"))]
    measures = read(midi(in_a_row([*SCALE, 72]), meta=meta)).measures
    assert [(measure.length // QUARTER, measure.meter) for measure in measures[:2]] == [
        (1, "4/4"),
        (4, "4/4"),
    ]


def test_silence_before_the_music_is_left_out() -> None:
    score = read(midi(in_a_row(SCALE, start=11), meta=COMMON))
    assert score.measures[0].length == QUARTER
    assert heard(score)[0] == (0, 1, 60)


def test_the_last_measure_completes_the_pickup() -> None:
    score = read(midi(in_a_row(SCALE), meta=COMMON), pickup="1/4")
    assert [measure.length // QUARTER for measure in score.measures] == [1, 4, 3]


def test_every_guess_is_said_with_its_option() -> None:
    score = read(midi(in_a_row(SCALE * 4)))
    assert {remark.option for remark in score.remarks} == {"--meter", "--pickup", "--key"}
    said = read(midi(in_a_row(SCALE * 4)), meter="3/4", pickup="1/4", key="Am")
    assert not said.remarks
    assert (said.measures[1].meter, said.measures[1].key, said.measures[0].length) == (
        "3/4",
        "Am",
        QUARTER,
    )


def test_pitches_are_spelled_by_the_key() -> None:
    flats = read(
        midi(in_a_row([70, 68, 67, 65, 63, 62, 63, 65, 67, 68, 70, 75]), meta=[(0, key("Eb"))])
    )
    assert {pitch.alteration for pitch in names(flats)} == {0, -1}
    sharps = read(midi(in_a_row([69, 71, 73, 71, 76, 75, 76, 69]), meta=[(0, key("A"))]))
    assert [pitch.letter for pitch in names(sharps)] == list("ABCBEDEA")


def names(score: Score) -> list[Pitch]:
    return [pitch for voice in score.voices for note in voice.notes for pitch in note.pitches]


def test_tracks_stay_apart_and_drums_are_said() -> None:
    score = read(midi(in_a_row(SCALE), in_a_row([36, 42] * 4), meta=COMMON, channels=(0, 9)))
    assert [part.drums for part in score.parts] == [False, True]
    assert score.parts[1].voices[0].clef == "perc"


def test_chords_are_one_note_with_several_pitches() -> None:
    line = [(beat, 1, pitch) for beat in range(4) for pitch in (60, 64, 67)]
    (voice,) = read(midi(line, meta=COMMON), pickup="0", voices=1).voices
    assert [len(note.pitches) for note in voice.notes] == [3] * 4


def test_four_parts_in_one_track_are_separated() -> None:
    lines = [
        in_a_row(pitches)
        for pitches in ((72, 74, 76, 74), (67, 67, 67, 65), (64, 62, 60, 62), (48, 47, 48, 50))
    ]
    merged = [note for line in lines for note in line] * 1
    score = read(midi(merged, meta=COMMON), pickup="0")
    assert [[note.pitches[0].letter for note in voice.notes] for voice in score.voices] == [
        ["C", "D", "E", "D"],
        ["G", "G", "G", "F"],
        ["E", "D", "C", "D"],
        ["C", "B", "C", "D"],
    ]
    assert [len(staff) for staff in score.parts[0].staves] == [2, 2]
    assert [remark.option for remark in score.remarks] == ["--voices"]


def test_a_piano_has_two_staves_of_two_voices_at_most() -> None:
    rng = random.Random(2)
    line = [
        (start / 2, rng.choice((0.5, 1, 2, 3)), rng.randrange(36, 90))
        for start in range(60)
        for _ in range(4)
    ]
    score = read(midi(line, meta=COMMON), pickup="0")
    (part,) = score.parts
    assert len(part.staves) == 2
    assert all(len(staff) <= 2 for staff in part.staves)
    onsets = {(start, pitch) for start, _, pitch in heard(score)}
    assert onsets == {(start, pitch) for start, _, pitch in line}
    assert any("shortened" in remark.text for remark in score.remarks)


def test_played_notes_fall_on_the_grid() -> None:
    rng = random.Random(3)
    exact = in_a_row(SCALE * 4, 0.5)
    line = [
        (max(0, start + rng.uniform(-0.04, 0.04)), length * 0.9, pitch)
        for start, length, pitch in exact
    ]
    score = read(midi(line, meta=COMMON), pickup="0")
    assert [(start, pitch) for start, _, pitch in heard(score)] == [
        (start, pitch) for start, _, pitch in exact
    ]
    assert [remark.option for remark in score.remarks] == ["--performance"]


def test_a_played_file_is_read_by_its_own_beats() -> None:
    exact = in_a_row((60, 62, 64, 65, 67, 65, 64, 62) * 8)
    line = [(at * 1.21 * (1 + at / 1500), length, pitch) for at, length, pitch in exact]
    score = read(midi(line), performance=True, pickup="0", meter="4/4")
    assert [start for start, _, _ in heard(score)] == [start for start, _, _ in exact]


def test_grid_names_the_shortest_notes() -> None:
    line = [(0, 1, 60), (1, 1 / 3, 62), (4 / 3, 1 / 3, 64), (5 / 3, 1 / 3, 65), (2, 2, 60)]
    assert all(2 * start % 1 == 0 for start, _, _ in heard(read(midi(line), grid="8")))
    assert heard(read(midi(line, meta=COMMON), grid="8+12", pickup="0"))[2][0] == 4 / 3


@pytest.mark.parametrize(
    "option",
    [
        {"meter": "four"},
        {"pickup": "-1"},
        {"pickup": "x"},
        {"key": "H"},
        {"grid": "11"},
        {"voices": 0},
        {"voices": 99},
        {"grid": ""},
    ],
)
def test_an_option_that_makes_no_sense_is_one_line(option: dict[str, object]) -> None:
    with pytest.raises(InputError, match="--"):
        read(midi(in_a_row(SCALE)), **option)


LENGTHS = st.sampled_from([0.25, 0.5, 0.75, 1, 1.5, 2, 3])
STEPS = st.lists(st.tuples(LENGTHS, st.integers(40, 90)), min_size=1, max_size=30)


@given(st.lists(STEPS, min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_what_is_written_is_read(parts: list[list[tuple[float, int]]], known: bool) -> None:
    lines: list[list[tuple[float, float, int]]] = []
    for part in parts:
        lines.append([])
        for length, pitch in part:
            start = sum(lines[-1][-1][:2]) if lines[-1] else 0
            lines[-1].append((start, length, pitch))
    score = read(midi(*lines, meta=COMMON if known else ()))
    assert heard(score) == sorted(note for line in lines for note in line)
    assert not validate(write_abc(score).text)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(30, 95)), min_size=1))
@settings(deadline=None)
def test_every_onset_of_any_texture_is_kept(notes: list[tuple[int, int, int]]) -> None:
    line: Line = [(start / 4, length / 4, pitch) for start, length, pitch in notes]
    shift = min(start for start, _, _ in line) if line else 0
    score = read(midi(line, meta=COMMON), pickup="0")
    found = {(start + shift, pitch) for start, _, pitch in heard(score)}
    assert found == {(start, pitch) for start, _, pitch in line}
    for voice in score.voices:
        ends = [0, *(note.end for note in voice.notes)]
        assert all(note.start >= end for note, end in zip(voice.notes, ends, strict=False))


def test_a_pickup_of_a_sixteenth_is_heard_in_spite_of_a_single_tie() -> None:
    steps = (0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5)
    line = [(0.0, 0.25, 59)]
    for bar in range(8):
        start = 0.25 + 4 * bar
        line += [(start, 1.0, 43)]
        line += [(start + 1 + place / 4, 0.25, 55 + step) for place, step in enumerate(steps)]
    line += [(32.25, 3.75, 43)]
    tied = [*line, (14.0, 0.5, 43)]
    for one in (line, tied):
        measures = read(midi(sorted(one), meta=COMMON)).measures
        assert measures[0].length == QUARTER // 4


def test_a_single_tie_is_no_strong_accent() -> None:
    """Else one held note would outweigh all that a long piece says about its meter."""
    tones = [Tone(place * SLOT, (place + 1) * SLOT, 60 + place % 5, 0) for place in range(400)]
    tones[7] = tones[7]._replace(end=9 * SLOT)
    assert accents(tones)[:, FEATURES.index("held")].max() < 30


def test_played_notes_of_a_line_do_not_fall_together() -> None:
    """A short note before each beat is not written as a chord with the note it leads to."""
    rng = random.Random(5)
    line = [
        note
        for beat in range(8)
        for note in ((beat, 0.9, 72), (beat + 11 / 12, 1 / 12, 71))
        if beat or note[2] == 72
    ]
    moved = [(max(0, start + rng.uniform(-0.02, 0.02)), length, p) for start, length, p in line]
    found = heard(read(midi(moved, in_a_row((48,) * 9), meta=COMMON), pickup="0"))
    starts = [start for start, _, pitch in found if pitch > 60]
    assert len(starts) == len(set(starts)) == len(line)
