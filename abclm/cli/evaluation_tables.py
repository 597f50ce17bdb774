"""The figures of ``abclm evaluate`` on the terminal: tables, speeds, or JSON."""

from typing import TYPE_CHECKING

import typer

from abclm.cli.terminal import say
from abclm.untrusted.strict_json import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table as RichTable

    from abclm.cli.console import TerminalConsole
    from abclm.evaluate.evaluation import Evaluation
    from abclm.evaluate.report.table import Table
    from abclm.evaluate.voices.evaluation import VoicesEvaluation

__all__ = ["show", "show_several", "show_voices"]

_STYLES = {"model": "bold", "reference": "dim"}
_SECTIONS = frozenset({"model", "reference", "predicted", "written", "raw", "apart", "speed"})
"""Groups of rows with a line above them."""
_STRONGEST = 25
"""Features shown by --effects; the report and --json have all of them."""
_WIDE = 200
"""The width off a terminal, so that a file or another program gets whole rows."""


def show(result: "Evaluation", *, effects: bool, as_json: bool) -> None:
    """Print the tables of one checkpoint and its speed, or all figures as JSON.

    Args:
        result: the evaluation.
        effects: whether to show the features and n-grams that give the model away.
        as_json: whether to print JSON.
    """
    if as_json:
        typer.echo(write_json(result.as_dict()))
        return
    console = _print(_tables(result, effects=effects))
    one, batch = result.speed, result.rows[1].characters_per_second or 0.0
    enter = one.seconds_from_enter
    console.print(
        f"one tune: {one.characters_per_second:,.0f} characters a second"
        + (f", {enter:.2f} s from Enter" if enter is not None else "")
        + f"; {result.options.count} at once: {batch:,.0f}"
    )


def show_several(results: "dict[str, Evaluation]", *, as_json: bool) -> None:
    """Print several checkpoints side by side, by their names."""
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
    _console().print(_as_rich(side_by_side(results)))


def show_voices(results: "Sequence[VoicesEvaluation]", *, as_json: bool) -> None:
    """Print the tables of models of several voices, and their speeds."""
    from abclm.evaluate.voices.table import voices_tables

    if as_json:
        listed = [result.as_dict() for result in results]
        typer.echo(write_json(listed[0] if len(listed) == 1 else {"checkpoints": listed}))
        return
    _print(voices_tables(results))
    for result in results:
        speed = result.rows[0].characters_per_second or 0.0
        typer.echo(f"{result.options.count} pieces at once: {speed:,.0f} characters a second")


def _print(tables: "Iterable[Table]") -> "TerminalConsole":
    """Print tables, in halves where they do not fit; return the console."""
    console = _console()
    unlimited = console.options.update(max_width=_WIDE)
    for table in tables:
        fits = console.measure(_as_rich(table), options=unlimited).maximum <= console.width
        for part in (table,) if fits else table.halves():
            console.print(_as_rich(part))
    return console


def _console() -> "TerminalConsole":
    """Return the console of standard output; off a terminal it is wide."""
    from abclm.cli.console import TerminalConsole

    console = TerminalConsole()
    return console if console.is_terminal else TerminalConsole(width=_WIDE)


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
