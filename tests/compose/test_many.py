"""Many tunes are the same, and in the same order, whatever the number of processes."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from abclm.compose import many
from abclm.compose.generation import Composer
from abclm.compose.many import Commission, write_many
from abclm.constraint.prompt import Prompt
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint, load_checkpoint, save_config
from abclm.model.checkpoint.tensor_file import save_tensors
from abclm.processes import cores

ORDER = Commission(
    Prompt(), Sampling(), seed=3, max_characters=40, raw=True, requirements=None, rivals=1
)

STARTED = """
from pathlib import Path
from abclm.compose.generation import Composer
from abclm.compose.many import write_many
from abclm.model.checkpoint.checkpoint import load_checkpoint
from tests.compose.test_many import ORDER

if __name__ == "__main__":
    composer = Composer(load_checkpoint(Path({path!r})))
    print(sum(map(len, write_many(composer, ORDER, range(20), 2))))
"""


@pytest.fixture(scope="module")
def composer(
    tmp_path_factory: pytest.TempPathFactory, random_model: Callable[..., Checkpoint]
) -> Composer:
    path = tmp_path_factory.mktemp("checkpoint")
    model = random_model()
    save_config(path, model.config)
    save_tensors(path / "weights.safetensors", model.weights)
    return Composer(load_checkpoint(path))


def test_two_processes_write_what_one_does_in_order(composer: Composer) -> None:
    numbers = range(5, 25)
    alone = list(write_many(composer, ORDER, numbers, 1))
    assert [len(part) for part in alone] == [8, 8, 4]
    assert [tune.number for part in alone for tune in part] == list(numbers)
    assert list(write_many(composer, ORDER, numbers, 2)) == alone


def test_few_tunes_are_not_worth_another_process(
    composer: Composer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "pool_of", None)
    monkeypatch.setattr(many, "cores", lambda: 2)
    assert sum(map(len, write_many(composer, ORDER, range(15)))) == 15
    with pytest.raises(TypeError):
        next(write_many(composer, ORDER, range(16)))


def test_an_error_in_another_process_is_the_same_error(composer: Composer) -> None:
    with pytest.raises(InputError, match="seed must be 0 or more"):
        next(write_many(composer, replace(ORDER, seed=-1), range(20), 2))


def test_no_module_in_the_folder_that_the_user_is_in_is_run(
    composer: Composer, tmp_path: Path
) -> None:
    """As where tunes were unpacked, and the program was started as an installed one is."""
    here, elsewhere = tmp_path / "tunes", tmp_path / "bin"
    here.mkdir()
    elsewhere.mkdir()
    for name in ("pickle", "multiprocessing", "struct", "numpy", "abclm"):
        (here / f"{name}.py").write_text("open('ran', 'w')", encoding="utf-8")
    program = elsewhere / "program.py"
    program.write_text(STARTED.format(path=str(composer.path)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program], cwd=here, capture_output=True, text=True, check=False
    )
    assert not (here / "ran").exists()
    assert done.stdout == "20\n", done.stderr


def test_there_is_a_core() -> None:
    assert cores() >= 1
