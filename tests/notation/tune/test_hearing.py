import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune import hearing
from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.music import Tune

EIGHT = "GABc|d2B2|cBAG|F2A2|GABc|d2B2|cBAF|G4"
"""Eight bars of which 5 and 6 are 1 and 2."""


def tune_of(body: str, key: str = "G") -> Tune:
    return parse_tunebook(f"X:1\nT:t\nM:2/4\nL:1/8\nK:{key}\n{body}\n")[0].tune


def line_of(body: str, key: str = "G") -> MelodicLine:
    found = melodic_line(tune_of(body, key))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "key", "expected"),
    [("d4|G4|]", "G", 1), ("d4|D4|]", "G", 0), ("d4|^G4|]", "G", 0), ("d4|e4|]", "Em", 1)],
)
def test_the_final_is_the_tonic(body: str, key: str, expected: float) -> None:
    assert hearing.final_tonic(line_of(body, key)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("d4|G4:|B4|G4:|", 1),
        ("d4|G4:|B4|g4:|", 0),  # another octave is another note
        ("d4|G4:|B4|G4||d4|B4|]", 0),
        ("d4|G4|]", None),
    ],
)
def test_endings_agree(body: str, expected: float | None) -> None:
    assert hearing.endings_agree(line_of(body)) == expected


def test_question_and_answer_by_hand() -> None:
    assert hearing.bar_five_is_bar_one(line_of(f"{EIGHT}|]")) == 1
    assert hearing.question_and_answer(line_of(f"{EIGHT}|]")) == 1
    # In the second section bar 5 has one eighth of four in common with bar 1, bar 6 all.
    other = EIGHT.replace("F2A2|GABc", "F2A2|edcc")
    both = line_of(f"|:{EIGHT}:|{other}|]")
    assert hearing.bar_five_is_bar_one(both) == 0.5
    assert hearing.question_and_answer(both) == pytest.approx((1 + 1 + 0.25 + 1) / 4)


def test_the_pickup_is_not_bar_one() -> None:
    bars = EIGHT.split("|")
    assert hearing.bar_five_is_bar_one(line_of(f"D|{'|'.join(bars[:-1])}|G3|]")) == 1


def test_sections_of_less_than_eight_bars_have_no_bar_five_to_compare() -> None:
    short = line_of("GABc|d2B2|cBAG|G4|]")
    assert hearing.bar_five_is_bar_one(short) is None
    assert hearing.question_and_answer(short) is None


def test_rhyme_by_hand() -> None:
    # The last bars are the same; of the last but one half is: mean 3/4.
    assert hearing.rhyme(line_of("d4|GABc|G4:|e4|GAcB|G4|]")) == pytest.approx(0.75)
    assert hearing.rhyme(line_of("d4|GABc|G4|]")) is None
    assert hearing.rhyme(line_of("d4|G4:|e4:|")) is None


def test_distinct_bars_are_counted_among_the_full_ones() -> None:
    assert hearing.distinct_bars(line_of("d|G4|G4|A4|G3|]")) == pytest.approx(2 / 3)
    assert hearing.distinct_bars(line_of("G2|]")) is None


@pytest.mark.parametrize(("body", "expected"), [("F2 c2|]", 1), ("F2 B2|]", 0), ("G4|]", 0)])
def test_a_tritone_is_six_semitones(body: str, expected: float) -> None:
    assert hearing.tritone(line_of(body)) == expected


def test_needless_accidentals_are_a_matter_of_yes_or_no() -> None:
    assert hearing.needless_accidental(line_of("^f2 ^f2|]")) == 1
    assert hearing.needless_accidental(line_of("=f2 ^f2|]")) == 0


def test_each_section_closes_with_its_last_degrees() -> None:
    line = line_of("D|GABc|d3:|\nD|GA|]")
    assert hearing.last_degrees(line) == [(2, 3, 4, 5), (5, 1, 2)]
    assert hearing.last_degrees(line, 1) == [(5,), (2,)]
    assert [note.degree for note in hearing.section_ends(line)] == [5, 2]


def test_similarity_is_the_share_of_the_bar_in_which_the_same_sounds() -> None:
    def similarity(body: str) -> float:
        return hearing.similarity(*line_of(body).bars)

    assert similarity("GABc|GABc|]") == 1
    assert similarity("G2B2|G2A2|]") == 0.5
    assert similarity("(3GABc2|(3GAcc2|]") == pytest.approx(5 / 6)
    # A rest lets the note before it sound on no longer: nothing is the same as nothing.
    assert similarity("z2G2|z2A2|]") == 0.5


def test_a_bar_without_length_sounds_at_no_moment() -> None:
    (bar,) = line_of("G0|]").bars
    assert hearing.sounding_grid(bar, [67]) == [0] * hearing.MOMENTS


def test_notes_are_counted_as_written() -> None:
    # A chord has two, tied notes are two, the rest and the grace note are none.
    assert hearing.count_notes(tune_of("{c}[Gd]2-G2|z4|A4-|A4|]")) == 5


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("|:d4|d4|1d4:|2e4||d4|]", [3, 1]),  # of two endings the first counts
        ("d|:d4|d4:|", [2]),  # a pickup before the sign is no section
        ("d4|d4||d|d4|d3|]", [2, 2]),
        ("", []),
    ],
)
def test_bars_of_sections(body: str, counts: list[int]) -> None:
    assert hearing.section_bars(tune_of(body)) == counts


def test_sixteen_bars_are_two_sections_of_eight() -> None:
    assert hearing.has_eight_bar_sections(tune_of("|".join(["d4"] * 16) + "|]"))
    assert not hearing.has_eight_bar_sections(tune_of("|".join(["d4"] * 32) + "|]"))
    assert not hearing.has_eight_bar_sections(tune_of(""))
