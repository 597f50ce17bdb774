"""What `benchmarks/fuzz.py` looks for in an hour, in a few hundred texts."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "fuzz.py"


def test_no_text_breaks_what_reads_abc(tmp_path: Path) -> None:
    """The tunes of all tests as they are, those that once broke something among them, and drawn."""
    options = ["--texts", "400", "--seed", "11", "--folder", str(tmp_path / "fuzzed")]
    done = subprocess.run(
        [sys.executable, BENCHMARK, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" 0 kinds of failure\n")
