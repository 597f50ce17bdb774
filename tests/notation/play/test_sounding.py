"""What a tune sounds like before it becomes a score: names, onsets, voices, what holds when."""

from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform, sounding_notes
from abclm.notation.play.tempo import Tempo
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.music import Tune


def tune(music: str, header: str = "") -> Tune:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1/4\n{header}K:C\n{music}\n")
    return parsed.tune


def test_onsets_and_durations_count_in_whole_notes() -> None:
    notes = sounding_notes(tune("C2 (3DEF|G4|"))
    assert [str(note.onset) for note in notes] == ["0", "1/2", "2/3", "5/6", "1"]
    assert [str(note.duration) for note in notes] == ["1/2", "1/6", "1/6", "1/6", "1"]


def test_a_chord_is_one_note_of_several_pitches_from_the_lowest() -> None:
    (note,) = sounding_notes(tune("[Gc^E]"))
    assert note.pitches == (65, 67, 72)
    assert note.names == ("E#4", "G4", "C5")


def test_graces_belong_to_the_note_after_them() -> None:
    (note,) = sounding_notes(tune("{^fg}A"))
    assert note.graces == (78, 79)
    assert note.grace_names == ("F#5", "G5")


def test_chords_tied_in_part_are_taken_apart() -> None:
    found = [
        (note.pitches, str(note.onset), str(note.duration))
        for note in sounding_notes(tune("[CEG]-[CEA]"))
    ]
    assert found == [((60, 64), "0", "1/2"), ((67,), "0", "1/4"), ((69,), "1/4", "1/4")]


@pytest.mark.parametrize(
    ("music", "voices"),
    [
        ("C|D|", [("", 2)]),
        ("V:1\nC|\nV:2\nE|F|\n", [("1", 1), ("2", 2)]),
        ("[V:b]C|[V:a]E|[V:b]D|", [("b", 2), ("a", 1)]),
        ('V:1 name="Fiddle"\nC|\nV:2 nm=Bass clef=bass\nE|\n', [("Fiddle", 1), ("Bass", 1)]),
        ("V:1\nC|\nV:2\n", [("1", 1)]),
        ("z|", [("", 0)]),
    ],
)
def test_each_voice_plays_its_own(music: str, voices: list[tuple[str, int]]) -> None:
    assert [(voice.name, len(voice.notes)) for voice in perform(tune(music))] == voices


def test_notes_before_the_first_voice_of_the_body_are_the_first_voice_of_the_header() -> None:
    found = perform(tune("C|\nV:2\nE|\n", 'V:1 name="Fiddle"\nV:2\n'))
    assert [voice.name for voice in found] == ["Fiddle", "2"]


def test_what_holds_is_said_at_the_start_and_where_it_changes() -> None:
    (voice,) = perform(tune("C4|[M:3/4][K:G][Q:1/4=80]C3|", "Q:1/4=100\n"))
    found = [(float(sign.onset), str(sign.value)) for sign in voice.signatures
             if isinstance(sign.value, Key | Meter)]  # fmt: skip
    assert found == [(0, "C"), (0, "4/4"), (1, "G"), (1, "3/4")]
    tempos = [sign for sign in voice.signatures if isinstance(sign.value, Tempo)]
    assert [(sign.onset, sign.value) for sign in tempos] == [
        (Fraction(0), Tempo(Fraction(1, 4), 100)),
        (Fraction(1), Tempo(Fraction(1, 4), 80)),
    ]


def test_a_voice_may_sound_elsewhere_than_it_is_written() -> None:
    music = "V:1\nC|\nV:2 octave=-1\nC|\nV:3 transpose=-2\nC|\nV:4 clef=treble-8\nC|\n"
    assert [voice.notes[0].pitches for voice in perform(tune(music))] == [
        (60,),
        (48,),
        (58,),
        (48,),
    ]


def test_a_tune_without_notes_has_no_voices() -> None:
    assert perform(tune("")) == []


def test_what_changes_in_a_bar_holds_from_its_place_on() -> None:
    music = "F[K:octave=-1]F[K:treble]F2|\n%%MIDI transpose 2\nC[I:MIDI transpose 0]C[K:D]CC|"
    (voice,) = perform(tune(music, ""))
    assert [note.pitches[0] for note in voice.notes] == [65, 53, 53, 50, 48, 49, 49]
