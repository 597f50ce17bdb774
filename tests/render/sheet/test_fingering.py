import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.render.sheet.fingering import WHISTLE, finger_of, fret_of, struck_pitches, whistled


def pitches(music: str, key: str = "D") -> list[int]:
    text = f"X:1\nT:t\nM:4/4\nL:1/8\nK:{key}\n{music}\n"
    return list(struck_pitches(parse_tunebook(text)[0].tune).values())


@pytest.mark.parametrize(
    ("note", "holes"),
    [
        ("D", "xxxxxx"),
        ("E", "xxxxxo"),
        ("=F", "xxxxho"),
        ("F", "xxxxoo"),
        ("G", "xxxooo"),
        ("^G", "xxhooo"),
        ("A", "xxoooo"),
        ("_B", "xhoooo"),
        ("B", "xooooo"),
        ("=c", "oxxooo"),
        ("c", "oooooo"),
        ("d", "oxxxxx+"),
        ("e", "xxxxxo+"),
        ("f", "xxxxoo+"),
        ("g", "xxxooo+"),
        ("a", "xxoooo+"),
        ("b", "xooooo+"),
        ("=c'", "hooooo+"),
        ("c'", "oooooo+"),
    ],
)
def test_the_whistle(note: str, holes: str) -> None:
    (pitch,) = pitches(note)
    found = whistled(pitch)
    assert found is not None
    assert found.holes + "+" * found.overblown == holes


def test_the_whistle_has_two_octaves_of_six_holes() -> None:
    assert sorted(WHISTLE) == list(range(62, 86))
    assert all(len(found.holes) == 6 for found in WHISTLE.values())
    assert (whistled(61), whistled(86)) == (None, None)


@pytest.mark.parametrize(
    ("note", "fret", "finger"),
    [
        ("G,", (3, "0"), (3, "0")),
        ("A,", (3, "2"), (3, "1")),
        ("C", (3, "6"), (3, "H3")),
        ("D", (2, "0"), (2, "0")),
        ("_E", (2, "1"), (2, "L1")),
        ("E", (2, "2"), (2, "1")),
        ("=F", (2, "3"), (2, "L2")),
        ("F", (2, "4"), (2, "2")),
        ("G", (2, "5"), (2, "3")),
        ("^G", (2, "6"), (2, "H3")),
        ("A", (1, "0"), (1, "0")),
        ("=c", (1, "3"), (1, "L2")),
        ("e", (0, "0"), (0, "0")),
        ("b", (0, "7"), (0, "4")),
        ("=c'", (0, "8"), (0, "H4")),
    ],
)
def test_mandolin_and_fiddle(note: str, fret: tuple[int, str], finger: tuple[int, str]) -> None:
    # "C" in D major is C sharp.
    (pitch,) = pitches(note)
    assert (fret_of(pitch), finger_of(pitch)) == (fret, finger)


def test_what_lies_outside_their_range() -> None:
    assert (fret_of(54), finger_of(54)) == (None, None)
    assert (fret_of(93), fret_of(94)) == ((0, "17"), None)
    assert finger_of(85) is None


def test_accidentals_hold_to_the_end_of_the_bar_and_the_key_may_change() -> None:
    assert pitches("=FF F2 z4|F8|[K:C]F4 [K:D]F4|") == [65, 65, 65, 66, 65, 66]


def test_a_tied_note_is_fingered_once_and_a_chord_by_its_top_note() -> None:
    assert pitches("D8-|D4 [DFA]4|") == [62, 69]


def test_grace_notes_and_the_second_layer_have_no_fingering() -> None:
    assert pitches("{e}d4 A4&D8|") == [74, 69]


def test_only_the_first_voice_is_fingered() -> None:
    assert pitches("[V:1]d8|\n[V:2]D8|") == [74]
