from fractions import Fraction
from math import erf, sqrt

import numpy as np
import pytest

from abclm.evaluate.features.features import NOTE_LENGTHS, Features, features_of
from abclm.evaluate.features.likeness import Likeness, bandwidth, density, likeness, overlap_area
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse


def histogram(count: int, **shares: float) -> list[float]:
    filled = [0.0] * count
    for place, share in shares.items():
        filled[int(place[1:])] = share
    return filled


def test_two_tunes_by_hand(three: list[Tune]) -> None:
    one, two = features_of(three[0]), features_of(three[1])
    assert one is not None
    assert two is not None
    # One sounds D G A B G A B A G, twice: MIDI 62 67 69 71 67 69 71 69 67.
    assert (one.pitch_count, one.pitch_range) == (4, 9)
    # Steps 5 2 2 4 2 2 2 2 make 21; from G back to D 5; 21 again: 47 over 17 steps.
    assert one.interval == pytest.approx(47 / 17)
    # Above G: G three of nine, A three, B two, D one.
    assert one.pitch_classes == pytest.approx(histogram(12, _0=3 / 9, _2=3 / 9, _4=2 / 9, _7=1 / 9))
    # D lasts 1/8, seven notes 4/8 and the last one 3/8.
    lengths = dict(zip(NOTE_LENGTHS, one.note_lengths, strict=True))
    assert lengths[Fraction(1, 8)] == pytest.approx(1 / 9)
    assert lengths[Fraction(1, 2)] == pytest.approx(7 / 9)
    assert lengths[Fraction(3, 8)] == pytest.approx(1 / 9)
    # Two sounds A B c A e, twice, in A minor: 69 71 72 69 76, steps 2 1 3 7, back 7: 33 over 9.
    assert (two.pitch_count, two.pitch_range, two.interval) == pytest.approx((4, 7, 33 / 9))
    assert two.pitch_classes == pytest.approx(histogram(12, _0=0.4, _2=0.2, _3=0.2, _7=0.2))


def test_a_transposed_tune_has_the_same_features() -> None:
    body = "G2AB c2d2|e4d4|]\n"
    higher = "A2Bc d2e2|f4e4|]\n"
    head = "T:t\nM:4/4\nL:1/8\nK:"
    assert features_of(parse(f"{head}G\n{body}")) == features_of(parse(f"{head}A\n{higher}"))


@pytest.mark.parametrize("text", ["K:G\n", "K:G\nG4|]\n", "K:none\nGABc|]\n", "K:?\nGABc|]\n"])
def test_without_two_notes_or_a_tonic_there_are_no_features(text: str) -> None:
    assert features_of(parse(f"T:t\nM:4/4\nL:1/8\n{text}")) is None


def test_bagpipe_tunes_stand_on_a_and_a_length_of_its_own_goes_to_the_nearest_class() -> None:
    found = features_of(parse("T:t\nM:4/4\nL:1/8\nK:HP\nA5A|]\n"))
    assert found is not None
    assert found.pitch_classes[0] == 1
    # 5/8 lies between 1/2 and 3/4, nearer to 3/4 by its logarithm: 5/4 against 6/5.
    assert found.note_lengths[NOTE_LENGTHS.index(Fraction(3, 4))] == 0.5


def test_silvermans_rule_by_hand() -> None:
    # Of 1 2 3 4 5 the standard deviation is √2 and the quartiles are 2 and 4: 0.9 min(1.4142,
    # 2 / 1.34 = 1.4925) 5^-0.2 = 0.9 * 1.4142 * 0.72478.
    values = np.array([1.0, 2, 3, 4, 5])
    assert bandwidth(values, 0.1) == pytest.approx(0.9 * 2**0.5 * 0.7247797)
    assert bandwidth(np.full(5, 3.0), 0.1) == 0.1
    # Where the quartiles are equal the standard deviation decides: here √0.16.
    assert bandwidth(np.array([0.0, 0, 0, 0, 1]), 0.01) == pytest.approx(0.9 * 0.4 * 0.7247797)


def test_a_density_is_one_in_all_and_highest_where_most_values_are() -> None:
    points = np.linspace(-10, 20, 3001)
    found = density(np.array([2.0, 2, 2, 8]), points, 1.0)
    assert np.trapezoid(found, points) == pytest.approx(1)
    assert points[found.argmax()] == pytest.approx(2, abs=0.02)
    # Three of four kernels have their top there, each 1 / √(2π).
    assert found.max() == pytest.approx(0.75 / sqrt(2 * np.pi), rel=1e-3)


@pytest.mark.parametrize("distance", [0.0, 1.0, 2.0, 3.0])
def test_two_kernels_overlap_as_far_as_they_are_close(distance: float) -> None:
    # Two normal densities d apart cross in the middle: twice the tail beyond d/2.
    tail = (1 - erf(distance / 2 / sqrt(2))) / 2
    area = overlap_area(np.array([5.0]), np.array([5.0 + distance]), 1.0)
    assert area == pytest.approx(2 * tail, abs=1e-4)


def test_a_narrow_kernel_far_from_others_is_not_missed() -> None:
    values = np.array([0.0, 1000])
    assert overlap_area(values, values, 0.01) == pytest.approx(1, abs=1e-3)


def test_tunes_are_as_like_themselves_as_can_be_and_unlike_tunes_of_another_kind(
    three: list[Tune],
) -> None:
    real = [found for tune in three if (found := features_of(tune)) is not None]
    assert likeness(real, real) == pytest.approx(Likeness(1, 1, 1, 1, 1), abs=1e-4)
    far = [
        Features(40.0, 60.0, 20.0, tuple(histogram(12, _1=1.0)), tuple(histogram(14, _0=1.0)))
    ] * 3
    assert likeness(far, real).mean < 0.1


def test_a_histogram_counts_by_the_weight_of_its_classes() -> None:
    def tune(**shares: float) -> Features:
        return Features(5, 5, 2.0, tuple(histogram(12, **shares)), tuple(histogram(14, _0=1.0)))

    # Class 0 has half of the notes in both sets; 2 has the rest of one and 4 of the other. The
    # areas are 1, 0 and 0, the weights 0.5 + 0.5, 0 + 0.5 and 0.5 + 0.
    found = likeness([tune(_0=0.5, _2=0.5)] * 3, [tune(_0=0.5, _4=0.5)] * 3)
    assert found.pitch_classes == pytest.approx(0.5, abs=1e-4)
    assert found.note_lengths == pytest.approx(1, abs=1e-4)
    assert found.mean == pytest.approx((1 + 1 + 1 + 0.5 + 1) / 5, abs=1e-3)
