"""The notes of a phrase as a judge hears them: pitches, signs, moments, and the words for them."""

import pytest

from abclm.compose.phrase_notes import (
    Heading,
    dance_words,
    degree,
    note_words,
    notes_of,
    rhythm_of,
)
from abclm.notation.cursor.bar_memory import RememberedBar
from abclm.notation.cursor.plan_reader import remembered_bars


def bars(music: str, meter: str = "4/4") -> list[RememberedBar]:
    return list(remembered_bars(f"M:{meter}\nL:1/8\nK:G\n{music}|").done.values())


def words(music: str, heading: Heading | None = None, context: str = "") -> set[str]:
    heading = heading or Heading(meter="4/4")
    phrase = bars(music, heading.meter)
    before = notes_of(bars(context, heading.meter), heading.mode) if context else []
    return set(note_words(before, notes_of(phrase, heading.mode), phrase, heading))


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("R:reel\nM:C|\nL:1/8\nK:Edor\nP:ab1\nG8|", Heading("reel", "C|", "dor")),
        ("M:6/8\nL:1/8\nK:G\nG6|", Heading("", "6/8", "")),
        ("M:6/8\nL:1/8\nK:none\nG6|", Heading("", "6/8", "")),
        ("G6|", Heading()),
        ("", Heading()),
    ],
)
def test_the_heading_is_that_of_the_header(text: str, heading: Heading) -> None:
    assert Heading.of(text) == heading


@pytest.mark.parametrize(
    ("meter", "beat"),
    [("6/8", 36), ("9/8", 36), ("3/8", 36), ("4/4", 24), ("C|", 24), ("3/4", 24), ("", 24)],
)
def test_a_beat_is_three_eighths_or_a_quarter(meter: str, beat: int) -> None:
    assert Heading(meter=meter).beat == beat


@pytest.mark.parametrize(
    ("music", "mode", "semitones"),
    [
        ("G2 A2 B2 f2", "", [7, 9, 11, 18]),
        ("G2 A2 B2 f2", "m", [7, 9, 10, 17]),
        ("G2 A2 B2 f2", "dor", [7, 9, 10, 17]),
        ("G2 A2 B2 f2", "mix", [7, 9, 11, 17]),
        # An accidental holds to the end of its bar, and in no other one.
        ("^c2 c2 =f2 f2|c8", "", [13, 13, 17, 17, 12]),
        # Grace notes are none; of a chord the last note counts.
        ("{_B}B4 [GB]4", "", [11, 11]),
        ("z4 G,4", "", [0, -5]),
    ],
)
def test_notes_sound_as_signature_and_accidentals_say(
    music: str, mode: str, semitones: list[int]
) -> None:
    assert [note.semitones for note in notes_of(bars(music), mode)] == semitones


def test_moments_and_durations_are_in_96ths() -> None:
    notes = notes_of(bars("G2 z2 (3ABc d>e"))
    assert [note.onset for note in notes] == [0, 24, 48, 56, 64, 72, 90]
    assert [note.duration for note in notes] == [24, 24, 8, 8, 8, 18, 6]
    assert [note.step is None for note in notes] == [False, True, *[False] * 5]
    assert [note.opens_bar for note in notes] == [True, *[False] * 6]
    assert rhythm_of(bars("G2 z2 (3ABc d>e")[0]) == "0,24,48,56,64,72,90:96"


@pytest.mark.parametrize(("step", "name"), [(4, 1), (11, 1), (5, 2), (3, 7), (-3, 1), (8, 5)])
def test_degrees_count_from_g(step: int, name: int) -> None:
    assert degree(step) == name


@pytest.mark.parametrize(
    ("music", "mode", "count"),
    [("G2 c2 f4", "", 1), ("G2 c2 f4", "m", 0), ("c2 F2 c4", "", 2), ("G2 ^c2 G4", "m", 2)],
)
def test_tritones_are_heard_in_the_mode(music: str, mode: str, count: int) -> None:
    found = words(music, Heading(meter="4/4", mode=mode))
    assert f"i tritones {count} {mode}" in found
    assert ("i shunned 0" in found) == (count > 0)


def test_the_step_from_the_phrase_before_counts() -> None:
    assert "i tritones 1 " in words("f8", context="c8")
    assert "i tritones 0 " in words("f8", context="f8")


@pytest.mark.parametrize(
    ("music", "meter", "count"),
    [
        ("GABc dedB", "4/4", 0),
        ("G2AB c2d2", "4/4", 0),
        ("GB2c dedB", "4/4", 1),
        ("GABc de", "6/8", 0),
        ("G2A2 B2", "6/8", 1),
    ],
)
def test_syncopations_depend_on_the_meter(music: str, meter: str, count: int) -> None:
    assert f"sy {count} {meter}" in words(music, Heading(meter=meter))


def dance(music: str, heading: Heading) -> set[str]:
    phrase = bars(music, heading.meter)
    return set(dance_words(notes_of(phrase), phrase, heading))


def test_rhythms_are_heard_in_their_dance() -> None:
    strathspey = Heading("strathspey", "4/4")
    dotted = "dr strathspey 4/4 0,18,24,42,48,66,72,90:96"
    assert dotted in dance("G>A B>c d>e d>B", strathspey)
    assert dotted not in dance("GABc dedB", strathspey)
    assert "db strathspey 4/4 18 6" in dance("G>A B2 d4", strathspey)
    assert "dn strathspey 4/4 4" in dance("G>A B2 d4", strathspey)
    assert not dance("G>A B>c d>e d>B", Heading(meter="4/4"))


def test_an_accidental_is_heard_with_where_it_leads() -> None:
    found = words("G2 ^c2 d4")
    assert {"x ^4", "x ^4 to 1", "x 3 to ^4 to 1", "xn 1", "xb 1"} <= found
    assert {"xn 0", "xb 0"} <= words("G2 c2 d4")


def test_a_bar_of_rests_has_words_too() -> None:
    assert words("z8")
