"""The history of a run, one line for each epoch."""

from pathlib import Path

import pytest

from abclm.errors import CheckpointError
from abclm.model.checkpoint.history import EpochRow, read_history, write_history

ROWS = [
    EpochRow(1, 10, 1000, 4.25, 4.5, 0.001, 2000.0, 1.5, 0.25, 0.5),
    EpochRow(2, 20, 2000, 3.25, None, 0.0005, 2100.0, 3.25),
]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_history(tmp_path / "history.csv", ROWS)
    assert read_history(tmp_path / "history.csv") == ROWS


def test_the_first_line_names_the_columns(tmp_path: Path) -> None:
    write_history(tmp_path / "history.csv", ROWS)
    lines = (tmp_path / "history.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("epoch,step,characters,train_bits_per_character,held_out_bits")
    assert lines[1] == "1,10,1000,4.25,4.5,0.001,2000,1.5,0.25,0.5"
    assert lines[2] == "2,20,2000,3.25,,0.0005,2100,3.25,,"


def test_a_history_from_before_accuracy_was_measured_is_read(tmp_path: Path) -> None:
    old = "epoch,step,characters,train_bits_per_character,held_out_bits_per_character,"
    old += "learning_rate,characters_per_second,seconds\n2,20,2000,3.25,,0.0005,2100,3.25\n"
    (tmp_path / "history.csv").write_text(old, encoding="utf-8")
    assert read_history(tmp_path / "history.csv") == ROWS[1:]


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"epoch,step\nx,y\n", b"epoch\xff\n1\n"])
def test_something_else_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.csv").write_bytes(data)
    with pytest.raises(CheckpointError, match=r"history\.csv: not a training history"):
        read_history(tmp_path / "history.csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"history\.csv: cannot be read"):
        read_history(tmp_path / "history.csv")
