"""The abcMIDI programs, if they are installed: a second opinion, never a requirement.

Their exit codes are useless (Debian's ``abc2midi`` returns 0 for a file it cannot read); what
counts is the file they write and the lines they print. Whatever the user's file is called, they
only ever get a temporary file with a plain name.
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
"""The rule of the problems that abc2midi finds."""

_TIMEOUT = 20.0
"""Seconds after which abc2midi is stopped; it takes a fraction of one for most tunes."""
_DIAGNOSTIC = re.compile(r"(Error|Warning) in line-char (\d+)-(\d+) : (.*)")
_HORNPIPE = re.compile(r"^(R:.*?)(hornpipe)", re.MULTILINE | re.IGNORECASE)
_INSTALL = "install abcMIDI: apt-get install abcmidi (Debian, Ubuntu) or brew install abcmidi"


@dataclass(frozen=True, slots=True)
class Opinion:
    """The result of running abc2midi on a text.

    Attributes:
        midi: the MIDI file it wrote, or None.
        errors, warnings: its diagnostics in order, without repetitions.
    """

    midi: bytes | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def second_opinion(text: str, *, timeout: float = _TIMEOUT) -> list[Problem]:
    """Return the errors and warnings of abc2midi for ``text``, sorted by position.

    Every problem has the rule ``abc2midi``, and its message begins with ``error`` or ``warning``.
    For repeats, ties and slurs abc2midi knows only the last line, so their positions are
    unreliable.

    Raises:
        RenderError: abc2midi is not installed, or did not end within ``timeout`` seconds.
    """
    opinion = run_abc2midi(text, "-c", timeout=timeout)
    return sorted((*opinion.errors, *opinion.warnings))


def run_abc2midi(text: str, *options: str, timeout: float = _TIMEOUT) -> Opinion:
    """Run abc2midi on ``text`` with ``options``, which follow the name of the file.

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
    """Mask the word hornpipe in ``R:`` fields, so that abc2midi does not swing the tune.

    It would then report notes of unequal length that are not written. Positions do not change.
    """
    return _HORNPIPE.sub(lambda found: found[1] + "-" * len(found[2]), text)


def _run(command: list[str], folder: str, timeout: float) -> str:
    """Run ``command`` in ``folder``, and return what it prints."""
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
    """Parse the diagnostics of one kind; abc2midi counts columns from 0."""
    found = [
        Problem(int(line), int(column) + 1, RULE, f"{found_kind.lower()}: {message.strip()}")
        for found_kind, line, column, message in _DIAGNOSTIC.findall(output)
        if found_kind == kind
    ]
    return tuple(dict.fromkeys(found))
