"""A thousand tunes: time, memory, and whether two processes give the same bytes as one.

    python benchmarks/many.py [--checkpoint irish] [-n 1000] [--rounds 9]

Then the time of a single tune, from Enter to the end of the command, in its own process: the median
of several. The processes of `abclm.compose.many` share the cores: on one core, two are no faster
than one.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from multiprocessing import active_children

from writing import add_writing, commission, parser_of, read_checkpoint

from abclm.compose.generation import Composer
from abclm.compose.many import write_many
from abclm.compose.settings import Settings
from abclm.processes import cores

MEBIBYTE = 1024
"""In the unit of `resource`, which is a kibibyte on Linux."""


def main() -> None:
    parser = parser_of(__doc__)
    add_writing(parser)
    parser.add_argument("-n", "--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9, help="runs of the single tune")
    options = parser.parse_args()
    composer = Composer(read_checkpoint(options.checkpoint, options.candidates))
    print(f"{options.count} tunes, {options.candidates} candidates, {cores()} cores")
    # Two processes first: a peak never falls, and this process alone needs more for all tunes.
    both = [book(composer, options, processes) for processes in (2, 1)]
    print("the same bytes:", "yes" if both[0] == both[1] else "NO")
    seconds = [from_enter(options) for _ in range(options.rounds)]
    if seconds:
        print(
            f"one tune from Enter: median {statistics.median(seconds):.2f} s, "
            f"{min(seconds):.2f} to {max(seconds):.2f} s in {len(seconds)} runs"
        )


def book(composer: Composer, options: Namespace, processes: int) -> bytes:
    """Return all tunes as bytes; print time and memory."""
    settings = Settings(candidates=options.candidates)
    start = time.perf_counter()
    parts = write_many(
        composer, commission(settings, options.seed), range(options.count), processes
    )
    tunes = [tune for part in parts for tune in part]
    seconds = time.perf_counter() - start
    characters = sum(len(tune.text) for tune in tunes)
    while active_children():
        time.sleep(0.05)
    print(
        f"{processes} process{'es' if processes > 1 else ''}: {seconds:.1f} s, "
        f"{len(tunes) / seconds:.2f} tunes and {characters / seconds:,.0f} characters a second; "
        f"{memory(processes)}",
        flush=True,
    )
    return "\n".join(tune.text for tune in tunes).encode()


def memory(processes: int) -> str:
    """Describe the peak resident memory, here and in the largest other process."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE
    if processes == 1:
        return f"at most {own} MiB"
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // MEBIBYTE
    return f"at most {own} MiB here, {others} MiB in each other process"


def from_enter(options: Namespace) -> float:
    """Return the seconds of the whole command, whose tune is not kept in the history."""
    command = [sys.executable, "-m", "abclm", "generate", "--checkpoint", options.checkpoint]
    command += ["--seed", str(options.seed), "--candidates", str(options.candidates)]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            command, capture_output=True, env={**os.environ, "ABCLM_DATA": folder}, check=True
        )
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
