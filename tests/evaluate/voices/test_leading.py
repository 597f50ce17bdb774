"""Voice leading, on pairs of chords that textbooks allow or forbid."""

import pytest

from abclm.evaluate.voices.leading import Leading
from abclm.evaluate.voices.slices import slices
from tests.evaluate.voices.pieces import parsed


def counted(*voices: str) -> Leading:
    return Leading.of([slices(parsed(*voices, meter="2/4")).slices])


@pytest.mark.parametrize(
    ("voices", "fifths", "octaves"),
    [
        (("G A|", "C D|"), 1, 0),
        (("g a|", "C D|"), 1, 0),
        (("c d|", "C D|"), 0, 1),
        (("C D|", "C D|"), 0, 1),
        # A third; the same fifth again; contrary motion; a fifth after a sixth.
        (("E F|", "C D|"), 0, 0),
        (("G G|", "C C|"), 0, 0),
        (("G g|", "C C,|"), 0, 0),
        (("A A|", "C D|"), 0, 0),
        # A fifth to a diminished one (B and f).
        (("e f|", "A B|"), 0, 0),
        # One voice is held or silent.
        (("G A|", "C2|"), 0, 0),
        (("G z|", "C D|"), 0, 0),
        # Both moves, of three voices: fifths between two pairs, an octave between the third.
        (("g a|", "c d|", "C D|"), 2, 1),
    ],
)
def test_parallels(voices: tuple[str, ...], fifths: int, octaves: int) -> None:
    found = counted(*voices)
    assert (found.fifths, found.octaves) == (fifths, octaves)


def test_a_note_that_is_held_makes_no_parallel() -> None:
    # The upper voice goes from G to A while the lower one still has C, then D follows.
    assert counted("G3/2 A/|", "C D|").fifths == 0


def test_crossings_and_gaps_are_counted_where_a_move_ends() -> None:
    crossed = counted("G C|", "E E|", "C C|")
    assert (crossed.moves, crossed.crossings, crossed.gaps) == (1, 1, 0)
    wide = counted("g a|", "C E|", "C, C,|")
    # g' to C at the start is not counted; a to E is wider than an octave; E to C, is the bass.
    assert (wide.crossings, wide.gaps) == (0, 1)


def test_figures_are_per_hundred_moves() -> None:
    found = Leading(moves=200, fifths=1, octaves=0, crossings=5, gaps=3)
    assert found.per_hundred("fifths") == 0.5
    assert found.as_dict() == {
        "moves": 200,
        "fifths": 0.5,
        "octaves": 0.0,
        "crossings": 2.5,
        "gaps": 1.5,
    }
    assert Leading().per_hundred("fifths") is None


def test_pieces_add_up_and_no_move_leads_from_one_to_the_next() -> None:
    one = slices(parsed("G A|", "C D|", meter="2/4")).slices
    found = Leading.of([one, one, one[:1], ()])
    assert (found.moves, found.fifths) == (2, 2)
