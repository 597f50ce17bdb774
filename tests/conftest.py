"""For the whole suite: networks without training, random ones and one that spells a text."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from abclm.model.checkpoint.checkpoint import Checkpoint, CheckpointConfig
from abclm.model.checkpoint.weights import weight_shapes
from abclm.model.settings import CUES_OF_SEVERAL, Cue, NetworkSettings, TrainingSettings
from abclm.model.text import Usual, usual
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

# A busy machine is no failure, and one that is found is found again.
settings.register_profile("abclm", deadline=None, derandomize=True)
settings.load_profile("abclm")

ALPHABET = "".join(map(chr, range(32, 127))) + "\n"

Weights = dict[str, NDArray[Any]]


def _random_weights(network: NetworkSettings, seed: int = 0, scale: float = 1.5) -> Weights:
    rng = np.random.default_rng(seed)
    return {
        name: (scale * rng.standard_normal(shape) / shape[0] ** 0.5).astype(np.float32)
        for name, shape in weight_shapes(network).items()
    }


def _checkpoint(
    vocabulary: Vocabulary, network: NetworkSettings, weights: Weights, known: Usual | None = None
) -> Checkpoint:
    config = CheckpointConfig(
        "test", network, vocabulary, TrainingSettings(), usual=known or Usual()
    )
    return Checkpoint(Path("test"), config, weights, "")


def _random_model(
    seed: int = 0,
    alphabet: str = ALPHABET,
    units: int = 24,
    *,
    planned: bool = False,
    several: bool = False,
    known: Usual | None = None,
) -> Checkpoint:
    """A network without sense.

    Args:
        seed: of its weights.
        alphabet: its characters.
        units: of each of its two layers.
        planned: whether it writes a plan first and reads its form.
        several: whether it writes several voices.
        known: what it knows.
    """
    vocabulary = Vocabulary.from_text([alphabet])
    cues: tuple[Cue, ...] = ("place", "plan", "line") if planned else ()
    if several:
        cues = CUES_OF_SEVERAL
        known = known or Usual(("G", "Am"), (), (2, 3, 4))
    network = NetworkSettings(vocabulary.size, 8, units, 2, cues=cues)
    weights = _random_weights(network, seed)
    weights["dense/bias"][END_OF_TUNE] -= 1
    return _checkpoint(vocabulary, network, weights, known)


def _spelling_model(text: str, alphabet: str = "") -> Checkpoint:
    """One LSTM layer as a shift register: unit i is on after i + 1 inputs, and says text[i].

    It plans if ``text`` has a plan, writes several voices if it has ``V:``, and knows the key, the
    rhythm and the number of voices of ``text``.
    """
    vocabulary = Vocabulary.from_text([text, alphabet])
    ids = [*vocabulary.encode(text), END_OF_TUNE]
    units = len(ids)
    number = re.search(r"^V:(\d)$", text, re.MULTILINE)
    cues: tuple[Cue, ...] = ("plan",) if "\nP:" in text else ("voices",) if number else ()
    network = NetworkSettings(vocabulary.size, 1, units, 1, cues=cues)
    weights = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(network).items()}
    inputs, forget, cell, output = (slice(gate * units, (gate + 1) * units) for gate in range(4))
    weights["embedding/embeddings"][:] = -1
    weights["embedding/embeddings"][END_OF_TUNE] = 1
    weights["lstm_0/kernel"][0, 0] = 40
    weights["lstm_0/recurrent_kernel"][:, inputs] = 60 * np.eye(units, k=1)
    for gate, bias in ((inputs, -20), (forget, -20), (cell, 20), (output, 20)):
        weights["lstm_0/bias"][gate] = bias
    weights["dense/kernel"][np.arange(units), ids] = 30
    known = usual([text]) if "\nK:" in text else None
    if number and known is not None:
        known = replace(known, rhythms=(), voices=(int(number[1]),))
    return _checkpoint(vocabulary, network, weights, known)


@pytest.fixture(autouse=True, scope="session")
def _ledger_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the tests make goes into no folder of the user's, in other processes too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCLM_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("ABCLM_CONFIG", str(tmp_path_factory.mktemp("config") / "config.toml"))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with hardly any room: 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by the superuser alone")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def random_weights() -> Callable[..., Weights]:
    return _random_weights


@pytest.fixture(scope="session")
def random_model() -> Callable[..., Checkpoint]:
    return _random_model


@pytest.fixture(scope="session")
def spelling_model() -> Callable[..., Checkpoint]:
    return _spelling_model
