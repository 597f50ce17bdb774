"""The HTML elements of a report: tables, legends and figures."""

from html import escape

from abclm.evaluate.report.table import Table

__all__ = ["as_figure", "as_meanings", "as_table"]


def as_table(table: Table, caption: str) -> str:
    """Return ``table`` in a box that scrolls sideways, with the accessible name ``caption``."""
    heads = "".join(f'<th scope="col">{escape(column.head)}</th>' for column in table.columns)
    rows: list[str] = []
    for place, (group, cells) in enumerate(zip(table.groups, table.rows, strict=True)):
        starts = place > 0 and group != table.groups[place - 1]
        data = "".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])
        kind = f"{group} first" if starts else group
        rows.append(f'<tr class="{kind}"><th scope="row">{escape(cells[0])}</th>{data}</tr>')
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>"
    )


def as_meanings(table: Table) -> str:
    """Return a collapsed legend of all columns of ``table`` except the first."""
    entries = "\n".join(
        f"<dt>{escape(_one_line(column.head))}</dt><dd>{escape(column.meaning)}</dd>"
        for column in table.columns[1:]
    )
    return f"<details><summary>What the columns mean</summary><dl>\n{entries}\n</dl></details>"


def as_figure(picture: str, caption: str) -> str:
    """Return a picture, which may scroll sideways, with its caption."""
    return (
        f'<figure><div class="scroll">{picture}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _one_line(head: str) -> str:
    return head.replace("-\n", "").replace("\n", " ")
