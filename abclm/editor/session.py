"""One tune or one file, edited: read, shown in the editor, judged, and put back or kept beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from abclm.editor.book import Part, find_tune, lines_of, read_part, replace_part, whole
from abclm.editor.loop import Answer, Edited, Outcome, edit_until_good
from abclm.editor.program import EditorProgram
from abclm.errors import AbclmError, ChangedError, InputError, OutputError
from abclm.files import (
    MOST_ABC,
    check_writable,
    keep_beside,
    keep_somewhere,
    locked,
    read_bytes,
    write_atomically,
)
from abclm.notation.problem import Problem
from abclm.notation.source import Source
from abclm.notation.validate import validate

__all__ = ["Result", "edit_file"]

Ask = Callable[[str, Sequence[Problem]], Answer | None]
Waiting = Callable[[str], None]
"""Is given a line to show while another process writes the file."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the editing ended, and where what is not in the book lies.

    That is the text as typed where it was not written, and the file as it was where problems were.
    """

    outcome: Outcome
    beside: Path | None = None


def edit_file(
    path: Path, number: int | None, editor: list[str], ask: Ask, waiting: Waiting
) -> Result:
    """Edit the tune ``X:number`` of ``path``, or all of it, and write what is good or wanted.

    The file changes at the end only, whole or not at all. What was typed and is not written is
    kept, whatever happens: beside the file, else in a folder of the user's; where a text with
    problems is written, the file as it was is kept beside it.

    Raises:
        InputError: the file cannot be read, has no such tune, or the editor failed.
        OutputError: the file cannot be written, or was changed meanwhile where it was edited.
    """
    check_writable(path)
    book = _read(path)
    part = _part(book, number)
    name = path.name if number is None else f"{path.stem}-{number}.abc"
    program = EditorProgram(editor, name)
    before = read_part(book, part)
    kept: Path | None = None
    try:
        edited = edit_until_good(
            before, program.edit, lambda text: _problems(book, part, text), ask
        )
        if edited.outcome in {Outcome.GOOD, Outcome.KEPT}:
            with locked(path, waiting):
                kept = _write(path, number, before, edited, book)
    except BaseException as error:
        beside = _keep_typed(path, before, program)
        if beside is not None and isinstance(error, AbclmError):
            raise type(error)(f"{error}; what you typed is in {beside}") from error
        raise
    if edited.outcome in {Outcome.DROPPED, Outcome.UNANSWERED}:
        return Result(edited.outcome, _keep_typed(path, before, program))
    program.close()
    return Result(edited.outcome, kept)


def _read(path: Path) -> Source:
    return Source.decode(read_bytes(path, MOST_ABC), str(path))


def _part(book: Source, number: int | None) -> Part:
    return whole(book) if number is None else find_tune(book, number)


def _problems(book: Source, part: Part, text: str) -> list[Problem]:
    """The problems of ``text`` in its place in the book, by the lines of ``text``."""
    try:
        changed = replace_part(book, part, text)
    except InputError as error:
        return [Problem(1, 1, "encoding", str(error))]
    count = len(lines_of(text))
    if part == whole(book):
        return validate(changed.readable)
    if not text.strip():
        return [Problem(1, 1, "no-tune", "the tune is gone: keep this to take it out of the book")]
    return [
        Problem(problem.line - part.start, problem.column, problem.rule, problem.message)
        for problem in validate(changed.readable)
        if part.start < problem.line <= part.start + count
    ]


def _write(
    path: Path, number: int | None, before: str, edited: Edited, book: Source
) -> Path | None:
    """Put the text into the book as it is now: others may have changed it meanwhile.

    Returns:
        Where the book as it was is kept, if the text has problems.
    """
    now = _read(path)
    new = replace_part(now, _unchanged_part(now, number, before, book), edited.text)
    kept = keep_beside(path, now.data) if edited.outcome is Outcome.KEPT else None
    try:
        write_atomically(path, new.data, instead_of=now.data)
    except BaseException:
        if kept is not None:
            kept.unlink()
        raise
    return kept


def _unchanged_part(now: Source, number: int | None, before: str, book: Source) -> Part:
    """The place of what was edited in a file that may have changed elsewhere.

    Raises:
        ChangedError: it has changed itself.
    """
    if now.data == book.data:
        return _part(now, number)
    try:
        part = None if number is None else find_tune(now, number)
    except InputError:
        part = None
    if part is None or read_part(now, part) != before:
        raise ChangedError(f"{now.name}: not written: it was changed meanwhile by something else")
    return part


def _keep_typed(path: Path, before: str, program: EditorProgram) -> Path | None:
    """Where what was typed is now; nowhere if it is what there was before.

    Where no folder takes it, it stays in the file that the editor wrote.
    """
    typed = program.typed()
    if not typed or typed == before.encode("utf-8"):
        program.close()
        return None
    try:
        kept = keep_somewhere(f"{path.stem}.rejected.abc", typed, path.parent)
    except OutputError:
        return program.path
    program.close()
    return kept
