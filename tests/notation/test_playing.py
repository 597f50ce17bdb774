import pytest

from abclm.notation.bars import bars
from abclm.notation.parser import parse_tunebook
from abclm.notation.playing import playing_order
from abclm.notation.sounding import sounding_notes


def played(music: str) -> str:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1\nK:C\n{music}\n")
    return "".join(str(bar.sounds[0].pitches[0]) for bar in playing_order(bars(parsed.tune)))


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
    ],
)
def test_bars_are_played_in_the_order(music: str, order: str) -> None:
    assert played(music) == order


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
