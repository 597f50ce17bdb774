"""The speed of reading, checking and rendering tunes, long and broken ones included.

    python benchmarks/reading.py

Prints the seconds of ``abclm validate`` on O'Neill's 1850 as a whole process, of a tune to MIDI
once music21 is imported, of tunes with more and more repeats, and of the slowest broken texts of
``tests.notation.check.test_broken_input.py``.
"""

import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from abclm.corpus.recipes import find_recipe
from abclm.errors import AbclmError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.render.midi.midi import midi_bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.notation.check.test_broken_input import CASES, WORK

RUNS = 5
TUNES = 200
SECTIONS = (1, 10, 100)
SECTION = "|:G2BG dGBG|F2AF cFAF|G2BG dGBd|egfa g4:|\n"


def main() -> None:
    books = [source.files for source in find_recipe("irish").sources]
    command = [sys.executable, "-m", "abclm", "validate", *map(str, books[0])]
    runs = [
        seconds(lambda: subprocess.run(command, check=False, capture_output=True))
        for _ in range(RUNS)
    ]
    print(f"abclm validate, O'Neill's 1850: fastest {min(runs):.2f} s, ", end="")
    print(f"median {statistics.median(runs):.2f} s of {RUNS}")
    to_midi([path for files in books for path in files])
    repeats()
    broken()


def to_midi(paths: list[Path]) -> None:
    rng = random.Random(1)
    chosen = [rng.choice(parse_tunebook(text(path))).tune for path in rng.choices(paths, k=TUNES)]
    midi_bytes(chosen[0])  # imports music21, which is not timed
    gc.freeze()  # nor are rounds of the collector through the tunes held here
    times = sorted(seconds(partial(midi_bytes, tune)) for tune in chosen if tune.events)
    print(f"a tune to MIDI: median {statistics.median(times):.3f} s, ", end="")
    print(f"19 in 20 under {times[len(times) * 19 // 20]:.3f} s, most {times[-1]:.3f} s")


def repeats() -> None:
    for count in SECTIONS:
        tune = parse_tunebook("X:1\nT:t\nM:4/4\nL:1/8\nK:G\n" + SECTION * count)[0].tune
        took = seconds(partial(midi_bytes, tune))
        bars = 8 * count
        print(f"{count:5} repeats to MIDI: {took:.3f} s, {1000 * took / bars:.2f} ms a bar played")


def broken() -> None:
    times: dict[str, float] = {}
    work = {**WORK, "first tune to midi": first_to_midi}
    for name, case in CASES.items():
        try:
            case_text = decode_source(case) if isinstance(case, bytes) else case
        except AbclmError:
            continue
        for what, call in work.items():
            times[f"{what}: {name}"] = seconds(partial(call, case_text))
    slowest = sorted(times, key=lambda name: -times[name])
    over = sum(took > 1 for took in times.values())
    print(f"{len(CASES)} broken texts, {len(times)} readings, {over} over a second; slowest:")
    for name in slowest[:5]:
        print(f"  {times[name]:.2f} s  {name}")


def first_to_midi(text: str) -> None:
    for parsed in parse_tunebook(text)[:1]:
        midi_bytes(parsed.tune)


def text(path: Path) -> str:
    return decode_source(path.read_bytes(), path.name)


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    with suppress(AbclmError):
        call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
