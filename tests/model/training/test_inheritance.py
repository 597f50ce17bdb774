"""A network that continues from another one, with more characters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from abclm.decoding.decoder import Decoder
from abclm.errors import TrainingError
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.cues.reader import CueReader
from abclm.model.settings import CUES_OF_ONE, Cue, NetworkSettings
from abclm.model.training.inheritance import inherit, joint_vocabulary
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

OLD = Vocabulary.from_text(["GABc|\n:KM"])
CUES: tuple[Cue, ...] = ("echo", "bar")
NETWORK = NetworkSettings(OLD.size, 5, 9, 2, 0.1, cues=CUES, direct=True)
TUNE = "K:G\nGABc|GABc|GAB|"


def logits(
    weights: dict[str, NDArray[Any]], vocabulary: Vocabulary, cues: Sequence[Cue]
) -> NDArray[Any]:
    decoder = Decoder(weights, CueReader(vocabulary, cues), np.float64)
    state = decoder.start(1)
    rows = []
    for index in [END_OF_TUNE, *vocabulary.encode(TUNE)]:
        row, state = decoder.step(np.array([index]), state)
        rows.append(row[0])
    return np.stack(rows)


@pytest.mark.parametrize("cues", [CUES, (), (*CUES, "section", "syntax"), CUES_OF_ONE])
def test_what_was_known_is_said_as_before(
    random_weights: Callable[..., dict[str, NDArray[Any]]], cues: tuple[Cue, ...]
) -> None:
    network = NetworkSettings(OLD.size, 5, 9, 2, 0.1, cues=cues, direct=bool(cues))
    new = joint_vocabulary(OLD, ["aÆ"])
    weights = random_weights(network)
    child = replace(network, vocabulary_size=new.size)
    inherited = inherit(weights, OLD, new, child)
    assert {name: value.shape for name, value in inherited.items()} == weight_shapes(child)
    before, after = logits(weights, OLD, cues), logits(inherited, new, cues)
    places = [0, *new.encode("".join(OLD.characters))]
    np.testing.assert_allclose(after[:, places], before, atol=1e-6)
    fresh = [index for index in range(new.size) if index not in places]
    assert inherited["dense/bias"][fresh] == pytest.approx(weights["dense/bias"].min())


def test_the_same_vocabulary_changes_nothing(
    random_weights: Callable[..., dict[str, NDArray[Any]]],
) -> None:
    weights = random_weights(NETWORK)
    for name, value in inherit(weights, OLD, OLD, NETWORK).items():
        np.testing.assert_array_equal(value, weights[name])


def test_no_character_may_be_lost(random_weights: Callable[..., dict[str, NDArray[Any]]]) -> None:
    with pytest.raises(TrainingError, match=r"must keep '\\nK'"):
        inherit(random_weights(NETWORK), OLD, Vocabulary(tuple(":ABGMc|")), NETWORK)
