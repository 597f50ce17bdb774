"""What `benchmarks/durability.py` shows with hundreds of kills, with a few."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "durability.py"


def test_commands_that_are_killed_or_meet_lose_nothing() -> None:
    options = ["--kills", "6", "--processes", "3", "--tunes", "2", "--seed", "3"]
    done = subprocess.run(
        [sys.executable, BENCHMARK, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "LOST" not in done.stdout
    assert "0 failed, 0 missing" in done.stdout
