"""How often a tune goes back to the start of a bar, and what is counted of its draws."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from abclm.decoding.decoder import DecoderState
from abclm.decoding.tune_in_progress import Draw, TuneInProgress
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

VOCABULARY = Vocabulary.from_text(["ABC|\n"])
ONE = np.zeros((1, 4))


@pytest.fixture
def tune() -> TuneInProgress:
    """One whose every character may be drawn and starts a bar."""
    free: Any = SimpleNamespace(
        accept=str, can_roll_back=True, is_committed=False, snapshot=str, rollback=str
    )
    return TuneInProgress(np.random.default_rng(0), free, VOCABULARY)


def draw(character: str, removed: float = 0.0, bits: float = 1.0) -> Draw:
    return Draw(int(VOCABULARY.encode(character)[0]), -bits, removed)


def test_a_tune_goes_back_to_one_bar_three_times_and_is_then_forced(tune: TuneInProgress) -> None:
    state = DecoderState(ONE, ONE, (SimpleNamespace(),))  # type: ignore[arg-type]
    for returns in (3, 6):
        tune.accept(draw("A"))
        tune.mark(ONE, state, 0)
        for _ in range(3):
            tune.accept(draw("B", removed=0.8))
            assert tune.go_back() is not None
        before = tune.text
        tune.accept(draw("C", removed=0.8))
        assert tune.go_back() is None
        assert tune.text == f"{before}C"
        assert tune.returns == returns
    # Of what was undone nothing is counted.
    assert (tune.text, tune.drawn, tune.forced) == ("ACAC", 4, 2)
    assert tune.log2_probability == -4


def test_a_draw_is_forced_where_more_than_seven_tenths_were_forbidden(tune: TuneInProgress) -> None:
    for removed in (0.0, 0.69, 0.71, 0.99):
        tune.accept(draw("A", removed))
    assert tune.forced == 2
    assert tune.taken == pytest.approx(-np.log2([0.31, 0.29, 0.01]).sum())


def test_the_end_of_a_tune_ends_its_line(tune: TuneInProgress) -> None:
    tune.accept(draw("A"))
    tune.accept(Draw(END_OF_TUNE, -1.0, 0.0))
    assert (tune.ended, tune.text) == (True, "A\n")
