from abclm.evaluate.features.note_ngrams import note_ngrams
from tests.evaluate.conftest import parse
from tests.evaluate.music import line_of


def test_ngrams_by_hand() -> None:
    line = line_of(parse("T:t\nM:2/4\nL:1/8\nK:G\nG2B2|d4||G4|]\n"))
    intervals, degrees = note_ngrams(line)
    assert [each for each in intervals if " " not in each] == [
        "+0:1/4", "+2:1/4", "+2:1/2", "-4:1/2",
    ]  # fmt: skip
    assert "+2:1/4 | +2:1/2 ||" in intervals
    assert [each for each in degrees if " " not in each] == ["1@0", "3@1/4", "5@0", "1@0"]
    assert {"3@1/4 | 5@0", "5@0 || 1@0", "1@0 |]"} <= set(degrees)
    assert max(len(each.split()) for each in intervals) == 4
    assert max(len(each.split()) for each in degrees) == 3


def test_a_transposed_tune_has_the_same_ngrams() -> None:
    low = line_of(parse("T:t\nM:2/4\nL:1/8\nK:G\nG2B2|d4|]\n"))
    high = line_of(parse("T:t\nM:2/4\nL:1/8\nK:D\nd2f2|a4|]\n"))
    assert note_ngrams(low) == note_ngrams(high)


def test_the_unit_note_length_does_not_matter() -> None:
    eighths = line_of(parse("T:t\nM:2/4\nL:1/8\nK:G\nG2B2|d4|]\n"))
    sixteenths = line_of(parse("T:t\nM:2/4\nL:1/16\nK:G\nG4B4|d8|]\n"))
    assert note_ngrams(eighths) == note_ngrams(sixteenths)
