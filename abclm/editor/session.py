"""One tune or one file, edited: read, shown in the editor, judged, and put back or kept beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from abclm.editor.book import Book, Part, lines_of, read_book
from abclm.editor.loop import Answer, Edited, Outcome, edit_until_good
from abclm.editor.program import EditorProgram
from abclm.errors import AbclmError, InputError, OutputError
from abclm.files import check_writable, read_bytes, write_atomically
from abclm.notation.problem import Problem
from abclm.notation.validate import validate

__all__ = ["Result", "edit_file"]

Ask = Callable[[str, Sequence[Problem]], Answer | None]
Keep = Callable[[Path, bytes], Path]
"""Writes what a file was to a file beside it, and says where."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the editing ended, and where what is not in the book lies.

    That is the text as typed where it was not written, and the file as it was where problems were.
    """

    outcome: Outcome
    beside: Path | None = None


def edit_file(path: Path, number: int | None, editor: list[str], ask: Ask, keep: Keep) -> Result:
    """Edit the tune ``X:number`` of ``path``, or all of it, and write what is good or wanted.

    The file changes at the end only, whole or not at all. What was typed and is not written lies
    beside it afterwards, whatever happens; where a text with problems is written, ``keep`` is given
    the file as it was.

    Raises:
        InputError: the file cannot be read, has no such tune, or the editor failed.
        OutputError: the file cannot be written, or was changed meanwhile where it was edited.
    """
    check_writable(path)
    book = read_book(read_bytes(path), str(path))
    try:
        part = book.whole if number is None else book.tune(number)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    name = path.name if number is None else f"{path.stem}-{number}.abc"
    program = EditorProgram(editor, name)
    before = book.read(part)
    kept: Path | None = None
    try:
        edited = edit_until_good(
            before, program.edit, lambda text: _problems(book, part, text), ask
        )
        if edited.outcome is Outcome.KEPT:
            kept = keep(path, read_bytes(path))
        if edited.outcome in {Outcome.GOOD, Outcome.KEPT}:
            _write(path, number, before, edited, book)
    except BaseException as error:
        beside = _keep_beside(path, before, program.typed())
        if beside is not None and isinstance(error, AbclmError):
            raise type(error)(f"{error}; what you typed is in {beside}") from error
        raise
    finally:
        program.close()
    if edited.outcome in {Outcome.DROPPED, Outcome.UNANSWERED}:
        return Result(edited.outcome, _keep_beside(path, before, edited.text.encode("utf-8")))
    return Result(edited.outcome, kept)


def _problems(book: Book, part: Part, text: str) -> list[Problem]:
    """The problems of ``text`` in its place in the book, by the lines of ``text``."""
    try:
        changed = book.replace(part, text)
    except InputError as error:
        return [Problem(1, 1, "encoding", str(error))]
    count = len(lines_of(text))
    if part == book.whole:
        return validate(changed.text)
    if not text.strip():
        return [Problem(1, 1, "no-tune", "the tune is gone: keep this to take it out of the book")]
    return [
        Problem(problem.line - part.start, problem.column, problem.rule, problem.message)
        for problem in validate(changed.text)
        if part.start < problem.line <= part.start + count
    ]


def _write(path: Path, number: int | None, before: str, edited: Edited, book: Book) -> None:
    """Put the text into the book as it is now: others may have changed it meanwhile."""
    now = read_book(read_bytes(path), str(path))
    part = _unchanged_part(now, number, before) if now.data != book.data else None
    if now.data == book.data:
        part = now.whole if number is None else now.tune(number)
    if part is None:
        raise OutputError(f"{path}: not written: it was changed meanwhile by something else")
    write_atomically(path, now.replace(part, edited.text).data)


def _unchanged_part(now: Book, number: int | None, before: str) -> Part | None:
    """The place of the tune in a file that has changed elsewhere; None if it has changed itself."""
    try:
        part = None if number is None else now.tune(number)
    except InputError:
        return None
    return part if part is not None and now.read(part) == before else None


def _keep_beside(path: Path, before: str, typed: bytes) -> Path | None:
    """Where ``typed`` lies now; nowhere if it is what there was before."""
    if not typed or typed == before.encode("utf-8"):
        return None
    beside = path.with_name(f"{path.stem}.rejected.abc")
    count = 1
    while beside.exists():
        count += 1
        beside = path.with_name(f"{path.stem}.rejected-{count}.abc")
    write_atomically(beside, typed)
    return beside
