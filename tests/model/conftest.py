"""A vocabulary of a few characters, tunes of a few bars, networks of a few units."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from abclm.model.checkpoint.checkpoint import CheckpointConfig
from abclm.model.settings import Cell, Cue, NetworkSettings, TrainingSettings
from abclm.model.text import usual
from abclm.model.vocabulary import Vocabulary

TUNE = "T:one\nK:D\nfaaf gbag|fded B4:|\n"


@pytest.fixture
def tunes() -> list[str]:
    head = "M:4/4\nL:1/8\nK:"
    return [
        f"T:{number}\n{head}{'GD'[number % 2]}\n" + "GABc dedB|" * (1 + number % 3) + "\n"
        for number in range(12)
    ]


@pytest.fixture
def make_config(tunes: list[str]) -> Callable[..., CheckpointConfig]:
    """Builds a tiny configuration; its arguments are those of `TrainingSettings`."""

    def make(
        *,
        units: int = 8,
        dropout: float = 0.2,
        num_layers: int = 1,
        cues: tuple[Cue, ...] = (),
        texts: Sequence[str] = (),
        direct: bool = False,
        direct_dropout: float = 0.0,
        cell: Cell = "lstm",
        attention: int = 0,
        **training: Any,
    ) -> CheckpointConfig:
        # Other keys need other letters.
        vocabulary = Vocabulary.from_text([*tunes, *texts, "ABCDEFGabcdefg,'b^_="])
        network = NetworkSettings(
            vocabulary.size,
            4,
            units,
            num_layers,
            dropout,
            cues,
            direct,
            direct_dropout=direct_dropout,
            cell=cell,
            attention=attention,
            attention_span=12,
        )
        options = {"epochs": 3, "batch_size": 4, "window": 16, "precision": "float32"}
        options |= {"average": 0.0, "sample_every": 1}
        settings = TrainingSettings(**{**options, **training})
        corpus = {"name": "tiny", "tunes": len(tunes)}
        return CheckpointConfig(
            "tiny",
            network,
            vocabulary,
            settings,
            corpus,
            usual(texts or tunes),
            licence="CC0",
            command="abclm train",
        )

    return make


@pytest.fixture
def one_tune() -> str:
    return TUNE
