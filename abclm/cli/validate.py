"""``abclm validate``: the problems of tunebooks and their positions; safe fixes on request."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say, visible
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.notation.syntax.problem import Problem
    from abclm.notation.syntax.source import Source

__all__ = ["show_problems", "validate"]


def validate(
    files: options.Files,
    strict: Annotated[
        bool, typer.Option("--strict", help="A pickup and the last bar must add up to one bar.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Make safe fixes; the old file stays as FILE.bak, stdin goes to stdout.",
        ),
    ] = False,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Ask abc2midi too, if it is installed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check tunes: fields, characters, bars, repeats, endings.

    Prints a line path:line:column: rule: message for each problem. Exit code 1 if there is one.
    What is allowed but may be unintended, such as an unknown decoration, is a remark on stderr.
    """
    from abclm.api.problems import examine
    from abclm.cli.input import read_text, source_name

    table: list[dict[str, int | str]] = []
    for path in files:
        name = source_name(path)
        text = _fix(path) if fix else read_text(path)
        problems, remarks = examine(text, strict=strict, second_opinion=second_opinion)
        table += [{"path": name, **problem.as_dict()} for problem in problems]
        for remark in remarks:
            say(remark.describe(name, kind="remark: "))
        if not as_json:
            stream_is_taken = fix and name == "<stdin>"
            show_problems(text, problems, name, to_stderr=stream_is_taken)
    if as_json:
        typer.echo(write_json(table))
    if table:
        raise typer.Exit(ExitCode.NO)


def show_problems(
    text: str, problems: "list[Problem]", name: str, *, to_stderr: bool = False
) -> None:
    """Print a line for each problem; on a terminal also the source line with a caret below it."""
    stream = sys.stderr if to_stderr else sys.stdout
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        print(problem.describe(name), file=stream)
        if stream.isatty() and problem.line <= len(lines):
            source = lines[problem.line - 1].replace("\t", " ")
            before = visible(source[: problem.column - 1])
            print(f"    {source}\n    {' ' * len(before)}^", file=stream)


def _fix(path: Path) -> str:
    """Fix a file, or standard input on its way to standard output; return the new text."""
    from abclm.api.books import check_output
    from abclm.cli.input import read_input, source_name
    from abclm.cli.result import write_result
    from abclm.compose.book import Mended, mend

    name = source_name(path)
    in_place = name != "<stdin>"
    check_output(path, None, in_place=in_place)
    source = read_input(path)
    done = Mended(source, ())

    def change(now: "Source") -> bytes:
        nonlocal done
        done = mend(now)
        return done.book.data

    write_result(path, source, change, None, in_place=in_place)
    for one in done.changes:
        say(f"{name}:{one.line}:{one.column}: {one.message}")
    return done.book.readable
