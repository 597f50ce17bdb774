from collections.abc import Callable

import numpy as np
import pytest

from abclm.compose.generation import Composer
from abclm.errors import UnknownCharacterError
from abclm.evaluate.bits import Bits, count_notes, network_costs, total_bits
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import plan_start
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import ONE, THREE, TUNES, TWO


def test_notes_by_hand(three: list[Tune]) -> None:
    # One: D and eight half notes. Two: A B c A e. Three: d, two in the chord, a, d, d; no g.
    assert [count_notes(tune) for tune in three] == [9, 5, 6]


def test_the_body_starts_after_the_key() -> None:
    # T:One is 6 characters with its line end, M: and L: 6 each, K:G 4; T:Three 8, K:Am 5.
    assert [plan_start(text) for text in TUNES] == [22, 23, 24]
    assert plan_start("K:G\nd4|") == 4
    assert plan_start("T:no key\nd4|") == len("T:no key\nd4|")
    assert plan_start("T:t\nK:G") == 7


def test_three_tunes_by_hand() -> None:
    # Bodies with line end and end of tune: One 30 + 1, Two 12 + 1, Three 35 + 1 characters.
    # Each character of a header costs 2 bits here, each of a body half a bit:
    # (22 + 23 + 24) * 2 = 138 and (31 + 13 + 36) / 2 = 40 bits, over 69 + 80 = 149 characters;
    # notes are 9 + 5 + 6 = 20.
    starts = (22, 23, 24)
    costs = [
        np.where(np.arange(len(text) + 1) < start, 2.0, 0.5)
        for text, start in zip((ONE, TWO, THREE), starts, strict=True)
    ]
    found = total_bits(TUNES, TUNES, costs)
    assert found == Bits(bits=178.0, characters=149, body_bits=40.0, notes=20)
    assert found.per_character == pytest.approx(178 / 149)
    assert found.per_note == pytest.approx(2.0)


def test_notes_are_those_of_the_tune_and_characters_those_that_are_read() -> None:
    # The plan is part of what is read, and counts as part of the body.
    read = "M:3/4\nK:Am\nP:A1-\nGAB|"
    cost = np.ones(len(read) + 1)
    assert total_bits([TWO], [read], [cost]) == Bits(len(read) + 1, len(read) + 1, 11, 5)


def test_nothing_read_is_no_bits() -> None:
    assert total_bits([], [], []) == Bits(0.0, 0, 0.0, 0)
    assert (Bits(0.0, 0, 0.0, 0).per_character, Bits(0.0, 0, 0.0, 0).per_note) == (0.0, 0.0)


def test_a_network_that_spells_a_tune_needs_no_bits_for_it_alone(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    spells_two = Composer(spelling_model(TWO, "xyz"))
    shorter, longer = TWO[:-4], TWO + "xyz"
    two, short, long = network_costs(spells_two, [TWO, shorter, longer])
    assert [len(cost) for cost in (two, short, long)] == [len(TWO) + 1, len(TWO) - 3, len(TWO) + 4]
    assert two.sum() == pytest.approx(0, abs=1e-6)
    # The first is as foreseen as the other, up to where it stops too early.
    assert short[:-1].sum() == pytest.approx(0, abs=1e-6)
    assert short[-1] > 10
    assert long[len(TWO)] > 10


def test_a_character_that_the_network_does_not_know_is_an_error(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    with pytest.raises(UnknownCharacterError):
        network_costs(Composer(spelling_model(TWO)), ["é"])
