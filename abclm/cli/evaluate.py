"""``abclm evaluate``: figures of a model beside those of real tunes and a baseline."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.terminal import say
from abclm.cli.threads import use_one_thread
from abclm.compose.options import MODEL
from abclm.errors import InputError
from abclm.evaluate.options import Options
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from abclm.cli.console import TerminalConsole
    from abclm.evaluate.evaluation import Evaluation
    from abclm.evaluate.report.table import Table
    from abclm.evaluate.voices.evaluation import VoicesEvaluation

__all__ = ["evaluate"]

_STYLES = {"model": "bold", "reference": "dim"}
_SECTIONS = frozenset({"model", "reference", "predicted", "written", "raw", "apart", "speed"})
"""Groups of rows with a line above them."""
_STRONGEST = 25
"""Features shown by --effects; the report and --json have all of them."""
_WIDE = 200
"""The width off a terminal, so that a file or another program gets whole rows."""


def evaluate(
    checkpoints: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHECKPOINT…",
            help=f"Checkpoints, or their folders; several stand side by side.  [default: {MODEL}]",
        ),
    ] = None,
    count: Annotated[int, options.option_of(Options, "count", "-n")] = Options.count,
    seed: Annotated[int, options.option_of(Options, "seed")] = Options.seed,
    temperature: options.Temperature = Options.temperature,
    candidates: options.Candidates = Options.candidates,
    tunes: Annotated[
        list[Path] | None,
        typer.Option(
            "--tunes", metavar="FILE", help="Compare with a tunebook; may be given several times."
        ),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="Its training corpus, if that has another name here.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="rhythm|key",
            help="Break the musical columns down by rhythm or by key; may be given twice.",
        ),
    ] = None,
    effects: Annotated[
        bool,
        typer.Option("--effects", help="Show the features and n-grams that give the model away."),
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="HTML report with pictures to write.")
    ] = None,
    no_parallels: Annotated[
        bool,
        typer.Option(
            "--no-parallels",
            help="Of several voices, also measure pieces in which parallels are unlikely.",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure a model: metre, form, endings, key, copying, and how well it predicts real tunes.

    The model writes tunes with --raw and with the grammar. They are compared with the tunes that
    its corpus holds out (or those of --tunes), a plain n-gram model, and published figures of other
    models. Two classifiers try to tell its tunes from real ones (with the extra abclm[evaluate]).

    Several checkpoints stand side by side in one table, such as LSTM and GRU, or 10 epochs and 50.
    Bits per character compare only if the held-out tunes are the same.

    Of a model of several voices: voices aligned, exact bars, parallels and crossings per 100 moves,
    last chord, chords, copying, and a classifier of chords and lines.
    """
    use_one_thread()

    from abclm.api.model import load
    from abclm.cli.input import read_text
    from abclm.evaluate.breakdown import check_breakdown
    from abclm.files import FileKind, check_outputs

    names = list(dict.fromkeys(checkpoints or [MODEL]))
    _check_several(names, html=html, effects=effects, by=by)
    for each in by or ():
        check_breakdown(each)
    check_outputs((html, FileKind.HTML), inputs=tunes or ())
    books = list(map(read_text, tunes)) if tunes else None
    models = {name: load(name) for name in names}
    if any(model.several for model in models.values()):
        for option, value in (("--html", html), ("--effects", effects), ("--by", by)):
            if value:
                raise InputError(f"{option} is not for models of several voices: leave it out")
        found = [
            model.evaluate_voices(
                count,
                seed,
                temperature=temperature,
                corpus=corpus,
                books=books,
                no_parallels=no_parallels,
                say=say,
            )
            for model in models.values()
        ]
        _show_voices(found, as_json=as_json)
        return
    if no_parallels:
        raise InputError("--no-parallels is for models of several voices: leave it out")
    results = {
        name: model.evaluate(
            count,
            seed,
            temperature=temperature,
            candidates=candidates,
            corpus=corpus,
            books=books,
            by=by or (),
            say=say,
        )
        for name, model in models.items()
    }
    if len(results) > 1:
        _show_several(results, as_json=as_json)
        return
    ((name, result),) = results.items()
    if html is not None:
        models[name].write_report(result, html)
        say(f"written: {html}")
    if as_json:
        typer.echo(write_json(result.as_dict()))
    else:
        _show(result, effects=effects)


def _check_several(
    names: Sequence[str], *, html: Path | None, effects: bool, by: Sequence[str] | None
) -> None:
    """Check that several checkpoints are not asked for what is shown of one only.

    Raises:
        InputError: they are.
    """
    if len(names) > 1:
        for option, value in (("--html", html), ("--effects", effects), ("--by", by)):
            if value:
                raise InputError(f"{option} takes one checkpoint, not {len(names)}")


def _show_several(results: "dict[str, Evaluation]", *, as_json: bool) -> None:
    from abclm.cli.console import TerminalConsole
    from abclm.evaluate.report.side_by_side import describe_network, side_by_side

    corpora = {result.corpus for result in results.values()}
    splits = {split.name for result in results.values() for split in result.splits}
    if len(corpora) > 1 and "given" not in splits:
        say("the checkpoints have different corpora: the bits are those of each one's own tunes")
    if as_json:
        listed = [
            {"network": describe_network(result.config), **result.as_dict()}
            for result in results.values()
        ]
        typer.echo(write_json({"checkpoints": listed}))
        return
    console = TerminalConsole()
    if not console.is_terminal:
        console = TerminalConsole(width=_WIDE)
    console.print(_as_rich(side_by_side(results)))


def _show_voices(results: "Sequence[VoicesEvaluation]", *, as_json: bool) -> None:
    from abclm.evaluate.voices.table import voices_tables

    if as_json:
        listed = [result.as_dict() for result in results]
        typer.echo(write_json(listed[0] if len(listed) == 1 else {"checkpoints": listed}))
        return
    _print(voices_tables(results))
    for result in results:
        speed = result.rows[0].characters_per_second or 0.0
        typer.echo(f"{result.options.count} pieces at once: {speed:,.0f} characters a second")


def _show(result: "Evaluation", *, effects: bool) -> None:
    console = _print(_tables(result, effects=effects))
    one, batch = result.speed, result.rows[1].characters_per_second or 0.0
    enter = one.seconds_from_enter
    console.print(
        f"one tune: {one.characters_per_second:,.0f} characters a second"
        + (f", {enter:.2f} s from Enter" if enter is not None else "")
        + f"; {result.options.count} at once: {batch:,.0f}"
    )


def _print(tables: "Iterable[Table]") -> "TerminalConsole":
    """Print tables, in halves where they do not fit; return the console."""
    from abclm.cli.console import TerminalConsole

    console = TerminalConsole()
    if not console.is_terminal:
        console = TerminalConsole(width=_WIDE)
    unlimited = console.options.update(max_width=_WIDE)
    for table in tables:
        fits = console.measure(_as_rich(table), options=unlimited).maximum <= console.width
        for part in (table,) if fits else table.halves():
            console.print(_as_rich(part))
    return console


def _tables(result: "Evaluation", *, effects: bool) -> "list[Table]":
    """Return the tables that the terminal shows, from top to bottom."""
    from abclm.evaluate.report import music_table
    from abclm.evaluate.report.table import bits_table, tunes_table

    told_apart = music_table.told_apart_table(result)
    tables = [
        tunes_table(result),
        music_table.music_table(result),
        *(music_table.breakdown_table(result, by) for by in result.breakdowns),
        *([told_apart] if told_apart is not None else []),
    ]
    if effects and result.comparison.effects:
        tables.append(music_table.effects_table(result.comparison.effects[:_STRONGEST]))
    if effects and result.comparison.ngrams:
        tables.append(music_table.ngrams_table(result.comparison.ngrams))
    return [*tables, bits_table(result)]


def _as_rich(table: "Table") -> "RichTable":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    shown = RichTable(box=SIMPLE_HEAD, pad_edge=False, padding=0)
    for place, column in enumerate(table.columns):
        shown.add_column(column.head, justify="right" if place else "left", vertical="bottom")
    following = [*table.groups[1:], ""]
    for group, after, cells in zip(table.groups, following, table.rows, strict=True):
        ends = after != group and after in _SECTIONS
        shown.add_row(*cells, style=_STYLES.get(group), end_section=ends)
    return shown
