from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import UnknownCharacterError
from abclm.evaluate.ngram import NGram
from abclm.model.vocabulary import Vocabulary
from tests.evaluate.conftest import TUNES, TWO

TEXTS = st.lists(st.text("abc", max_size=12), min_size=1, max_size=8)


def test_one_text_by_hand() -> None:
    # Learnt from "ab", so end-a, a-b and b-end have been seen, each once; too little for the
    # equation, so half of each count is taken. Each of the three follows one character, so without
    # context each has (1 - 1/2) / 3 + 1/2 * 1/3 = 1/3. After its context each has
    # (1 - 1/2) / 1 + 1/2 * 1/3 = 2/3, and what has not been seen 1/2 * 1/3 = 1/6.
    model = NGram(Vocabulary.from_text(["ab"]), ["ab"], order=1)
    (cost,) = model.costs(["ab"])
    assert cost == pytest.approx([log2(3 / 2)] * 3)
    (cost,) = model.costs(["bb"])
    assert cost == pytest.approx([log2(6), log2(6), log2(3 / 2)])


def test_what_follows_many_contexts_is_likelier_than_what_follows_one_often() -> None:
    # In all, c comes as often as b, but always after b; b comes after a, b and at the start. Where
    # the context is new, Kneser-Ney looks at that and not at how often.
    vocabulary = Vocabulary.from_text(["abcd"])
    model = NGram(vocabulary, ["bc", "abc", "bbc", "bc", "bc"], order=1)
    after_d = [model.costs([f"d{character}"])[0][1] for character in "bc"]
    assert after_d[0] < after_d[1]


@given(TEXTS, st.text("abcd", max_size=8), st.integers(0, 6))
def test_probabilities_after_any_context_add_up_to_one(
    learnt: list[str], context: str, order: int
) -> None:
    vocabulary = Vocabulary.from_text(["abcd"])
    model = NGram(vocabulary, learnt, order)
    at = len(context)
    likely = [2 ** -model.costs([context + character])[0][at] for character in "abcd"]
    likely.append(2 ** -model.costs([context])[0][at])
    assert sum(likely) == pytest.approx(1)
    assert min(likely) > 0


def test_the_discounts_follow_the_equation() -> None:
    # Order 0 over "aaaabbbccdef": counted are a 4, b 3, c 2, d, e, f and the end 1 each. So n1 = 4
    # and n2 = n3 = n4 = 1, Y = 4 / (4 + 2) = 2/3; D1 = 1 - 4/3 * 1/4 = 2/3, D2 = 2 - 3 * 2/3 = 0,
    # of which 0.01 is left, D3 = 3 - 4 * 2/3 = 1/3. Taken in all: 4 * 2/3 + 0.01 + 2 * 1/3 of 13.
    model = NGram(Vocabulary.from_text(["abcdef"]), ["aaaabbbccdef"], order=0)
    left = (4 * 2 / 3 + 0.01 + 2 / 3) / 13 / 7
    (cost,) = model.costs(["abcd"])
    expected = [(4 - 1 / 3) / 13, (3 - 1 / 3) / 13, (2 - 0.01) / 13, (1 - 2 / 3) / 13]
    assert 2 ** -cost[:4] == pytest.approx([share + left for share in expected])


def test_it_writes_what_it_has_learnt() -> None:
    model = NGram(Vocabulary.from_text(TUNES), [TWO])
    assert model.sample(np.random.default_rng(0), 1000, temperature=0) == (TWO, True)


def test_the_same_seed_draws_the_same_tune_and_the_limit_cuts_it() -> None:
    model = NGram(Vocabulary.from_text(TUNES), TUNES)
    drawn = [model.sample(np.random.default_rng(seed), 500) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]
    text, ended = model.sample(np.random.default_rng(3), 5)
    assert (text, ended) == (drawn[0][0][:5], False)


def test_draws_are_as_frequent_as_the_costs_say() -> None:
    model = NGram(Vocabulary.from_text(["ab"]), ["ab", "a"], order=2)
    rng = np.random.default_rng(0)
    drawn = [model.sample(rng, 1)[0] for _ in range(4000)]
    wanted = 2 ** -model.costs(["a"])[0][0]
    assert drawn.count("a") / len(drawn) == pytest.approx(wanted, abs=0.02)


def test_a_character_outside_the_vocabulary_is_an_error() -> None:
    model = NGram(Vocabulary.from_text(["ab"]), ["ab"])
    with pytest.raises(UnknownCharacterError):
        model.costs(["é"])
