from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.chord_rhythms import rhythm_of
from abclm.notation.play.notes import SoundingNote
from abclm.notation.play.sounding import perform
from abclm.notation.syntax.meter import parse_meter


def chords(music: str, meter: str = "4/4", header: str = "", dance: str = "") -> list[SoundingNote]:
    text = f"X:1\nM:{meter}\nL:1/8\n{header}K:C\n{music}\n"
    (parsed,) = parse_tunebook(text)
    return list(accompaniment_of(perform(parsed.tune), dance))


def shown(notes: list[SoundingNote]) -> str:
    """``0:C2 2:3``: the onset in eighths, then a single note or the number of notes."""
    return " ".join(
        f"{note.onset * 8}:{note.names[0] if len(note.names) == 1 else len(note.names)}"
        for note in notes
    )


@pytest.mark.parametrize(
    ("meter", "dance", "rhythm"),
    [
        ("4/4", "reel", "fzczfzcz"),
        ("C|", "hornpipe", "fzczfzcz"),
        ("2/4", "", "fzcz"),
        ("2/4", "Polka", "fcfc"),
        ("3/4", "waltz", "fzczcz"),
        ("3/8", "", "fcc"),
        ("6/8", "jig", "fzcfzc"),
        ("9/8", "slip jig", "fzcfzcfzc"),
        ("12/8", "slide", "fzcfzcfzcfzc"),
        ("3/2", "", "fzczfzczfzcz"),
        ("5/4", "", "fzczczfzcz"),
        ("6/4", "", "fzczczfzczcz"),
        ("7/8", "", "fzcfcfc"),
        ("8/8", "", "fzcfzcfc"),
        ("4/4", "slow air", "f2c2f2c2"),
        ("none", "", ""),
    ],
)
def test_each_meter_has_its_rhythm(meter: str, dance: str, rhythm: str) -> None:
    known = parse_meter(meter)
    assert known is not None
    assert rhythm_of(known, dance) == rhythm


def test_a_chord_is_played_as_bass_and_chord_until_the_next_symbol() -> None:
    notes = chords('"G"G8|G4"D7/F#"A4|')
    assert shown(notes) == "0:G2 2:3 4:G2 6:3 8:G2 10:3 12:F#2 14:4"
    assert {note.duration for note in notes} == {Fraction(1, 8)}


def test_a_chord_that_changes_between_two_strokes_is_struck_where_it_stands() -> None:
    assert shown(chords('"G"G3"D"A5|')) == "0:G2 2:3 3:4 4:D2 6:3"
    assert shown(chords('"G"G2"D"A6|')) == "0:G2 2:4 4:D2 6:3"


def test_the_pickup_rests_and_what_stands_in_it_holds_on() -> None:
    assert shown(chords('"G"G2|A8|')) == "2:G2 4:3 6:G2 8:3"


def test_repeats_and_endings_are_followed() -> None:
    notes = chords('|:"C"C8|1"G"D8:|2"F"E8|]')
    assert [note.names[0] for note in notes if len(note.names) == 1] == (
        ["C2", "C2", "G2", "G2", "C2", "C2", "F2", "F2"]
    )


def test_no_chord_is_silent_and_other_strings_change_nothing() -> None:
    assert shown(chords('"C"C4"N.C."C4|"^D"C8|"Fine"C4"G"C4|')) == "0:C2 2:3 20:G2 22:3"


def test_instructions_turn_the_chords_off_and_on_and_give_a_rhythm() -> None:
    music = '"C"C8|\n%%MIDI gchordoff\nC8|\n%%MIDI gchordon\n%%MIDI gchord fcb2\nC8|'
    assert shown(chords(music)) == "0:C2 2:3 4:C2 6:3 16:C2 18:3 20:4"
    assert shown(chords('"C"C8|', header="%%MIDI gchordoff\n")) == ""
    assert shown(chords('"C"C8|', header="%%MIDI gchord ghij\n")) == "0:E3 2:G3 4:C4 6:E4"
    assert shown(chords('"C"C8|', header="%%MIDI gchord x!\n")) == "0:C2 2:3 4:C2 6:3"


def test_chords_sound_as_high_as_the_notes_they_accompany() -> None:
    assert chords('"C"C8|', header="%%MIDI transpose 2\n")[0].names == ("D2",)


def test_a_tune_without_a_bar_length_strikes_each_chord_once() -> None:
    assert shown(chords('"C"C3"G"C3|', "none")) == "0:4 3:4"


def test_a_long_bar_repeats_the_rhythm_and_notes_never_overlap() -> None:
    notes = chords('"C"Z3|"G"C3"D"E5|')
    assert len(notes) == 3 * 4 + 5
    ends = [note.onset + note.duration for note in notes]
    assert all(end <= later.onset for end, later in zip(ends, notes[1:], strict=False))


def test_without_chord_symbols_there_is_nothing() -> None:
    assert chords('C8|"^G"D8|') == []


def test_the_first_voice_that_has_chord_symbols_is_followed() -> None:
    assert shown(chords('[V:1]C8|\n[V:2]"C"C8|')) == "0:C2 2:3 4:C2 6:3"


def test_the_number_of_notes_is_bounded() -> None:
    assert len(chords('"C"Z99999|')) == 20_000
