"""The problems of tunes; long tunebooks are checked in one process per processor core."""

from abclm.notation.check.validate import Findings, PartFindings, examine, examine_part, together
from abclm.notation.parse.book_parts import BookPart, cut_book
from abclm.notation.syntax.problem import Problem

__all__ = ["Problem", "examine_book", "validate"]

_FROM = 2_000_000
"""The length in characters from which starting other processes is worth it."""
_PARTS_EACH = 4
"""Parts per process, so that no process waits long for the last part."""


def validate(text: str, strict: bool = False) -> list[Problem]:  # noqa: FBT001, FBT002 - the public signature
    r"""Find the problems of the tunes in a text, in the order of their positions.

    Args:
        text: ABC, one tune or a whole tunebook.
        strict: whether a pickup and the last bar must add up to one bar.

    Returns:
        A `Problem` for each finding: its line and column, both from 1, its rule and a message.
        No text raises an error.

    Example:
        >>> abclm.validate("X:1\nT:t\nM:4/4\nL:1/4\nK:C\nCDEFG|CDEF|]\n")[0].rule
        'bar-length'
    """
    return list(examine_book(text, strict=strict).problems)


def examine_book(text: str, *, strict: bool = False, processes: int | None = None) -> Findings:
    """Return what `examine` finds in a text, using several processes.

    Args:
        text: a tunebook.
        strict: as for `examine`.
        processes: number of processes; None for one per core if the book is long enough.
    """
    if processes == 1 or (processes is None and len(text) < _FROM):
        return examine(text, strict=strict)

    from abclm.processes import cores, pool_of

    processes = processes or cores()
    if processes == 1:
        return examine(text, strict=strict)
    parts = cut_book(text, len(text) // (_PARTS_EACH * processes) + 1)
    with pool_of(processes) as pool:
        waiting = [pool.submit(_examine, part, strict=strict) for part in parts]
        return together(one.result() for one in waiting)


def _examine(part: BookPart, *, strict: bool) -> PartFindings:
    return examine_part(part.tunes(), strict=strict)
