import pytest

from abclm.evaluate.voices.chords import ends_on_tonic, is_chord, strong_chords
from abclm.evaluate.voices.slices import slices
from tests.evaluate.voices.pieces import parsed


@pytest.mark.parametrize(
    "pitches",
    [
        (60, 64, 67),
        (57, 60, 64),
        (59, 62, 65),
        (60, 64, 68),
        (55, 59, 62, 65),
        (52, 55, 60, 76),
        (60, 64),
        (55, 65, 71),
    ],
    ids=["major", "minor", "diminished", "augmented", "G7", "inverted", "no fifth", "G7, no fifth"],
)
def test_triads_and_sevenths_are_chords(pitches: tuple[int, ...]) -> None:
    assert is_chord(pitches)


@pytest.mark.parametrize(
    "pitches",
    [(60,), (60, 67), (60, 62), (60, 65, 67), (60, 61, 64)],
    ids=["one note", "bare fifth", "second", "suspension", "cluster"],
)
def test_others_are_not(pitches: tuple[int, ...]) -> None:
    assert not is_chord(pitches)


def test_strong_beats_begin_a_bar_and_halve_an_even_one() -> None:
    assert strong_chords(slices(parsed("cdef|", "CDEF|"))) == [(60, 72), (64, 76)]
    assert strong_chords(slices(parsed("cde|", "CDE|", meter="3/4"))) == [(60, 72)]


def test_what_is_held_over_a_strong_beat_sounds_there() -> None:
    # On the third beat of the first bar both voices are held: e struck on the second.
    assert strong_chords(slices(parsed("c e2 f|", "C E2 F|"))) == [(60, 72), (64, 76)]


def test_one_voice_alone_and_short_bars_are_not_asked() -> None:
    assert strong_chords(slices(parsed("z4|", "C4|"))) == []
    assert strong_chords(slices(parsed("c|cdef|", "C|CDEF|"))) == [(60, 72), (64, 76)]


@pytest.mark.parametrize(
    ("voices", "key", "answer"),
    [
        (("G4|", "E4|", "C4|"), "C", True),
        (("c4|", "C4|"), "C", True),
        (("^c4|", "A,4|"), "Am", True),
        (("c4|", "E4|"), "C", False),
        (("A4|", "C4|"), "C", False),
        (("_B4|", "C4|"), "C", False),
        (("c4|", "C4|"), "none", None),
    ],
    ids=["triad", "octave", "Picardy", "first inversion", "sixth", "seventh", "no tonic"],
)
def test_the_last_chord(voices: tuple[str, ...], key: str, answer: bool | None) -> None:
    tune = parsed(*voices, key=key)
    assert ends_on_tonic(slices(tune), tune.key) is answer


def test_a_piece_of_rests_has_no_last_chord() -> None:
    tune = parsed("z4|", "z4|")
    assert ends_on_tonic(slices(tune), tune.key) is None
