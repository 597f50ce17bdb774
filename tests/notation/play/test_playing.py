import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.parts import part_order
from abclm.notation.play.playing import MOST_BARS, playing_order
from abclm.notation.play.sounding import perform, sounding_notes
from abclm.notation.tune.bars import bars


def played(music: str) -> str:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1\nK:C\n{music}\n")
    return "".join(str(bar.events[0].pitches[0]) for bar in playing_order(bars(parsed.tune)))


@pytest.mark.parametrize(
    ("music", "order"),
    [
        ("A|B|c|", "ABc"),
        ("|:A|B:|c|", "ABABc"),
        ("A|B:|c|d:|", "ABABcdcd"),
        ("A||B:|c|", "ABBc"),
        ("|:A::B:|", "AABB"),
        ("|:A|1B:|2c||d|", "ABAcd"),
        ("|:A|1B:|2c:|3d||e|", "ABAcAde"),
        ("|:A|[1,3B:|[2,4C:|", "ABACABAC"),
        ("A|1B:|2C||D|1E:|2F||", "ABACDEDF"),
        ("A|:B:|", "ABB"),
        ("|::A::|B|", "AAAB"),
        ("|:::A:::|B|", "AAAAB"),
        ("|:A::|B|", "AAAB"),
        ("|::A:|B|", "AAAB"),
        ("|:A::B::c:|", "AABBcc"),
        ("|:A:||:B:|", "AABB"),
        ("|:A|1B:|2c:|", "ABAc"),
        ("|:A|[1-3B:|[4c|]", "ABABABAc"),
        ("A|]B:|", "ABB"),
        ("|:A|B", "AB"),
        ("|:A|:B:|", "ABB"),
        ("|:A|1B|2c||d:|", "ABAcdd"),
        ("|:A||B:|", "ABAB"),
        ("|:A||B|1c:|2d||e|", "ABcABde"),
        ("|:A||B:|c:|", "ABABcc"),
        ("|:A||:B:|", "ABB"),
        ("|:A|1B:|2c||d||e|1f:|2g|]", "ABAcdefeg"),
        ("|:A|1B:|2c||d|1e:|2f|]", "ABAcdedf"),
        ("|:A[|]:|B|", "AAB"),
        ("|:A:[|]|B|", "AAB"),
        ("A[|]B:|", "ABAB"),
        ("|:A|\\\n1B:|\\\n2c||d|", "ABAcd"),
        ("|:A|\nw:la\n1B:|\n[2c|]", "ABAc"),
    ],
)
def test_bars_are_played_in_the_order(music: str, order: str) -> None:
    assert played(music) == order


def test_a_repeat_asked_for_too_often_is_capped() -> None:
    assert len(played("|" + ":" * 99 + "A" + ":" * 99 + "|")) == 16


@pytest.mark.parametrize(
    ("music", "order"),
    [
        ("A|!fine!B|c|!D.C.!d|]", "ABcdAB"),
        ("A|B!fine!||c|d!D.C.alfine!|]", "ABcdAB"),
        ("|:A|B!fine!:|:c|d!dacapo!:|", "ABABcdcdAB"),
        ("A|!segno!B|c!fine!|d!D.S.!|]", "ABcdBc"),
        ("A!segno!|B!fine!|d!D.S.alfine!|]", "ABdB"),
        ("SA|B|!D.S.!c|d|]", "ABcABcd"),
        ("A|B!dacoda!|c!D.C.!||!coda!d|]", "ABcABd"),
        ("A|B|!coda!c|d!D.C.!||!coda!e|]", "ABcdABe"),
        ("|:A|1B:|2c||d!D.C.!|]", "ABAcdAcd"),
        ("A!D.S.!|B|]", "AAB"),
        ("A|HB||c|d!D.C.!|]", "ABcdAB"),
        ("A|HB|c!fine!||d!D.C.!|]", "ABcdABc"),
        ("HA|HB||c|]", "ABc"),
        ("!D.C.!A|B!D.C.!|]", "AAB"),
        ("A!dacoda!|B!D.C.!|c|]", "ABABc"),
    ],
)
def test_signs_are_followed_once(music: str, order: str) -> None:
    assert played(music) == order


def test_the_order_of_parts_goes_before_signs() -> None:
    (parsed,) = parse_tunebook("X:1\nT:t\nP:ABA\nM:4/4\nL:1\nK:C\nP:A\nA|\nP:B\nB!D.C.!|]\n")
    assert [note.names for note in sounding_notes(parsed.tune)] == [("A4",), ("B4",), ("A4",)]


def test_of_several_voices_none_follows_a_sign() -> None:
    (parsed,) = parse_tunebook("X:1\nT:t\nL:1\nK:C\nV:1\nA|B!D.C.!|]\nV:2\nA|B|]\n")
    assert [len(voice.notes) for voice in perform(parsed.tune)] == [2, 2]


@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("ABACA", "ABACA"),
        ("A2B", "AAB"),
        ("(AB)2C", "ABABC"),
        ("A.(BC)2.D3", "ABCBCDDD"),
        ("((AB)2C)2", "ABABCABABC"),
        ("A B A", "ABA"),
        ("(AB", "AB"),
        ("AB)2", "AB"),
        ("A0B", "B"),
        ("", ""),
    ],
)
def test_the_order_of_parts_is_written_out(value: str, order: str) -> None:
    assert part_order(value) == order


def test_an_order_of_parts_without_end_is_capped() -> None:
    assert len(part_order("(" * 50 + "A" + ")99" * 50)) == 1000
    assert len(part_order("A999999999")) == 1000


def heard(header: str, music: str) -> str:
    """The letters of the notes of one voice as they are played."""
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1\n{header}K:C\n{music}\n")
    return "".join(note.names[0][0] for note in sounding_notes(parsed.tune))


@pytest.mark.parametrize(
    ("order", "music", "letters"),
    [
        ("P:ABA\n", "P:A\nC|\nP:B\nD|\n", "CDC"),
        ("P:AB2\n", "P:A\nC:|\nP:B\nD|\n", "CCDD"),
        ("P:ABA\n", "P:A\n|:C|1D:|2E||\nP:B\nF|\n", "CDCEFCDCE"),
        ("P:BA\n", "P:A\nC|[P:B]D|\n", "DC"),
        ("", "P:A\nC|\nP:B\nD|\n", "CD"),
        ("P:ABA\n", "C|D|\n", "CD"),
        ("P:XY\n", "P:A\nC|\nP:B\nD|\n", "CD"),
        ("P:AXB\n", "P:A\nC|\nP:B\nD|\n", "CD"),
        ("P:AB\n", "G|\nP:A\nC|\nP:B\nD|\n", "GCD"),
        ("P:AA\n", "P:A\nC|\nP:A\nD|\n", "CC"),
    ],
)
def test_parts_are_played_in_the_order_of_the_header(order: str, music: str, letters: str) -> None:
    assert heard(order, music) == letters


def test_parts_without_end_are_capped() -> None:
    assert len(heard("P:(A9)999\n", "P:A\n" + "C|" * 50 + "\nP:B\nD|\n")) == MOST_BARS


def test_the_notes_are_those_of_the_first_voice() -> None:
    assert heard("", "V:1\nC|\nV:2\nE|\nV:1\nD|\n") == "CD"


def test_many_sections_take_time_in_proportion() -> None:
    assert len(played("A|B:|" * 200)) == 800


def pitches(music: str, key: str = "C") -> list[int]:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1/4\nK:{key}\n{music}\n")
    return [note.pitches[0] for note in sounding_notes(parsed.tune)]


@pytest.mark.parametrize(
    ("music", "key", "numbers"),
    [
        ("C c C, c'", "C", [60, 72, 48, 84]),
        ("F f C", "D", [66, 78, 61]),
        ("B E", "F", [70, 64]),
        ("F C G", "Edor", [66, 61, 67]),
        ("^C C|C", "C", [61, 61, 60]),
        ("=F F|F", "D", [65, 65, 66]),
        ("^^F __B", "C", [67, 69]),
        ("[K:D]F", "C", [66]),
        ("^C-|C", "C", [61]),
    ],
)
def test_accidentals_hold_for_the_bar_and_keys_for_the_rest(
    music: str, key: str, numbers: list[int]
) -> None:
    assert pitches(music, key) == numbers
