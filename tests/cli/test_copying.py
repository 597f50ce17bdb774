"""A model that was just trained is told of if it copies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from abclm.api.copying import check_copying
from abclm.corpus.store import Corpus
from abclm.model.checkpoint.checkpoint import WEIGHTS, Checkpoint, save_config
from abclm.model.checkpoint.tensor_file import save_tensors
from abclm.originality.index import INDEX

TUNE = (
    "T:t\nM:4/4\nL:1/8\nK:G\n"
    "GABc dedB|c2ec B2dB|A2cA G2BG|FGAF D2EF|\nGABc dedB|c2ec B2dB|A2cA F2AF|G2GF G4|]\n"
)


@pytest.mark.parametrize(("bits", "said"), [(0.1, "warning: it copies: of 32 tunes"), (4.5, "")])
def test_a_model_that_spells_a_training_tune_is_warned_of(
    bits: float,
    said: str,
    spelling_model: Callable[..., Checkpoint],
    tmp_path: Path,
) -> None:
    model = spelling_model(TUNE)
    save_tensors(tmp_path / WEIGHTS, model.weights)
    config = replace(model.config, results={"held_out_bits_per_character": bits})
    save_config(tmp_path, config)
    corpus = Corpus("one", (TUNE,), (), (), report={"sha256": ""})

    shown = check_copying(tmp_path, corpus, None)

    assert shown.startswith(said)
    assert bool(shown) == bool(said)
    assert (tmp_path / INDEX).is_file()
