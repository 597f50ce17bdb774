"""How far a training run has come, by its file."""

import json
from pathlib import Path

from abclm.model.checkpoint.tensor_file import read_tensors
from abclm.model.training.training_state import TrainingPosition

__all__ = ["read_position"]


def read_position(path: Path) -> TrainingPosition:
    return TrainingPosition(**json.loads(read_tensors(path).notes["position"]))
