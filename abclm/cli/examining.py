"""Examining tunebooks, long ones in a process for each processor core."""

from abclm.notation.check.validate import Findings, PartFindings, examine, examine_part, together
from abclm.notation.parse.book_parts import BookPart, cut_book

__all__ = ["examine_book"]

_FROM = 2_000_000
"""So many characters are worth the start of other processes."""
_PARTS_EACH = 4
"""Parts for each process, so that none waits long for the last one."""


def examine_book(text: str, *, strict: bool = False, processes: int | None = None) -> Findings:
    """What `examine` says of a text.

    Args:
        text: a tunebook.
        strict: as `examine` takes it.
        processes: how many; None for one a core where the book is long enough.
    """
    from abclm.processes import cores, pool_of

    if processes is None:
        processes = cores() if len(text) >= _FROM else 1
    if processes <= 1:
        return examine(text, strict=strict)
    parts = cut_book(text, len(text) // (_PARTS_EACH * processes) + 1)
    with pool_of(processes) as pool:
        waiting = [pool.submit(_examine, part, strict) for part in parts]
        return together(one.result() for one in waiting)


def _examine(part: BookPart, strict: bool) -> PartFindings:
    return examine_part(part.tunes(), strict=strict)
