"""The abcMIDI programs, where they are installed: a second opinion, never a requirement.

Their exit codes say nothing (Debian's ``abc2midi`` answers 0 for a file it cannot read): what
counts is the file they write and the lines they print. Whatever the user's file is called, they
only ever see a temporary file with a plain name.
"""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from abclm.errors import RenderError
from abclm.notation.syntax.problem import Problem

__all__ = ["Opinion", "run_abc2midi", "second_opinion"]

RULE = "abc2midi"
"""The rule that the problems of a second opinion carry."""

_TIMEOUT = 20.0
_DIAGNOSTIC = re.compile(r"(Error|Warning) in line-char (\d+)-(\d+) : (.*)")
_HORNPIPE = re.compile(r"^(R:.*?)(hornpipe)", re.MULTILINE | re.IGNORECASE)
_INSTALL = "install abcMIDI: apt-get install abcmidi (Debian, Ubuntu) or brew install abcmidi"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What abc2midi made of a text.

    Attributes:
        midi: the MIDI file it wrote, or None.
        errors, warnings: what it said, in the order it said it; each thing once.
    """

    midi: bytes | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def second_opinion(text: str, *, timeout: float = _TIMEOUT) -> list[Problem]:
    """What abc2midi finds wrong in ``text``, errors and warnings, sorted by place.

    Every problem has the rule ``abc2midi``, and its message begins with ``error`` or ``warning``.
    Of repeats, ties and slurs abc2midi knows only the last line, so their places are not to be
    trusted.

    Raises:
        RenderError: abc2midi is not installed, or did not end within ``timeout`` seconds.
    """
    opinion = run_abc2midi(text, "-c", timeout=timeout)
    return sorted((*opinion.errors, *opinion.warnings))


def run_abc2midi(text: str, *options: str, timeout: float = _TIMEOUT) -> Opinion:
    """Run abc2midi on ``text`` with ``options``, which stand after the name of the file.

    Raises:
        RenderError: abc2midi is not installed, or did not end within ``timeout`` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="abclm-") as folder:
        source, target = Path(folder, "tune.abc"), Path(folder, "tune.mid")
        source.write_text(_unswung(text), encoding="utf-8", newline="")
        output = _run(["abc2midi", "tune.abc", *options, "-o", "tune.mid"], folder, timeout)
        midi = target.read_bytes() if target.is_file() else None
    found = {kind: _problems(output, kind) for kind in ("Error", "Warning")}
    return Opinion(midi, found["Error"], found["Warning"])


def _unswung(text: str) -> str:
    """``text`` without the word by which abc2midi takes a tune for a hornpipe, places unchanged.

    It would swing the tune by itself, and then find notes of unequal length where none are written.
    """
    return _HORNPIPE.sub(lambda found: found[1] + "-" * len(found[2]), text)


def _run(command: list[str], folder: str, timeout: float) -> str:
    """What ``command`` prints, run in ``folder``."""
    program = shutil.which(command[0])
    if program is None:
        raise RenderError(f"{command[0]} is not installed: {_INSTALL}")
    try:
        done = subprocess.run(  # noqa: S603 - no shell; only names of our own and plain options
            [program, *command[1:]],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"{command[0]} did not end within {timeout:g} seconds") from error
    except OSError as error:
        raise RenderError(f"{command[0]} cannot be run: {error.strerror or error}") from error
    return done.stdout.decode("utf-8", errors="replace")


def _problems(output: str, kind: str) -> tuple[Problem, ...]:
    """The diagnostics of one kind; the program counts columns from 0."""
    found = [
        Problem(int(line), int(column) + 1, RULE, f"{said.lower()}: {message.strip()}")
        for said, line, column, message in _DIAGNOSTIC.findall(output)
        if said == kind
    ]
    return tuple(dict.fromkeys(found))
