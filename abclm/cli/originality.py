"""``abclm originality``: what tunes have in common with a model's training tunes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.busy import busy
from abclm.cli.exit_code import ExitCode
from abclm.cli.terminal import say, tell
from abclm.compose.options import MODEL
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.notation.tune.music import Tune
    from abclm.originality.comparison import BarShapeIndex, Originality

__all__ = ["originality"]


def originality(
    files: options.Files,
    checkpoint: Annotated[
        str, typer.Option(help="The model with whose training tunes to compare, or its folder.")
    ] = MODEL,
    corpus: Annotated[
        str | None, typer.Option(help="Compare with the training tunes of this corpus instead.")
    ] = None,
    max_copy: Annotated[
        float | None,
        typer.Option("--max-copy", help="Exit code 1 if a tune shares more than this, 0 to 1."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Compare tunes with a model's training tunes, in any key.

    For each tune it shows the training tune with most of its bars, the longest run of bars found in
    a training tune, and whether real tunes share as much with one another.
    """
    from abclm.api.indexes import index_of
    from abclm.cli.input import read_text, source_name
    from abclm.errors import InputError
    from abclm.notation.parse.parser import parse_tunebook

    if max_copy is not None and not 0 <= max_copy <= 1:
        raise InputError(f"--max-copy must lie between 0 and 1, not {max_copy}")
    tunes = [
        (source_name(path), parsed.tune)
        for path in files
        for parsed in parse_tunebook(read_text(path))
    ]
    if not tunes:
        raise InputError("no tune found: a tune starts with a line such as X:1")
    index = index_of(checkpoint, say, corpus)
    with busy(f"comparing {_count(len(tunes), 'tune')}"):
        found = [(path, tune, index.judge(tune)) for path, tune in tunes]
    if as_json:
        table = [_entry(path, tune, result) for path, tune, result in found]
        typer.echo(write_json(table))
    else:
        for path, tune, result in found:
            tell(f"{path}: {_name(tune)}: {_describe(result)}")
        _say_what_is_usual(index)
    if max_copy is not None and any(result.share > max_copy for _, _, result in found):
        raise typer.Exit(ExitCode.NO)


def _describe(result: "Originality") -> str:
    if not result.title:
        return f"none of its {result.distinct} bars in a training tune; {result.verdict.value}"
    run = result.run
    run_title = "" if run.title == result.title else f' in "{run.title}"'
    return (
        f'{result.share:.0%} of its bars ({result.shared} of {result.distinct}) in "{result.title}"'
        f"; longest run {_count(run.bars, 'bar')}, {_count(run.notes, 'note')}{run_title}"
        f"; {result.verdict.value}"
    )


def _say_what_is_usual(index: "BarShapeIndex") -> None:
    human = index.human
    say(
        f"different tunes of {index.corpus[0]} share {human.median:.0%} of their bars (median), "
        f"95 of 100 at most {human.p95:.0%}"
    )


def _entry(path: str, tune: "Tune", result: "Originality") -> dict[str, Any]:
    return {
        "path": path,
        "reference_number": tune.value("X"),
        "tune": tune.title,
        **result.as_dict(),
    }


def _name(tune: "Tune") -> str:
    number = tune.value("X")
    return " ".join(filter(None, [f"X:{number}" if number else "", tune.title])) or "a tune"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
