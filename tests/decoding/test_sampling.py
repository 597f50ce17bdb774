"""Every draw comes from the right set, with the right probability, ties and masks included."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abclm.decoding.sampling import Sampling, choose
from abclm.errors import InputError

# Few different values, so that ties are the rule.
tied_logits = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=8)
temperatures = st.sampled_from([0.3, 0.8, 1.0, 1.7])
top_ks = st.none() | st.integers(1, 9)
top_ps = st.none() | st.sampled_from([1e-9, 0.1, 0.25, 0.5, 0.7, 0.9, 0.999, 1.0])
uniforms = st.floats(0, 1, exclude_max=True)


def draw(
    logits: Sequence[float],
    sampling: Sampling,
    points: Sequence[float] | NDArray[Any],
    **options: Any,
) -> list[int]:
    """The ids drawn from the same logits with each of ``points``."""
    rows = np.tile(np.array(logits), (len(points), 1))
    ids: list[int] = choose(rows, sampling, np.array(points), **options).ids.tolist()
    return ids


def expected_probabilities(
    logits: Sequence[float], sampling: Sampling, allowed: Sequence[bool] | None = None
) -> dict[int, float]:
    """Id to probability, by the definitions and with plain Python."""
    ids = [i for i in range(len(logits)) if allowed is None or allowed[i]]
    top = max(logits[i] for i in ids)
    weights = {i: math.exp((logits[i] - top) / sampling.temperature) for i in ids}
    ranked = sorted(ids, key=lambda i: (-logits[i], i))
    if sampling.top_k is not None:
        ranked = ranked[: sampling.top_k]
    if sampling.top_p is not None and sampling.top_p < 1:
        total = math.fsum(weights[i] for i in ranked)
        size = 1
        while math.fsum(weights[i] for i in ranked[:size]) / total < sampling.top_p - 1e-12:
            size += 1
        ranked = ranked[:size]
    total = math.fsum(weights[i] for i in ranked)
    return {i: weights[i] / total for i in sorted(ranked)}


@given(tied_logits, temperatures, top_ks, top_ps, st.data())
def test_each_character_has_exactly_its_share_of_the_random_numbers(
    logits: list[float], t: float, k: int | None, p: float | None, data: st.DataObject
) -> None:
    """The middle of each expected interval draws its character, and so do its two ends."""
    allowed = data.draw(st.lists(st.booleans(), min_size=len(logits), max_size=len(logits)))
    assume(any(allowed))
    sampling = Sampling(t, k, p)
    expected = expected_probabilities(logits, sampling, allowed)
    ends = np.cumsum(list(expected.values()))
    starts = np.concatenate([[0.0], ends[:-1]])
    for points in ((starts + ends) / 2, starts + 1e-9, ends - 1e-9):
        drawn = draw(logits, sampling, points, allowed=np.array(allowed))
        assert drawn == list(expected)


@given(st.integers(1, 20), st.integers(1, 25))
def test_top_k_of_equal_characters_takes_the_lowest_ids_exactly_k(size: int, k: int) -> None:
    points = np.linspace(0, 1, 200, endpoint=False)
    assert set(draw([0.0] * size, Sampling(top_k=k), points)) == set(range(min(k, size)))


@given(st.integers(1, 20), st.integers(1, 20))
def test_a_nucleus_of_equal_characters_has_no_more_than_it_needs(size: int, needed: int) -> None:
    needed = min(needed, size)
    points = np.linspace(0, 1, 200, endpoint=False)
    drawn = draw([0.0] * size, Sampling(top_p=needed / size), points)
    assert set(drawn) == set(range(needed))


@given(tied_logits, uniforms)
def test_greedy_takes_the_lowest_of_the_likeliest(logits: list[float], uniform: float) -> None:
    assert draw(logits, Sampling(temperature=0), [uniform]) == [logits.index(max(logits))]


@pytest.mark.parametrize(("size", "top_p", "kept"), [(100, 0.07, 7), (10, 0.3, 3), (50, 0.14, 7)])
def test_a_share_that_rounds_up_takes_no_more_into_the_nucleus(
    size: int, top_p: float, kept: int
) -> None:
    """Seven hundredths of a hundred are 7.000000000000001 in floating point."""
    points = np.linspace(0, 1, 400, endpoint=False)
    assert set(draw([0.0] * size, Sampling(top_p=top_p), points)) == set(range(kept))


def test_greedy_takes_the_likeliest_of_the_allowed() -> None:
    allowed = np.array([False, True, True, False])
    assert draw([9.0, 1.0, 2.0, 8.0], Sampling(temperature=0), [0.5], allowed=allowed) == [2]


@pytest.mark.parametrize("uniform", [0.0, 0.5, math.nextafter(1, 0)])
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(top_k=2), Sampling(top_p=0.9)])
def test_what_cannot_be_is_not_drawn_at_the_ends_of_the_interval(
    uniform: float, sampling: Sampling
) -> None:
    logits = [-1e4, -1e4, 0.0, 0.3, -1e4]
    assert draw(logits, sampling, [uniform])[0] in {2, 3}


@pytest.mark.parametrize("temperature", [1e-300, 1e-4, 1e6])
def test_extreme_temperatures_are_quiet(temperature: float) -> None:
    drawn = draw([0.0, 50.0, -1000.0], Sampling(temperature), [0.7], tolerance=2e-5)
    assert drawn == ([2] if temperature > 1 else [1])


def test_a_mask_against_all_that_is_likely_still_leaves_a_choice() -> None:
    allowed = np.array([False, True, True])
    points = np.linspace(0, 1, 50)[:-1]
    drawn = draw([0.0, -5000.0, -5000.0], Sampling(0.1), points, allowed=allowed)
    assert set(drawn) == {1, 2}


def test_a_mask_that_allows_nothing_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(InputError, match="none of the characters allowed here"):
        draw([0.0, 1.0], Sampling(), [0.5], allowed=np.zeros(2, bool))


@given(tied_logits, temperatures, st.data())
def test_the_mass_that_a_mask_takes_away_is_told(
    logits: list[float], t: float, data: st.DataObject
) -> None:
    allowed = data.draw(st.lists(st.booleans(), min_size=len(logits), max_size=len(logits)))
    assume(any(allowed))
    everything = expected_probabilities(logits, Sampling(t))
    expected = math.fsum(p for i, p in everything.items() if not allowed[i])
    choice = choose(np.array([logits]), Sampling(t), np.array([0.5]), np.array(allowed))
    assert choice.removed[0] == pytest.approx(expected)


@given(tied_logits, temperatures, top_ks, uniforms)
def test_the_probability_told_is_the_models_own(
    logits: list[float], t: float, k: int | None, uniform: float
) -> None:
    choice = choose(np.array([logits]), Sampling(t, k), np.array([uniform]))
    own = expected_probabilities(logits, Sampling())
    assert choice.log2_probabilities[0] == pytest.approx(math.log2(own[int(choice.ids[0])]))


samplings = st.builds(Sampling, st.sampled_from([0, 0.3, 1.0]), top_ks, top_ps)
real_logits = st.lists(st.floats(-8, 8), min_size=2, max_size=8)


@given(real_logits, samplings, uniforms, st.data(), st.sampled_from([1e-6, 1e-3, 0.1]))
def test_a_certain_draw_survives_any_error_within_the_tolerance(
    logits: list[float], sampling: Sampling, uniform: float, data: st.DataObject, tolerance: float
) -> None:
    row = np.array([logits])
    choice = choose(row, sampling, np.array([uniform]), tolerance=tolerance)
    assume(choice.certain[0])
    signs = data.draw(
        st.lists(st.sampled_from([-1, 0, 1]), min_size=len(logits), max_size=len(logits))
    )
    off = row + 0.999 * tolerance * np.array(signs)
    assert choose(off, sampling, np.array([uniform])).ids == choice.ids


def test_a_draw_beside_a_border_is_uncertain_and_others_are_not() -> None:
    row = np.zeros((1, 2))
    for uniform, certain in ((0.5, False), (0.5 + 4e-6, False), (0.51, True), (0.0, True)):
        choice = choose(row, Sampling(), np.array([uniform]), tolerance=1e-5)
        assert choice.certain[0] == certain


def test_few_draws_are_uncertain() -> None:
    rng = np.random.default_rng(0)
    logits = 3 * rng.standard_normal((20_000, 90))
    choice = choose(logits, Sampling(), rng.random(20_000), tolerance=2e-5)
    assert 0.995 < choice.certain.mean() < 1


@given(tied_logits, temperatures, top_ks, top_ps, st.lists(uniforms, min_size=2, max_size=5))
def test_a_batch_gives_each_tune_what_it_gets_alone(
    logits: list[float], t: float, k: int | None, p: float | None, points: list[float]
) -> None:
    sampling = Sampling(t, k, p)
    alone = [draw(logits, sampling, [point])[0] for point in points]
    assert draw(logits, sampling, points) == alone


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": -1.0}, "temperature must be 0 .greedy. or more, not -1"),
        ({"temperature": math.nan}, "temperature must be"),
        ({"temperature": math.inf}, "temperature must be"),
        ({"top_k": 0}, "top-k must be 1 or more, not 0"),
        ({"top_p": 0.0}, "top-p must be above 0 and at most 1, not 0"),
        ({"top_p": 1.5}, "top-p must be above 0 and at most 1, not 1.5"),
        ({"top_p": math.nan}, "top-p must be"),
    ],
)
def test_settings_out_of_range_are_told_in_the_users_words(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        Sampling(**options)
