"""Settings are checked in the user's words."""

from typing import Any

import pytest

from abclm.errors import InputError
from abclm.model.settings import NetworkSettings, TrainingSettings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vocabulary_size": 1}, "vocabulary size must be 2 or more, not 1"),
        ({"embedding_size": 0}, "embedding size must be 1 or more"),
        ({"units": 0}, "units must be 1 or more"),
        ({"num_layers": 0}, "number of layers must be 1 or more"),
        ({"dropout": 1.0}, r"dropout must lie between 0.0 and 0.95, not 1.0"),
        ({"direct_dropout": -0.1}, r"direct dropout must lie between 0.0 and 0.95, not -0.1"),
        ({"cell": "rnn"}, "cell must be one of lstm, gru, not 'rnn'"),
        ({"attention": -1}, "attention must be 0 or more, not -1"),
        ({"attention": 9, "units": 8}, "attention must be 8 or less, not 9"),
        ({"attention": 5}, "384 units cannot be shared by 5 heads of attention"),
        ({"attention_span": 0}, "attention span must be 1 or more, not 0"),
        ({"cues": ("echo", "echo")}, "cues must differ, not echo, echo"),
        ({"cues": ("mood",)}, "cues must be one of echo, bar, .*, phrase, not 'mood'"),
    ],
)
def test_a_network_that_cannot_be_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        NetworkSettings(**{"vocabulary_size": 9, **settings})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be 1 or more"),
        ({"batch_size": 0}, "batch size must be 1 or more"),
        ({"window": 1}, "window must be 2 or more"),
        ({"windows": "both"}, "windows must be one of tunes, random, contiguous, not 'both'"),
        ({"learning_rate": 0.0}, "learning rate must be above 0"),
        ({"learning_rate": float("nan")}, "learning rate must be above 0, not nan"),
        ({"warmup": 1.5}, "warm-up must lie between"),
        ({"final_learning_rate": -0.1}, "final learning rate must lie between"),
        ({"clip_norm": 0}, "clip norm must be above 0"),
        ({"loss": "mse"}, "loss must be one of cross_entropy, focal, not 'mse'"),
        ({"focal_gamma": -1.0}, "focal gamma must lie between 0.0 and 10.0, not -1.0"),
        ({"seed": -1}, "seed must lie between 0"),
        ({"precision": "half"}, "precision must be one of auto, float32, mixed_bfloat16"),
        ({"sample_every": -1}, "sample every must be 0 or more"),
        ({"max_minutes": 0}, "max minutes must be above 0"),
    ],
)
def test_training_that_cannot_be_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        TrainingSettings(**settings)


def test_unless_asked_for_the_network_is_the_shipped_ones() -> None:
    settings = NetworkSettings(9)
    assert (settings.embedding_size, settings.units, settings.num_layers) == (128, 384, 2)
    assert (settings.dropout, settings.direct_dropout) == (0.5, 0.3)
    assert (settings.cell, settings.attention) == ("lstm", 0)


def test_there_is_no_transposing_any_more() -> None:
    with pytest.raises(TypeError, match="transpose"):
        TrainingSettings(transpose=True)  # type: ignore[call-arg]
