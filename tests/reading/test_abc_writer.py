"""Scores as ABC: what is written is valid, and played back it is the score."""

import itertools
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.syntax.tables import NATURAL_SEMITONES
from abclm.reading.abc_writer import write_abc
from abclm.reading.score import (
    QUARTER,
    ChordSymbol,
    Ending,
    Grace,
    Measure,
    Note,
    Part,
    Pitch,
    Score,
    ScoreVoice,
    Tempo,
)

WHOLE = 4 * QUARTER
C, E, G = Pitch("C", 0, 4), Pitch("E", 0, 4), Pitch("G", 0, 4)
Heard = list[tuple[Fraction, Fraction, int]]


def line(*notes: tuple[float | Fraction, str], start: int = 0) -> tuple[Note, ...]:
    """Notes of lengths in quarters, one after the other: ``(1, "C4")``, ``(2, "")`` for a rest."""
    written = []
    for quarters, names in notes:
        length = int(QUARTER * quarters)
        pitches = tuple(map(named, names.split()))
        written.append(Note(start, length, pitches))
        start += length
    return tuple(written)


def named(name: str) -> Pitch:
    return Pitch(name[0], name.count("#") - name.count("b"), int(name[-1]))


def measures(*quarters: int, meter: str = "4/4", key: str = "C") -> tuple[Measure, ...]:
    start, found = 0, []
    for one in quarters:
        found.append(Measure(start, one * QUARTER, meter, key))
        start += one * QUARTER
    return tuple(found)


def score(*voices: tuple[Note, ...], over: tuple[Measure, ...] | None = None) -> Score:
    parts = tuple(Part(((ScoreVoice(notes),),)) for notes in voices)
    return Score(over or measures(4), parts, title="T")


def music(given_score: Score) -> list[str]:
    """The lines after ``K:``."""
    lines = write_abc(given_score).text.splitlines()
    return lines[next(i for i, one in enumerate(lines) if one.startswith("K:")) + 1 :]


def heard(text: str) -> list[Heard]:
    (tune,) = [parsed.tune for parsed in parse_tunebook(text)]
    return [
        sorted((note.onset, note.duration, one) for note in voice.notes for one in note.pitches)
        for voice in perform(tune)
    ]


def sounding(voice: ScoreVoice) -> Heard:
    found: Heard = []
    for note in voice.notes:
        for letter, alteration, octave in note.pitches:
            midi = 12 * (octave + 1) + NATURAL_SEMITONES[letter] + alteration
            found.append((Fraction(note.start, WHOLE), Fraction(note.duration, WHOLE), midi))
    return sorted(set(found))


def random_voice(rng: Random, bars: int) -> ScoreVoice:
    """Notes of plain lengths and of tuplets over any beats, which together fill some bars."""
    end = bars * WHOLE
    notes: list[Note] = []
    now = 0
    while now < end:
        part = rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 16))
        left = part * rng.choice((1, 2))
        while left and now < end:
            took = rng.randint(1, min(left, 5))
            length = min(QUARTER // part * took, end - now)
            left -= took
            letters = rng.sample("ABCDEFG", rng.choice((0, 1, 1, 1, 2)))
            pitches = [Pitch(one, rng.randint(-2, 2), rng.randint(3, 5)) for one in letters]
            notes.append(Note(now, length, tuple(pitches)))
            now += length
    return ScoreVoice(tuple(notes))


@pytest.mark.parametrize("seed", range(60))
def test_what_is_written_is_valid_and_sounds_like_the_score(seed: int) -> None:
    """Also with tuplets that cross beats and bar lines, and all accidentals."""
    rng = Random(seed)
    bars = rng.randint(1, 3)
    over = measures(*[4] * bars, key=rng.choice(["C", "Ebm", "F#", "Ador"]))
    voices = tuple(random_voice(rng, bars) for _ in range(rng.randint(1, 3)))
    written = write_abc(Score(over, (Part((voices,)),), title="T"))
    assert validate(written.text, strict=True) == []
    assert written.remarks == ()
    assert heard(written.text) == [sounding(voice) for voice in voices]


def test_one_voice_has_no_voice_fields() -> None:
    text = write_abc(score(line((1, "C4"), (1, "D4"), (2, "E4")))).text
    assert text == "X:1\nT:T\nM:4/4\nL:1/4\nK:C\nC D E2 |]\n"


def test_voices_are_written_system_by_system_with_all_rests() -> None:
    over = measures(4, 4, 4, 4, 4)
    upper = line(*[(4, "C5")] * 5)
    assert music(score(upper, line((4, "C3")), over=over)) == [
        "[V:1] c8 | c8 | c8 | c8 |",
        "[V:2] C,8 | z8 | z8 | z8 |",
        "[V:1] c8 |]",
        "[V:2] z8 |]",
    ]


def test_staves_of_a_part_are_grouped() -> None:
    one = ScoreVoice(line((4, "C4")))
    piano = Part(((one, one), (replace(one, clef="bass"),)), name="Piano", program=0)
    text = write_abc(Score(measures(4), (Part(((one,),)), piano), title="T")).text
    assert "%%score 1 {(2 3) | 4}\n" in text
    assert 'V:2 clef=treble name="Piano"\n%%MIDI program 0\n' in text
    assert "V:4 clef=bass\n" in text


def test_notes_over_bar_lines_and_of_five_eighths_are_tied() -> None:
    over = measures(4, 4)
    assert music(score(line((2.5, "C4"), (3, "D4"), (2.5, "E4")), over=over)) == [
        "C4-C D3- | D3 E-E4 |]"
    ]


def test_only_held_notes_of_a_chord_are_tied() -> None:
    notes = (Note(0, 2 * QUARTER, (C, E), held=(C,)), Note(2 * QUARTER, 2 * QUARTER, (C, G)))
    assert music(score(notes)) == ["[C-E]4 [CG]4 |]"]


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        ([Fraction(1, 3)] * 3 + [3], "(3CCC C6 |]"),
        ([Fraction(2, 3), Fraction(1, 3), 3], "(3:2:2C2C C6 |]"),
        ([Fraction(2, 5)] * 5 + [2], "(5:4:5CCCCC C4 |]"),
        ([Fraction(4, 3)] * 3, "(3C4C4C4 |]"),
        ([Fraction(1, 3), Fraction(4, 3), Fraction(1, 3), 2], "(3CC4C C4 |]"),
        ([Fraction(1, 7)] * 7 + [3], "(7:4:7C/C/C/C/C/C/C/ C6 |]"),
    ],
)
def test_tuplets_are_found_from_the_times(lengths: list[Fraction], text: str) -> None:
    assert music(score(line(*[(one, "C4") for one in lengths]))) == [text]


def test_a_written_duplet_in_six_eight_stays_one() -> None:
    over = measures(3, meter="6/8")
    duplet = [replace(n, tuplet=(2, 3)) for n in line((0.75, "C4"), (0.75, "D4"))]
    notes = (*duplet, *line((1.5, "E4"), start=duplet[-1].end))
    assert music(score(notes, over=over)) == ["(2:3:2C2D2 E6 |]"]


def test_a_tuplet_of_eleven_is_exact_though_its_ticks_are_not() -> None:
    ends = [round(QUARTER * 2 * part / 11) for part in range(12)]
    notes = tuple(Note(a, b - a, (C,), tuplet=(11, 8)) for a, b in itertools.pairwise(ends))
    written = write_abc(score((*notes, *line((2, "E4"), start=2 * QUARTER))))
    assert written.remarks == ()
    assert "(11:8:11C/C/" in written.text


def test_times_that_cannot_be_written_are_moved_and_said() -> None:
    notes = (Note(0, 17, (C,)), Note(17, QUARTER + 99, (E,)), Note(QUARTER + 116, QUARTER, (G,)))
    written = write_abc(score(notes))
    assert validate(written.text, strict=True) == []
    assert [remark.text for remark in written.remarks] == [
        "times that no note has were moved a little in 1 measure"
    ]


def test_more_notes_than_can_be_written_are_still_a_bar() -> None:
    notes = tuple(Note(start, 1, (C,)) for start in range(5000))
    assert validate(write_abc(score(notes)).text, strict=True) == []


def test_accidentals_are_written_where_key_and_bar_need_them() -> None:
    over = measures(4, 4, key="G")
    names = ["F#4", "F4", "F4", "F#4", "F4", "F5", "F#4", "G4"]
    assert music(score(line(*[(1, name) for name in names]), over=over)) == [
        "F =F F ^F | =F =f ^F G |]"
    ]


def test_signs_stand_in_their_order() -> None:
    note = Note(
        0,
        WHOLE,
        (C,),
        graces=(Grace((E,), QUARTER // 2), Grace((C, G), QUARTER // 2)),
        symbols=("fermata", ".", "unknown"),
        texts=("dolce",),
    )
    voice = ScoreVoice((note,), chords=(ChordSymbol(0, "G7"),))
    tempos = (Tempo(0, 99.7), Tempo(0, 60, QUARTER // 2), Tempo(QUARTER, 77))
    text = write_abc(Score(measures(4), (Part(((voice,),)),), "T", tempos=tempos)).text
    assert "Q:1/8=60\n" in text
    assert text.endswith('{E[CG]}"G7"!fermata!."^dolce"C8 |]\n')


def test_a_chord_symbol_inside_a_note_cuts_it() -> None:
    voice = ScoreVoice(line((4, "C4")), chords=(ChordSymbol(0, "C"), ChordSymbol(WHOLE // 2, "G")))
    assert music(Score(measures(4), (Part(((voice,),)),))) == ['"C"C4- "G"C4 |]']


def test_slurs_are_balanced() -> None:
    one, two, three, four = line((1, "C4"), (1, "D4"), (1, "E4"), (1, "F4"))
    notes = (replace(one, closes=1), replace(two, opens=2), replace(three, closes=1), four)
    assert music(score(notes)) == ["C (D E) F |]"]


def test_words_stand_below_their_notes() -> None:
    one, two, three, four = line((1, "C4"), (2.5, "D4"), (0.5, ""), (4, "E4"))
    notes = (
        replace(one, lyrics=("Hal-", "my")),
        replace(two, lyrics=("le-",)),
        three,
        replace(four, lyrics=("lu jah", "end")),
    )
    assert music(score(notes, over=measures(4, 4))) == [
        "C2 D4-D z | E8 |]",
        "w: Hal-le- _ | lu~jah",
        "w: my | end",
    ]


def test_nothing_in_a_text_ends_its_field_or_string() -> None:
    evil = 'a"b%c\\\n\nX:2\r|[]_*-'
    note = Note(0, WHOLE, (C,), texts=(evil,), lyrics=(evil,))
    voice = ScoreVoice((note,), chords=(ChordSymbol(0, evil),))
    part = Part(((voice,), (voice,)), name=evil)
    text = write_abc(Score(measures(4), (part,), evil, evil, evil, evil)).text
    assert validate(text) == []
    assert len(list(parse_tunebook(text))) == 1
    assert "\n\n" not in text


def test_repeats_endings_and_bar_lines() -> None:
    one, two, three, four, five = measures(4, 4, 4, 4, 4)
    over = (
        replace(one, opens=True, right=Ending.DOUBLE),
        replace(two, endings=(1,), closes=True),
        replace(three, endings=(2,)),
        replace(four, right=Ending.DOUBLE),
        replace(five, closes=True, times=3, opens=True),
    )
    written = write_abc(score(line(*[(4, "C4")] * 5), over=over))
    assert written.text.splitlines()[5:] == [
        "|: C8 ||",
        "[1 C8 :|",
        "[2 C8 | C8 ||",
        "|:: C8 ::|",
    ]
    assert validate(written.text, strict=True) == []


def test_lonely_repeats_and_endings_are_left_out_and_said() -> None:
    one, two, three = measures(4, 4, 4)
    over = (replace(one, opens=True), replace(two, opens=True), replace(three, endings=(2,)))
    written = write_abc(score(line(*[(4, "C4")] * 3), over=over))
    assert written.text.endswith("C8 | C8 | C8 |]\n")
    assert [remark.text for remark in written.remarks] == [
        "the ending in measure 3 has no counterpart and was left out",
        "the repeat that opens in measure 1 never closes and was left out",
        "the repeat that opens in measure 2 never closes and was left out",
    ]


def test_a_pickup_is_short_and_an_odd_measure_gets_its_meter() -> None:
    over = measures(1, 4, 2, 4, 3)
    lines = music(score(line(*[(n, "C4") for n in (1, 4, 2, 4, 3)]), over=over))
    assert lines == ["C | C4 | [M:2/4]C2 | [M:4/4]C4 |", "C3 |]"]


def test_every_meter_can_be_written() -> None:
    over = measures(1, 4)
    text = write_abc(score(line((1, "C4"), (4, "C4")), over=over), every_meter=True).text
    assert "M:1/4\n" in text
    assert text.endswith("C | [M:4/4]C4 |]\n")


def test_changes_of_key_and_meter_stand_in_every_voice() -> None:
    one, two = measures(4, 3)
    over = (one, replace(two, meter="3/4", key="Eb"))
    notes = line((4, "E4"), (3, "Eb4"))
    assert music(score(notes, notes, over=over)) == [
        "[V:1] E8 | [M:3/4][K:Eb]E6 |]",
        "[V:2] E8 | [M:3/4][K:Eb]E6 |]",
    ]


def test_the_unit_makes_the_text_short() -> None:
    assert "L:1/4\n" in write_abc(score(line(*[(1, "C4")] * 4))).text
    assert "L:1/16\n" in write_abc(score(line(*[(0.25, "C4")] * 16))).text
