"""One editing session: read a tune or file, edit it, check it, and save or set aside the result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from abclm.api.books import read_abc
from abclm.compose.book import LineRange, find_tune, lines_of, read_part, replace_part, whole
from abclm.editor.loop import Answer, Edited, Outcome, edit_until_good
from abclm.editor.program import EditorProgram
from abclm.editor.signals import ended_gently
from abclm.errors import AbclmError, ChangedError, InputError, OutputError
from abclm.files import (
    check_writable,
    is_stream,
    keep_beside,
    keep_somewhere,
    locked,
    write_atomically,
)
from abclm.notation.check.validate import validate
from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.source import Source

__all__ = ["TEMPLATE", "Result", "edit_file"]

TEMPLATE: Final = """\
X:1
T:Untitled
R:reel
M:4/4
L:1/8
K:G
% Notes: C D E, an octave higher c d e; A2 is twice as long, A/ half; z is a rest.
% Each bar lasts what M: says, | ends it; |: and :| repeat what is between them.
GABc d2Bd|
"""
"""What a new file begins with."""

Ask = Callable[[str, Sequence[Problem]], Answer | None]
Waiting = Callable[[str], None]
"""Called with a line to show while another process holds the file."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the editing ended, and the file beside the book, if any.

    It holds the typed text if that was not written, or the old book if text with problems was.
    """

    outcome: Outcome
    beside: Path | None = None


def edit_file(
    path: Path, number: int | None, editor: list[str], ask: Ask, waiting: Waiting
) -> Result:
    """Edit the tune ``X:number`` of ``path``, or all of it, and write it if it is good or wanted.

    A file that does not exist begins as a template, and is written only if that was changed.

    The file changes only at the end, atomically, and its old version is kept beside it. Typed text
    that is not written is always saved: beside the file, or else in a folder of the user's.

    Raises:
        InputError: the file cannot be read, has no such tune, or the editor failed.
        OutputError: the file cannot be written, or the edited part was changed meanwhile.
    """
    check_writable(path)
    if is_stream(path):
        raise InputError(f"{path}: is not a file that can be edited")
    book = read_abc(path) if path.exists() else Source.of(TEMPLATE, str(path))
    session = _Session(path, number, book, _part(book, number), waiting)
    name = path.name if number is None else f"{path.stem}-{number}.abc"
    program = EditorProgram(editor, name)
    with ended_gently():
        try:
            result = session.run(program, ask)
        except BaseException as error:
            beside = session.keep_typed(program)
            if beside is not None and isinstance(error, AbclmError):
                raise type(error)(f"{error}; what you typed is in {beside}") from error
            raise
    program.close()
    return result


@dataclass(frozen=True, slots=True)
class _Session:
    """The state of editing some lines of a file.

    Attributes:
        path: the file.
        number: the ``X:`` of the tune; None for the whole file.
        book: the content of the file when the editing began.
        part: the lines being edited.
        waiting: called with a line to show while another process holds the file.
    """

    path: Path
    number: int | None
    book: Source
    part: LineRange
    waiting: Waiting

    @property
    def before(self) -> str:
        """The original text."""
        return read_part(self.book, self.part)

    def run(self, program: EditorProgram, ask: Ask) -> Result:
        """Let the user edit the text; write it if it is good or wanted, else set it aside."""
        edited = edit_until_good(self.before, program.edit, self._problems, ask)
        if edited.outcome in {Outcome.DROPPED, Outcome.UNANSWERED}:
            return Result(edited.outcome, self.keep_typed(program))
        if edited.outcome is Outcome.UNCHANGED:
            return Result(edited.outcome)
        with locked(self.path, self.waiting):
            return Result(edited.outcome, self._write(edited))

    def keep_typed(self, program: EditorProgram) -> Path | None:
        """Save what was typed and return its path; None if the text is unchanged.

        If no folder can be written, it stays in the editor's temporary file.
        """
        typed = program.typed()
        if not typed or typed == self.before.encode("utf-8"):
            program.close()
            return None
        try:
            kept = keep_somewhere(f"{self.path.stem}.rejected.abc", typed, self.path.parent)
        except OutputError:
            program.leave()
            return program.path
        program.close()
        return kept

    def _problems(self, text: str) -> list[Problem]:
        """Find the problems of ``text`` within the book, with line numbers in ``text``."""
        try:
            changed = replace_part(self.book, self.part, text)
        except InputError as error:
            return [Problem(1, 1, "encoding", str(error))]
        if self.number is None:
            return validate(changed.readable)
        if not text.strip():
            gone = "the tune is empty: keep this to remove it from the book"
            return [Problem(1, 1, "no-tune", gone)]
        start, count = self.part.start, len(lines_of(text))
        return [
            replace(problem, line=problem.line - start)
            for problem in validate(changed.readable)
            if start < problem.line <= start + count
        ]

    def _write(self, edited: Edited) -> Path | None:
        """Put the text into the current book, which others may have changed meanwhile.

        Returns:
            The path of the old book; None if there was none.
        """
        if not self.path.exists() and self.book.data == TEMPLATE.encode():
            self._create(edited.text)
            return None
        now = read_abc(self.path)
        new = replace_part(now, self._part_now(now), edited.text)
        kept = keep_beside(self.path, now.data)
        try:
            write_atomically(self.path, new.data, instead_of=now.data)
        except BaseException:
            kept.unlink()
            raise
        return kept

    def _create(self, text: str) -> None:
        """Write a file that does not exist yet."""
        new = replace_part(self.book, self.part, text)
        write_atomically(self.path, new.data, instead_of=b"")

    def _part_now(self, now: Source) -> LineRange:
        """Find the edited part in the current file, other parts of which may have changed.

        Raises:
            ChangedError: the edited part itself has changed.
        """
        if now.data == self.book.data:
            return self.part
        try:
            part = None if self.number is None else find_tune(now, self.number)
        except InputError:
            part = None
        if part is None or read_part(now, part) != self.before:
            message = "not written: it was changed in the meantime by another program"
            raise ChangedError(f"{now.name}: {message}")
        return part


def _part(book: Source, number: int | None) -> LineRange:
    return whole(book) if number is None else find_tune(book, number)
