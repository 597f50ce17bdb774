"""``abclm validate``: what is wrong in tunebooks, and where; what is safe is mended if asked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.group import ExitCode
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.notation.problem import Problem

__all__ = ["show_problems", "validate"]


def validate(
    files: options.Files,
    strict: Annotated[
        bool, typer.Option("--strict", help="A pickup and the last bar must make one bar.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is safe to mend; stdin goes to stdout.")
    ] = False,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Ask abc2midi too, where it is installed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check tunes: fields, characters, bars, repeats, endings.

    Prints a line path:line:column: rule: message for each problem. Exit code 1 if there is one.
    """
    from abclm.cli.inputs import read_source, source_name
    from abclm.notation.validate import validate as find_problems

    table: list[dict[str, int | str]] = []
    for path in files:
        text, name = read_source(path), source_name(path)
        if fix:
            text = _fix(path, text, name)
        problems = find_problems(text, strict=strict)
        if second_opinion:
            problems = sorted([*problems, *_second_opinion(text)])
        table += [{"path": name, **problem.as_dict()} for problem in problems]
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
    """A line for each problem; on a terminal the source line and a caret below it."""
    from abclm.cli.terminal import visible

    stream = sys.stderr if to_stderr else sys.stdout
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        print(problem.describe(name), file=stream)
        if stream.isatty() and problem.line <= len(lines):
            source = lines[problem.line - 1].replace("\t", " ")
            before = visible(source[: problem.column - 1])
            print(f"    {source}\n    {' ' * len(before)}^", file=stream)


def _fix(path: Path, text: str, name: str) -> str:
    from abclm.files import write_atomically
    from abclm.notation.fix import fix

    fixed = fix(text)
    for change in fixed.changes:
        print(f"{name}:{change.line}:{change.column}: {change.message}", file=sys.stderr)
    if name == "<stdin>":
        sys.stdout.write(fixed.text)
    elif fixed.text != text:
        write_atomically(path, fixed.text)
    return fixed.text


def _second_opinion(text: str) -> "list[Problem]":
    from abclm.render.abcmidi import second_opinion

    return second_opinion(text)
