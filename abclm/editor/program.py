"""The user's editor: finding it, and editing a text with it."""

import codecs
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

from abclm.editor.signals import run_in_our_place
from abclm.errors import InputError, OutputError
from abclm.files import MOST_ABC, data_folder, read_bytes
from abclm.notation.syntax.source import decode_source

__all__ = ["EditorProgram", "find_editor", "words_at"]

_VARIABLES = ("VISUAL", "EDITOR")
_USUAL = ("nano", "vi")
_LINE_FIRST = frozenset(
    {"emacs", "emacsclient", "gedit", "joe", "kak", "micro", "mg", "nano", "ne", "nvim", "pico"}
    | {"vi", "view", "vim", "gvim"}
)
"""Editors that take the line before the file, as ``+7``."""
_LINE_LAST = frozenset({"helix", "hx", "subl", "zed"})
"""Editors that take the line after the file, as ``tune.abc:7``."""
_LINE_ASKED = frozenset({"code", "code-insiders", "codium", "cursor"})
"""Editors that take it so after ``-g``."""


def find_editor(environment: Mapping[str, str]) -> list[str]:
    """Return the command that starts the editor, as words: ``$VISUAL``, ``$EDITOR``, nano or vi.

    Raises:
        InputError: there is none, or the variable does not hold a command.
    """
    for variable in _VARIABLES:
        value = environment.get(variable, "").strip()
        if not value:
            continue
        try:
            words = shlex.split(value, posix=os.name != "nt")
        except ValueError as error:
            raise InputError(f"${variable} is not a command: {value}: {error}") from error
        if shutil.which(words[0]) is None:
            raise InputError(f"${variable}: no program {words[0]}")
        return words
    for name in _USUAL:
        if shutil.which(name) is not None:
            return [name]
    raise InputError("no editor found: set $VISUAL or $EDITOR, as in EDITOR=nano abclm edit FILE")


def words_at(program: str, path: Path, line: int | None) -> list[str]:
    """Return the words that open ``path`` in an editor at a line, or at its start."""
    name = Path(program).name.lower().removesuffix(".exe").removesuffix(".cmd")
    if line is not None and name in _LINE_FIRST:
        return [f"+{line}", str(path)]
    if line is not None and name in _LINE_LAST:
        return [f"{path}:{line}"]
    if line is not None and name in _LINE_ASKED:
        return ["-g", f"{path}:{line}"]
    return [str(path)]


class EditorProgram:
    """An editor with a temporary file, which holds what was typed last.

    Args:
        command: the words of its command.
        name: the name of the file, which the editor shows to the user.
    """

    def __init__(self, command: list[str], name: str) -> None:
        self._command = command
        self._folder = _new_folder()
        self._left = False
        self.path = self._folder / name

    def edit(self, text: str, line: int | None = None) -> str:
        """Open ``text`` in the editor, and return what was saved when it ended.

        Args:
            text: the text.
            line: the line to show, from 1, if the editor is a known one; None for the first.

        Raises:
            InputError: the editor cannot be started, failed, or left no text.
            OutputError: the temporary file cannot be written.
        """
        try:
            self.path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {error.strerror}") from error
        try:
            code = run_in_our_place([*self._command, *words_at(self._command[0], self.path, line)])
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(f"{self._command[0]} cannot be started: {reason}") from error
        if code < 0:
            name = signal.strsignal(-code) or f"signal {-code}"
            raise InputError(f"{self._command[0]} was killed ({name.lower()})")
        if code > 0:
            raise InputError(f"{self._command[0]} ended with exit code {code}")
        # It was written as UTF-8, whatever the tunebook's %%abc-charset says.
        data = codecs.BOM_UTF8 + self._read().removeprefix(codecs.BOM_UTF8)
        return decode_source(data, str(self.path))

    def typed(self) -> bytes:
        """Return the current content of the file, even after an error."""
        return self.path.read_bytes() if self.path.is_file() else b""

    def leave(self) -> None:
        """Keep the file when closing, because its content is saved nowhere else."""
        self._left = True

    def close(self) -> None:
        """Delete the file, unless `leave` was called."""
        if not self._left:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self) -> bytes:
        try:
            return read_bytes(self.path, MOST_ABC)
        except InputError as error:
            raise InputError(f"{self._command[0]} ended without leaving a file") from error


def _new_folder() -> Path:
    """Create a folder for the editor's file: a temporary one, or else one in the data folder."""
    try:
        return Path(tempfile.mkdtemp(prefix="abclm-"))
    except OSError:
        folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="edit-", dir=folder))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from error
