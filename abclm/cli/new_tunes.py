"""New tunes for the user: shown as they are written or when done, saved, and commented on."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import typer

from abclm.cli.terminal import say, say_written
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.api.order import Made, Order

__all__ = ["deliver", "streams"]

_COUNTED_FROM: Final = 4
"""The number of tunes from which a progress bar is shown."""


def deliver(
    order: "Order",
    output: Path | None,
    midi: Path | None,
    *,
    given: int | None = None,
    drawn: bool = False,
    as_json: bool = False,
    by_line: bool = False,
    mark: bool = True,
) -> list[str]:
    """Write the tunes of an order, show and save them, print the remarks, and return their texts.

    Many tunes are shown and saved in batches, so an interrupted run keeps what is done.

    Args:
        order: the order.
        output: the tunebook to append to.
        midi: the MIDI file to write.
        given: the reference number in the prompt.
        drawn: whether the seed was drawn at random and should be printed.
        as_json: whether to print JSON.
        by_line: whether to print a line of JSON for each tune as it is written.
        mark: whether tunebooks and MIDI files say that abclm wrote them.
    """
    from abclm.api.model import load
    from abclm.files import is_stream

    first = _check(order, output, midi) or given or 1
    if midi is not None and is_stream(midi):
        _check_stream(midi, order.count, prints_json=as_json or by_line)
    taken = str(midi) == "-"  # standard output gets the MIDI file and nothing else
    streamed = streams(count=order.count, as_json=as_json or by_line) and not order.chooses
    streamed = streamed and not taken
    # Each write to a pipe opens and closes it, so it gets everything at once.
    book = output if output is not None and not is_stream(output) else None
    shown = not (streamed or as_json or by_line or taken) and (
        output is None or sys.stdout.isatty()
    )
    made: list[Made] = []
    numbers: list[int] = []
    model = load(order.checkpoint)
    text_of = _marker(order, model.sha256) if mark else _text_of
    with _Counting(order.count) as counting:
        for part in model.make(order, say, _streamer(first) if streamed else None):
            number = first + len(made) if book is None else _save(part, book, text_of)
            if shown:
                _print_tunes(part, number, follows=bool(made))
            if by_line:
                _print_lines(part, number)
            made += part
            numbers += range(number, number + len(part))
            counting.advance(len(part))
    if as_json:
        table = [one.as_dict(number) for one, number in zip(made, numbers, strict=True)]
        typer.echo(write_json(table))
    elif streamed:
        print()
    if output is not None:
        _finish(made, output, text_of, saved=book is not None)
    texts = [one.tune.text for one in made]
    if midi is not None:
        _write_midi(midi, texts, mark=mark)
    _print_remarks(made, order, drawn=drawn)
    return texts


def _text_of(one: "Made") -> str:
    return one.tune.text


def _marker(order: "Order", sha256: str) -> "Callable[[Made], str]":
    """Return a function that gives the text of a tune with the mark of abclm."""
    from abclm.compose.tunebook import with_mark

    checkpoint = f"{Path(order.checkpoint).name}:{sha256[:12]}"

    def marked(one: "Made") -> str:
        drawn = f"seed={one.tune.seed} number={one.tune.number}"
        return with_mark(one.tune.text, f"{order.command} checkpoint={checkpoint} {drawn}")

    return marked


def _print_lines(part: "list[Made]", first: int) -> None:
    """Print a line of JSON for each tune, numbered from ``first``."""
    for number, one in enumerate(part, first):
        print(write_json(one.as_dict(number), one_line=True), flush=True)


def _check(order: "Order", output: Path | None, midi: Path | None) -> int | None:
    """Check that the tunes can be saved, before they are written.

    Returns:
        The next reference number of the tunebook, if there is one.

    Raises:
        InputError: the tunebook is not ABC, or its encoding lacks a character of the order.
        OutputError: a file cannot be written.
    """
    from abclm.api.books import read_or_new
    from abclm.compose.tunebook import next_reference_number
    from abclm.files import FileKind, check_outputs
    from abclm.notation.syntax.source import readable

    check_outputs((output, FileKind.ABC), (midi, FileKind.MIDI))
    if output is None:
        return None
    book = read_or_new(output)
    book.encode(readable(f"{order.prompt}{order.settings.title or ''}"))
    return next_reference_number(book.text)


def _check_stream(midi: Path, count: int, *, prints_json: bool) -> None:
    """Check that MIDI can go to a pipe or to standard output.

    Raises:
        InputError: it is several files, or something else goes there.
    """
    from abclm.errors import InputError

    if count > 1:
        raise InputError(f"--midi {midi} takes one tune: leave out -n, or name a file")
    if prints_json and str(midi) == "-":
        raise InputError(
            "--midi - and JSON both go to standard output: name a file for one of them"
        )


def _save(made: "Sequence[Made]", output: Path, text_of: "Callable[[Made], str]") -> int:
    """Append tunes to a book, and return the reference number of the first.

    Raises:
        OutputError: they cannot be saved; the message says where they are instead.
    """
    from abclm.api.books import append_to_book, where_kept
    from abclm.errors import AbclmError, OutputError

    texts = [text_of(one) for one in made]
    try:
        return append_to_book(output, texts, say)
    except AbclmError as error:
        # The book may also no longer be ABC, or its encoding lack a character.
        where = where_kept([one.id for one in made], texts, output)
        raise OutputError(f"{error}; {where}") from error


def _finish(
    made: "Sequence[Made]", output: Path, text_of: "Callable[[Made], str]", *, saved: bool
) -> None:
    if not saved:
        _save(made, output, text_of)
    say_written(output)


class _Counting:
    """A progress bar on standard error for many tunes; nothing for a few, or off a terminal."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._bar: Any = None

    def __enter__(self) -> Self:
        if self._count >= _COUNTED_FROM and sys.stderr.isatty():
            from abclm.cli.console import TerminalConsole, TerminalProgress

            console = TerminalConsole(to_stderr=True)
            self._bar = TerminalProgress(console=console, transient=True)
            self._bar.start()
            self._bar.add_task("writing tunes", total=self._count)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, tunes: int) -> None:
        """Count ``tunes`` more as done."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], tunes)


def streams(*, count: int, as_json: bool) -> bool:
    """Return whether the tune is shown while it is written."""
    return count == 1 and not as_json and sys.stdout.isatty()


def _streamer(number: int) -> Callable[[str], None]:
    """Return a function that prints each piece of a tune as it is written."""
    opening = f"X:{number}\n"

    def show(text: str) -> None:
        nonlocal opening
        sys.stdout.write(opening + text)
        sys.stdout.flush()
        opening = ""

    return show


def _write_midi(path: Path, tunes: Sequence[str], *, mark: bool) -> None:
    """Write each tune as MIDI; the files of several tunes are numbered."""
    from abclm.compose.tunebook import with_reference_number
    from abclm.files import FileKind
    from abclm.notation.parse.parser import parse_tunebook
    from abclm.render.writers import WRITERS, Renderer

    renderer = Renderer(mark=mark)
    for number, text in enumerate(tunes, 1):
        target = path if len(tunes) == 1 else path.with_stem(f"{path.stem}-{number}")
        tune = parse_tunebook(with_reference_number(text, number))[0].tune
        renderer.write(tune, target, WRITERS[FileKind.MIDI])
        say_written(target)


def _print_tunes(made: "Sequence[Made]", first: int, *, follows: bool) -> None:
    """Print tunes numbered from ``first``, after an empty line if others came before."""
    from abclm.compose.tunebook import with_reference_number

    numbered = [with_reference_number(one.tune.text, first + i) for i, one in enumerate(made)]
    sys.stdout.write("\n" * follows + "\n".join(numbered))
    sys.stdout.flush()


def _print_remarks(made: "Sequence[Made]", order: "Order", *, drawn: bool) -> None:
    """Print the remarks on the tunes to standard error."""
    from abclm.constraint.header import similar_rhythm

    rhythm = order.settings.rhythm
    if rhythm and (meant := similar_rhythm(rhythm)):
        say(f"the rhythm {rhythm!r} is unknown: did you mean {meant!r}?")
    for place, one in enumerate(made, 1):
        if not one.tune.ended:
            say(f"tune {place} reached --max-chars and was cut")
        if one.judgement is not None:
            which = f", best of {order.best_of}" if order.best_of > 1 else ""
            say(f"tune {place}{which}: {one.judgement}")
    ids = [one.id for one in made if one.id is not None]
    known = [] if not ids else [f"id {ids[0]}" if len(ids) == 1 else f"ids {ids[0]} to {ids[-1]}"]
    if drawn:
        known.append(f"seed {order.seed}")
    if known:
        say(", ".join(known))
