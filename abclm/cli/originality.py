"""``abclm originality``: what tunes have in common with those a model learnt from."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abclm.cli import options
from abclm.cli.group import ExitCode
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from abclm.notation.tune.music import Tune
    from abclm.originality.comparison import BarShapeIndex, Originality

__all__ = ["index_of", "make_index", "originality"]


def originality(
    files: options.Files,
    checkpoint: Annotated[
        str, typer.Option(help="The model whose training tunes are compared, or its folder.")
    ] = "irish",
    corpus: Annotated[
        str | None, typer.Option(help="Compare with the training tunes of this corpus instead.")
    ] = None,
    max_copy: Annotated[
        float | None,
        typer.Option("--max-copy", help="Exit code 1 if a tune shares more than this, 0 to 1."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Compare tunes with the tunes a model learnt from, in any key.

    For each tune: the training tune that has most of its bars, the longest run of bars that one
    has too, and whether real tunes share as much with one another.
    """
    from abclm.cli.inputs import read_source, source_name
    from abclm.errors import InputError
    from abclm.notation.parse.parser import parse_tunebook

    if max_copy is not None and not 0 <= max_copy <= 1:
        raise InputError(f"--max-copy must lie between 0 and 1, not {max_copy}")
    tunes = [
        (source_name(path), parsed.tune)
        for path in files
        for parsed in parse_tunebook(read_source(path))
    ]
    if not tunes:
        raise InputError("no tune found: a tune starts with a line such as X:1")
    index = index_of(checkpoint, corpus)
    found = [(path, tune, index.judge(tune)) for path, tune in tunes]
    if as_json:
        table = [_entry(path, tune, result) for path, tune, result in found]
        typer.echo(write_json(table))
    else:
        for path, tune, result in found:
            typer.echo(f"{path}: {_name(tune)}: {_describe(result)}")
        _say_what_is_usual(index)
    if max_copy is not None and any(result.share > max_copy for _, _, result in found):
        raise typer.Exit(ExitCode.NO)


def index_of(checkpoint: str, corpus: str | None = None) -> "BarShapeIndex":
    """The index over what ``checkpoint`` learnt from, or over ``corpus``.

    It is the file in the checkpoint's folder, else made from the corpus built here.

    Raises:
        CheckpointError: there is no such checkpoint, or its index is damaged or of other tunes.
        CorpusError: there is no index, and no corpus to make one from.
    """
    from abclm.cli.checkpoint import folders
    from abclm.errors import CheckpointError
    from abclm.model.checkpoint.checkpoint import find_checkpoint, load_config
    from abclm.originality.index import INDEX, load_index

    if corpus is not None:
        return make_index(corpus)
    path = find_checkpoint(checkpoint, folders())
    learnt = load_config(path).corpus
    if not (path / INDEX).is_file():
        return make_index(str(learnt.get("name", "")), learnt.get("sha256"))
    index = load_index(path / INDEX)
    if index.corpus[1] != learnt.get("sha256"):
        raise CheckpointError(
            f"{path / INDEX}: of other tunes than {path.name} learnt from: "
            f"make it again with abclm checkpoint index {checkpoint}"
        )
    return index


def make_index(corpus: str, sha256: str | None = None) -> "BarShapeIndex":
    """The index over the training tunes of a corpus that is built here.

    Args:
        corpus: its name.
        sha256: what it must have, if it matters.

    Raises:
        CorpusError: it is missing, damaged or another one.
    """
    from abclm.corpus.store import load_corpus
    from abclm.errors import CorpusError
    from abclm.originality.index import build_index

    loaded = load_corpus(corpus)
    if sha256 is not None and loaded.report["sha256"] != sha256:
        raise CorpusError(
            f"corpora/{corpus} is not what the model learnt from: build it again, "
            f"or compare all the same with --corpus {corpus}"
        )
    print(f"indexing {len(loaded.train)} tunes", file=sys.stderr)
    return build_index((loaded.name, loaded.report["sha256"]), loaded.train)


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
    print(
        f"different tunes of {index.corpus[0]} share {human.median:.0%} of their bars (median), "
        f"95 of 100 at most {human.p95:.0%}",
        file=sys.stderr,
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
