"""What `benchmarks/fuzz.py` and `benchmarks/fuzz_voices.py` look for in an hour, in a minute."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_no_text_breaks_what_reads_abc(tmp_path: Path) -> None:
    """The tunes of all tests as they are, those that once broke something among them, and drawn."""
    options = ["--texts", "400", "--seed", "11", "--folder", str(tmp_path / "fuzzed")]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "fuzz.py", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" 0 kinds of failure\n")


def test_no_walk_through_several_voices_ends_in_a_fault() -> None:
    """Pieces of two to six voices, from nothing and with parts given."""
    options = ["--pieces", "30", "--seed", "11"]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "fuzz_voices.py", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("failed: 0: []\n")
