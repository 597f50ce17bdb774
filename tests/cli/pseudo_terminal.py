"""The command line at a pseudo-terminal: the bytes that a terminal would get."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["at_terminal"]

_MAIN = """
import json, os, sys
from abclm.cli import main
commands = json.loads(sys.argv[1])
for args in commands:
    sys.argv = ["abclm", *(os.fsdecode(each.encode()) for each in args)]
    print("$ abclm", ascii(args), flush=True)
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        print("exit code", end.code, flush=True)
"""


def at_terminal(
    commands: Sequence[Sequence[str]],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    typed: bytes = b"",
    stdout: Path | None = None,
) -> bytes:
    """What a terminal gets from ``commands``, run one after the other in one process.

    Args:
        commands: the arguments of each.
        folder: where they run.
        environment: variables beside the usual ones.
        typed: what the user types; without it the standard input is empty and no terminal.
        stdout: the file that the standard output goes to; else it is the terminal, too.
    """
    ours, theirs = pty.openpty()
    with contextlib.ExitStack() as stack:
        process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, json.dumps([list(args) for args in commands])],
            cwd=folder,
            stdin=theirs if typed else subprocess.DEVNULL,
            stdout=theirs if stdout is None else stack.enter_context(stdout.open("wb")),
            stderr=theirs,
            env={**os.environ, "TERM": "dumb", **(environment or {})},
        )
    os.close(theirs)
    if typed:
        os.write(ours, typed)
    received = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    process.wait()
    return received


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that nobody writes any more
        return b""
