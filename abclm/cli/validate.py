"""``abclm validate``: what is wrong in tunebooks, and where."""

import json
from pathlib import Path
from typing import Annotated

import typer

from abclm.cli.group import ExitCode

__all__ = ["validate"]


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Tunebooks; - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check tunes: fields, characters, bars, repeats, endings.

    Prints a line path:line:column: rule: message for each problem. Exit code 1 if there is one.
    """
    from abclm.cli.inputs import read_source, source_name
    from abclm.notation.validate import validate as find_problems

    found = [(source_name(path), find_problems(read_source(path))) for path in files]
    if as_json:
        table = [
            {"path": name, **problem.as_dict()} for name, problems in found for problem in problems
        ]
        typer.echo(json.dumps(table, indent=2, ensure_ascii=False))
    else:
        for name, problems in found:
            for problem in problems:
                typer.echo(problem.describe(name))
    if any(problems for _, problems in found):
        raise typer.Exit(ExitCode.NO)
