"""A folder to work in, and a model that spells a known tune."""

from collections.abc import Callable
from pathlib import Path

import pytest

import abclm
from abclm.model.checkpoint.checkpoint import Checkpoint
from tests.cli.conftest import READ, run, save_checkpoint

__all__ = ["folder", "model", "run"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ABCLM_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def model(folder: Path, spelling_model: Callable[..., Checkpoint]) -> abclm.Model:
    """A model whose every tune is `SPELT`."""
    checkpoint = spelling_model(READ, "XRdxor/:jg0123456789")
    save_checkpoint(checkpoint, folder / "checkpoints" / "spelling")
    return abclm.load("spelling")
