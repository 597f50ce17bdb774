"""The speed of a checkpoint: of writing one tune, and from the shell's Enter to the tune."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from abclm.compose.generation import Composer

__all__ = ["Speed", "measure_speed"]

_ROUNDS = 3
"""The best of three counts: other programs may slow down any one."""


@dataclass(frozen=True, slots=True)
class Speed:
    """The speed of writing one tune, the best of three times."""

    characters_per_second: float
    """The speed once the checkpoint is loaded."""
    seconds_from_enter: float | None
    """The time of the whole command ``abclm generate``, start included; None if it failed."""


def measure_speed(composer: Composer, path: Path) -> Speed:
    """Measure the speed of ``composer``, whose checkpoint is in the folder ``path``."""
    speeds = []
    for seed in range(_ROUNDS):
        start = time.perf_counter()
        (tune,) = composer.generate(seed=seed)
        speeds.append(tune.characters / (time.perf_counter() - start))
    seconds = [_seconds_from_enter(path) for _ in range(_ROUNDS)]
    known = [each for each in seconds if each is not None]
    return Speed(max(speeds), min(known, default=None))


def _seconds_from_enter(path: Path) -> float | None:
    """Time a process of its own, whose tune does not go into the history."""
    # Without -P, a module in the current folder could be imported instead of ours.
    command = [sys.executable, "-P", "-m", "abclm", "generate", "--checkpoint", str(path)]
    paths = os.pathsep.join(filter(None, sys.path))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - ourselves
            [*command, "--seed", "1"],
            capture_output=True,
            env={**os.environ, "ABCLM_DATA": folder, "PYTHONPATH": paths},
            check=False,
        )
        seconds = time.perf_counter() - start
    return None if done.returncode else seconds
