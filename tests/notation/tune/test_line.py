import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import parse_key
from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.line_notes import tonic_class


def line_of(body: str, key: str = "G", meter: str = "2/4") -> MelodicLine:
    text = f"X:1\nT:t\nM:{meter}\nL:1/8\nK:{key}\n{body}\n"
    found = melodic_line(parse_tunebook(text)[0].tune)
    assert found is not None
    return found


def pitches(line: MelodicLine) -> list[int]:
    return [note.pitch for note in line.notes]


def test_a_note_by_hand() -> None:
    line = line_of("G2 (3ABc|{e}.^c4-|c4|]")
    assert (line.ticks, line.tonic, line.mode) == (12, 7, "")
    # A quarter is 3 ticks of 12, an eighth of a triplet 1.
    assert [(note.bar, note.onset, note.duration) for note in line.notes] == [
        (0, 0, 3), (0, 3, 1), (0, 4, 1), (0, 5, 1), (1, 0, 12),
    ]  # fmt: skip
    last = line.notes[-1]
    assert (last.pitch, last.step, last.degree, last.above_tonic) == (73, 7, 4, 6)
    assert (last.chromatic, last.tied, last.graces, last.decorated) == (True, True, 1, True)
    assert [note.tuplet for note in line.notes] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[Gd]2 [B,D]2|]", [74, 62]),  # of a chord the top note
        ("f2 =f2|f4|]", [78, 77, 78]),  # an accidental ends with its bar
        ("=f2 F2|]", [77, 65]),  # and holds in all octaves
        ("{=f}e2 f2|]", [76, 77]),  # a grace note's accidental holds too
        ("=f4-|f2 f2|]", [77, 78]),  # a tie takes the accidental over the bar line, for one note
        ("G2-A2|]", [67, 69]),  # a tie between two pitches is none
        ("G2-z2|G4|]", [67, 67]),  # nor is one before a rest
        ("G4-|G4-|G4|]", [67]),
        ("f2[K:F]f2|]", [78, 77]),
        ("G4&B,4|]", [67]),  # the first layer of an overlay
    ],
)
def test_pitches_of_the_line(body: str, expected: list[int]) -> None:
    assert pitches(line_of(body)) == expected


def test_degrees_are_those_of_the_key_that_holds() -> None:
    line = line_of("G4|[K:D]G4|]")
    assert [(note.degree, note.above_tonic) for note in line.notes] == [(1, 0), (4, 5)]
    assert (line.tonic, line.mode) == (7, "")


def test_bars_have_section_place_and_length() -> None:
    line = line_of("D|G4|z4|A3:|B|c4|d3|]")
    bars = line.bars
    assert [(bar.section, bar.place, bar.pickup) for bar in bars] == [
        (0, 0, True), (0, 1, False), (0, 2, False), (0, 3, False),
        (1, 0, True), (1, 1, False), (1, 2, False),
    ]  # fmt: skip
    assert [bar.full for bar in bars] == [False, True, True, False, False, True, False]
    assert [bar.rests for bar in bars] == [0, 0, 1, 0, 0, 0, 0]
    # The pickups and the bar of rest stand in no list of bars that are compared.
    assert [[bar.notes[0].pitch for bar in section] for section in line.sections] == [
        [67, 69], [72, 74],
    ]  # fmt: skip
    assert [bar.notes[0].pitch for bar in line.full_bars] == [67, 72]


def test_in_free_meter_no_bar_is_full() -> None:
    assert [bar.measure for bar in line_of("GABc|d4|]", meter="none").bars] == [None, None]
    assert not line_of("GABc|d4|]", meter="none").full_bars


def test_equal_bars_have_equal_figures_and_rhythms() -> None:
    one, two, three = line_of("GA B2|GA B2|cd e2|]").bars
    assert one.figure == two.figure != three.figure
    assert one.rhythm == three.rhythm == ((0, 1), (1, 1), (2, 2))


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("^f4|]", 1),  # the signature says it
        ("=c2 c2|]", 1),
        ("=f2 f2|]", 0),
        ("=f2 =f2|]", 1),  # the first one holds
        ("=f2 ^f2|]", 0),  # back to the key: needed
        ("=f2 =F2|]", 0),  # printed music would need it
        ("=f4|^f4|]", 1),  # the bar line has cancelled it
        ("=f4|=f4|]", 0),
        ("[^f=c]4|{^f}e4|]", 3),
    ],
)
def test_needless_accidentals(body: str, count: int) -> None:
    assert sum(bar.needless for bar in line_of(body).bars) == count


@pytest.mark.parametrize("text", ["K:none\nG4|]", "K:?\nG4|]", "K:G\nz4|]", "K:G\n"])
def test_without_a_note_or_a_tonic_there_is_no_line(text: str) -> None:
    assert melodic_line(parse_tunebook(f"X:1\nT:t\nM:2/4\nL:1/8\n{text}\n")[0].tune) is None


def test_of_several_voices_the_first_is_the_line() -> None:
    assert pitches(line_of("V:1\nG4|]\nV:2\nD4|]")) == [67]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("C", 0), ("F#m", 6), ("Bb", 10), ("Cb", 11), ("HP", 9), ("Hp", 9), ("none", None)],
)
def test_the_tonic_of_a_key(key: str, expected: int | None) -> None:
    assert tonic_class(parse_key(key)) == expected


def test_no_key_has_no_tonic() -> None:
    assert tonic_class(None) is None
