"""Kills commands while they write, and runs many at once on one book: nothing may be lost.

    python benchmarks/durability.py [--kills 200] [--processes 8] [--tunes 5]

Half of the kills happen at a random moment of the run, half at a random step of the writing, which
is slowed down for this. After each, the book must be byte for byte either the old or the new one;
or, where it has a second name (a link) and is therefore written in place, a copy of the old one
must be beside it. The history must be intact. Then several processes append to one book, sharing
one history, and all their tunes must be there. Exit code 1 if anything is lost.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

BOOK = (
    b"% a book with a stray byte: \xe9, and with \xc3\xa9\xc3\xa9\r\n\r\n"
    b"X:1\r\nT:One\r\nM:4/4\r\nL:1/8\r\nK:G Major\r\n"
    b"GABc dedB|c2ec B2dB|A2F2 G4|GABc d4|\r\ng2fe dBGB|c2ec B2dB|A2F2 G4|GABc G4|]\r\n\r\n"
    b"X:2\r\nT:Two\r\nM:4/4\r\nL:1/8\r\nK:D\r\nDEFA d2dB|A2FA D4|\r\n"
)
SEED = ("--seed", "1")
COMMANDS = {
    "generate": ("generate", *SEED, "-o", "book.abc"),
    "more": ("more", "1", "-n", "2", *SEED, "-o", "book.abc"),
    "tweak": ("tweak", "1", "--key", "A", "-o", "book.abc"),
    "keep": ("keep", "1", "Kept", "-o", "book.abc"),
    "validate --fix": ("validate", "--fix", "book.abc"),
    "transpose": ("transpose", "book.abc", "--key", "A", "--in-place"),
    "redo": (
        "redo",
        "book.abc",
        "--tune",
        "1",
        "--bars",
        "3-4",
        "--pick",
        "1",
        *SEED,
        "--in-place",
    ),
    "continue": ("continue", "book.abc", "--tune", "2", *SEED, "--in-place"),
    "second-part": ("second-part", "book.abc", "--tune", "1", "-n", "1", *SEED, "--in-place"),
    "edit": ("edit", "book.abc"),
}
SLOWLY = """
import os, sys, time
pipe = int(sys.argv.pop(1))
def slow(call):
    def late(*args, **more):
        os.write(pipe, b".")
        time.sleep(0.02)
        return call(*args, **more)
    return late
for name in ("fsync", "fchmod", "link", "replace", "ftruncate", "posix_fallocate"):
    setattr(os, name, slow(getattr(os, name)))
from abclm.cli import main
main()
"""


@dataclass(frozen=True)
class Case:
    """A command, and whether its book has a second name (a link)."""

    name: str
    linked: bool

    def start(
        self, template: Path, folder: Path, pipe: int | None = None
    ) -> "subprocess.Popen[bytes]":
        """The command at work in a new copy of ``template``."""
        shutil.copytree(template, folder)
        if self.linked:
            (folder / "second.abc").hardlink_to(folder / "book.abc")
        script = ["-m", "abclm"] if pipe is None else ["-c", SLOWLY, str(pipe)]
        environment = {**os.environ, "ABCLM_DATA": str(folder / "data")}
        environment |= {"VISUAL": "", "EDITOR": "sed -i s/T:One/T:Uno/", "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            [sys.executable, *script, *COMMANDS[self.name]],
            cwd=folder,
            env=environment,
            pass_fds=() if pipe is None else (pipe,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@dataclass(frozen=True)
class Whole:
    """A run of a command that is not killed: its seconds, its steps, its book."""

    seconds: float
    steps: int
    book: bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--tunes", type=int, default=5, help="tunes appended by each process")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = make_template(folder / "template")
        lost = kill_all(template, folder, options.kills, options.seed)
        lost += append_at_once(template, folder / "shared", options.processes, options.tunes)
    sys.exit(lost > 0)


def make_template(folder: Path) -> Path:
    """Make a folder with a book and a history of one tune."""
    folder.mkdir()
    command = [sys.executable, "-m", "abclm", "generate", *SEED, "-o", "book.abc"]
    environment = {**os.environ, "ABCLM_DATA": str(folder / "data")}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    (folder / "book.abc").write_bytes(BOOK)
    return folder


def kill_all(template: Path, folder: Path, kills: int, seed: int) -> int:
    """Kill commands; return how many lost something."""
    rng = random.Random(seed)
    cases = [Case(name, linked) for name in COMMANDS for linked in (False, True)]
    rng.shuffle(cases)
    used = [cases[turn % len(cases)] for turn in range(kills)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {case: pool.submit(run_whole, case, template, folder) for case in set(used)}
        whole = {case: run.result() for case, run in found.items()}
        ends = [
            pool.submit(kill_one, case, whole[case], template, folder / str(turn), rng.random())
            for turn, case in enumerate(used)
        ]
        counts = Counter(end.result() for end in ends)
    print(f"{kills} kills over {len(set(used))} cases: {dict(sorted(counts.items()))}")
    return counts["LOST"]


def run_whole(case: Case, template: Path, folder: Path) -> Whole:
    place = folder / f"{case.name}-{case.linked}"
    start = time.perf_counter()
    case.start(template, place).wait()
    seconds = time.perf_counter() - start
    book = (place / "book.abc").read_bytes()
    assert book != BOOK, case
    steps = 0
    with slowed(case, template, place.with_name(f"{place.name}-slow")) as (process, pipe):
        while os.read(pipe, 1):
            steps += 1
        process.wait()
    return Whole(seconds, steps, book)


class slowed:  # noqa: N801 - a context, as of contextlib
    """Run a command with slowed writing, and a pipe that receives one byte per step."""

    def __init__(self, case: Case, template: Path, folder: Path) -> None:
        self._pipe, write = os.pipe()
        self._process = case.start(template, folder, write)
        os.close(write)

    def __enter__(self) -> "tuple[subprocess.Popen[bytes], int]":
        return self._process, self._pipe

    def __exit__(self, *_: object) -> None:
        os.close(self._pipe)


def kill_one(case: Case, whole: Whole, template: Path, folder: Path, moment: float) -> str:
    """Kill a command at ``moment`` of its run or its writing; return the state of its book."""
    if moment < 0.5:
        process = case.start(template, folder)
        time.sleep(2 * moment * whole.seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    else:
        with slowed(case, template, folder) as (process, pipe):
            for _ in range(1 + int((2 * moment - 1) * whole.steps)):
                os.read(pipe, 1)
            process.send_signal(signal.SIGKILL)
            process.wait()
    end = state(case, whole, folder)
    if end == "LOST":
        print(f"LOST: {case} at {moment}: {sorted(path.name for path in folder.iterdir())}")
    shutil.rmtree(folder)
    return end


def state(case: Case, whole: Whole, folder: Path) -> str:
    if not is_sound(folder / "data" / "ledger.sqlite"):
        return "LOST"
    book = (folder / "book.abc").read_bytes()
    if book in {BOOK, whole.book}:
        return "as it was" if book == BOOK else "as it was to be"
    kept = {path.read_bytes() for path in folder.glob("book.abc.bak*")}
    return "what it was lies beside it" if case.linked and BOOK in kept else "LOST"


def is_sound(ledger: Path) -> bool:
    with closing(sqlite3.connect(ledger)) as connection, suppress(sqlite3.Error):
        (check,) = connection.execute("PRAGMA integrity_check").fetchone()
        (tunes,) = connection.execute("SELECT count(*) FROM tunes WHERE id = 1").fetchone()
        return bool(check == "ok" and tunes == 1)
    return False


def append_at_once(template: Path, folder: Path, processes: int, tunes: int) -> int:
    """Let processes append tunes to one book; return how many tunes are missing."""
    shutil.copytree(template, folder)
    environment = {**os.environ, "ABCLM_DATA": str(folder / "data")}

    def run(process: int) -> int:
        failed = 0
        for turn in range(tunes):
            kept = ["keep", "1", f"Kept {process} {turn}"]
            made = ["generate", "--candidates", "1", "--title", f"Made {process} {turn}"]
            command = [sys.executable, "-m", "abclm", *(kept if turn % 2 else made)]
            done = subprocess.run(
                [*command, "-o", "book.abc"],
                cwd=folder,
                env=environment,
                check=False,
                capture_output=True,
            )
            failed += done.returncode != 0
        return failed

    with ThreadPoolExecutor(processes) as pool:
        failed = sum(pool.map(run, range(processes)))
    book = (folder / "book.abc").read_bytes()
    titles = set(re.findall(rb"^T:((?:Kept|Made) \d+ \d+)", book, re.MULTILINE))
    numbers = re.findall(rb"^X:(\d+)", book, re.MULTILINE)
    missing = processes * tunes - len(titles)
    missing += len(numbers) - len(set(numbers)) + (not book.startswith(BOOK))
    missing += not is_sound(folder / "data" / "ledger.sqlite")
    print(f"{processes} processes, {tunes} tunes each: {failed} failed, {missing} missing")
    return failed + missing


if __name__ == "__main__":
    main()
