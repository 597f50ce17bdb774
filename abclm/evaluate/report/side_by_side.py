"""Several evaluations side by side: the figures of one, a column for each checkpoint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from abclm.evaluate.evaluation import Evaluation
from abclm.evaluate.report.music_table import music_table, told_apart_table
from abclm.evaluate.report.table import UNKNOWN, Column, Table, bits_table, tunes_table
from abclm.model.checkpoint.checkpoint import CheckpointConfig

__all__ = ["describe_network", "side_by_side"]

_Figures = dict[tuple[str, str], str]
"""A cell by its group and its label."""

_RAW, _WRITTEN, _HUMAN = 0, 1, 2
"""Indices of the rows of an evaluation: without the grammar, with it, the first real tunes."""
_LABELS: Final = Column("", "what is measured, as in the table of one checkpoint")


def side_by_side(evaluations: Mapping[str, Evaluation]) -> Table:
    """Return one table, a column for each checkpoint and for the real tunes of each corpus.

    Its groups are ``checkpoint``, ``predicted`` (bits of real tunes), ``written`` (tunes with the
    grammar), ``raw`` (without it), ``apart`` and ``speed``. Figures that none has are left out.

    Args:
        evaluations: one or more, by the names that head their columns.
    """
    columns = {
        Column(name, f"the checkpoint {name}"): dict(_of_checkpoint(found))
        for name, found in evaluations.items()
    }
    for found in {each.corpus: each for each in evaluations.values()}.values():
        head = Column(f"real tunes\n{found.corpus[0]}", found.rows[_HUMAN].name)
        columns[head] = dict(_of_row(found, _HUMAN, "written"))
    known = [
        place
        for place in dict.fromkeys(place for column in columns.values() for place in column)
        if any(column.get(place, UNKNOWN) != UNKNOWN for column in columns.values())
    ]
    groups = list(dict.fromkeys(group for group, _ in known))
    known.sort(key=lambda place: groups.index(place[0]))
    return Table(
        (_LABELS, *columns),
        tuple(
            (place[1], *(column.get(place, UNKNOWN) for column in columns.values()))
            for place in known
        ),
        tuple(group for group, _ in known),
    )


def describe_network(config: CheckpointConfig) -> str:
    """Return the shape of a network in a few words: ``LSTM 2 x 384, attention 4 x 128``."""
    network = config.network
    shape = f"{network.cell.upper()} {network.num_layers} x {network.units}"
    if network.attention:
        shape += f", attention {network.attention} x {network.attention_span}"
    return shape


def _of_checkpoint(found: Evaluation) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield all figures of a checkpoint, each with its group and label."""
    epoch = found.config.results.get("epoch")
    yield ("checkpoint", "network"), describe_network(found.config)
    yield ("checkpoint", "loss"), found.config.training.loss.replace("_", " ")
    yield ("checkpoint", "epoch"), UNKNOWN if epoch is None else f"{epoch:g}"
    yield ("checkpoint", "corpus"), found.corpus[0]
    yield from _cells(bits_table(found), 0, "predicted")
    yield from _of_row(found, _WRITTEN, "written")
    yield from _of_row(found, _RAW, "raw", "--raw: ")
    told_apart = told_apart_table(found)
    if told_apart is not None:
        yield from _cells(told_apart, 0, "apart", "told from real: ")
    one, batch = found.speed, found.rows[_WRITTEN].characters_per_second
    yield ("speed", "characters/s, one tune"), f"{one.characters_per_second:,.0f}"
    yield ("speed", f"characters/s, {found.options.count} at once"), f"{batch or 0:,.0f}"
    if one.seconds_from_enter is not None:
        yield ("speed", "seconds from Enter"), f"{one.seconds_from_enter:.2f}"


def _of_row(
    found: Evaluation, index: int, group: str, prefix: str = ""
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the figures of a row of an evaluation, from both of its tables of tunes."""
    name = found.rows[index].name
    yield from _cells(tunes_table(found), index, group, prefix)
    music = music_table(found)
    names = [row[0] for row in music.rows]
    if name in names:
        yield from _cells(music, names.index(name), group, prefix)


def _cells(
    table: Table, index: int, group: str, prefix: str = ""
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the cells of a row, labelled by the heads of their columns in one line each."""
    cells: Sequence[str] = table.rows[index][1:]
    for column, cell in zip(table.columns[1:], cells, strict=True):
        yield (group, prefix + column.head.replace("-\n", "").replace("\n", " ")), cell
