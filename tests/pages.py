"""The pages a visitor reads: their shell commands, and what ``--help`` says of each command."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

__all__ = ["ROOT", "known_options", "pages", "shell_commands", "unknown_words"]

ROOT = Path(__file__).parents[1]
_GROUPS = {"corpus", "checkpoint", "config"}


def pages() -> list[Path]:
    """README.md, the other pages at the top, and all of docs/, sorted."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def shell_commands(text: str) -> list[str]:
    """The lines of all blocks marked ``sh``, without comments; continued lines are joined."""
    blocks: list[str] = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = map(str.strip, "".join(blocks).replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@cache
def known_options(command: tuple[str, ...]) -> frozenset[str] | None:
    """The options of ``abclm COMMAND``, read off its help; None where there is no such command."""
    done = subprocess.run(
        [sys.executable, "-m", "abclm", *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return None
    return frozenset(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", done.stdout))


def unknown_words(line: str) -> list[str]:
    """What of the ``abclm …`` in a line does not exist: a command, or an option of it."""
    words = shlex.split(line, comments=True)
    unknown: list[str] = []
    for start in (place + 1 for place, word in enumerate(words) if word == "abclm"):
        end = next((at for at in range(start, len(words)) if words[at] in {"&&", "|", ";"}), None)
        unknown += _unknown(words[start:end])
    return unknown


def _unknown(words: list[str]) -> list[str]:
    command = [word for word in words[:2] if not word.startswith("-")]
    command = command if command[:1] and command[0] in _GROUPS else command[:1]
    options = known_options(tuple(command))
    if options is None:
        return [" ".join(["abclm", *command])]
    given = [word.split("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)]
    return [f"{' '.join(['abclm', *command])} {word}" for word in given if word not in options]
