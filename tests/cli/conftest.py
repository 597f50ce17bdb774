"""A folder to work in, a checkpoint that spells a known tune, and the command line run in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from abclm.cli import app
from abclm.model.checkpoint.checkpoint import Checkpoint, save_config
from abclm.model.checkpoint.tensor_file import save_tensors

Run = Callable[..., Result]

READ = "M:2/4\nL:1/8\nK:G\nGABc|d2d2|GABc|d4|]\n"
SPELT = "T:Untitled\n" + READ


def save_checkpoint(model: Checkpoint, path: Path) -> Path:
    """Write the folder of a checkpoint."""
    path.mkdir(parents=True)
    save_config(path, model.config)
    save_tensors(path / "weights.safetensors", model.weights)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run_command(*args: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(map(str, args)), input=stdin)

    return run_command


@pytest.fixture
def spelling(folder: Path, spelling_model: Callable[..., Checkpoint]) -> Path:
    """A checkpoint whose every tune is `SPELT`, which it reads as `READ`."""
    model = spelling_model(READ, "XRdxor/:jg0123456789")
    return save_checkpoint(model, folder / "checkpoints" / "spelling")
