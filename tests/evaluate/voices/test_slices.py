from fractions import Fraction

from abclm.evaluate.voices.slices import Slice, slices
from tests.evaluate.voices.pieces import parsed

QUARTER = Fraction(1, 4)


def lines(found: Slice) -> list[int | None]:
    return [found.line(voice) for voice in range(len(found.voices))]


def test_a_slice_begins_wherever_a_voice_strikes_a_note() -> None:
    found = slices(parsed("c2 d2|", "E G2 F|")).slices
    assert [one.moment for one in found] == [0, QUARTER, 2 * QUARTER, 3 * QUARTER]
    assert [lines(one) for one in found] == [[72, 64], [72, 67], [74, 67], [74, 65]]
    assert [[voice is not None and voice.struck for voice in one.voices] for one in found] == [
        [True, True],
        [False, True],
        [True, False],
        [False, True],
    ]


def test_tied_notes_are_one_and_rests_are_silent() -> None:
    found = slices(parsed("c2 d2-|d2 z2|", "E4|F2 G2|"))
    assert [one.moment for one in found.slices] == [0, Fraction(1, 2), 1, Fraction(3, 2)]
    assert [lines(one) for one in found.slices] == [[72, 64], [74, 64], [74, 65], [None, 67]]
    assert [len(voice) for voice in found.notes] == [2, 3]
    assert [start for start, _ in found.bars] == [0, 1]


def test_of_a_chord_the_last_voice_has_its_lowest_note_and_others_their_highest() -> None:
    (found,) = slices(parsed("[Gc]4|", "[CE]4|")).slices
    assert lines(found) == [72, 60]
    assert found.pitches == (60, 64, 67, 72)


def test_a_key_and_accidentals_are_heard() -> None:
    found = slices(parsed("F ^C C =F|", "D4|", key="D")).slices
    assert [one.line(0) for one in found] == [66, 61, 61, 65]


def test_repeats_are_read_once() -> None:
    assert len(slices(parsed("|:c4:|", "|:C4:|")).slices) == 1
