"""The problems of tunes; long tunebooks are checked in one process per processor core."""

from abclm.notation.check import validate as check
from abclm.notation.check.validate import Findings, PartFindings
from abclm.notation.parse.book_parts import BookPart, cut_book
from abclm.notation.syntax.problem import Problem

__all__ = ["Findings", "Problem", "examine", "validate"]

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
    return examine(text, strict=strict).problems


def examine(
    text: str, *, strict: bool = False, second_opinion: bool = False, processes: int | None = None
) -> Findings:
    r"""Find the problems of a text, and what is allowed in it but may be unintended.

    Args:
        text: a tunebook.
        strict: as for `validate`.
        second_opinion: whether to ask abc2midi too.
        processes: number of processes; None for one per core if the book is long enough.

    Returns:
        The ``problems`` and the ``remarks``, each in the order of their positions.

    Raises:
        RenderError: abc2midi is asked for, but is not installed or does not answer.

    Example:
        >>> abclm.examine("X:1\nT:t\nM:4/4\nL:1/4\nK:C\n!hm!CDEF|]\n").remarks[0].rule
        'decoration'
    """
    found = _examine(text, strict=strict, processes=processes)
    if not second_opinion:
        return found

    from abclm.render.abcmidi import second_opinion as problems_of_abc2midi

    return Findings(sorted([*found.problems, *problems_of_abc2midi(text)]), found.remarks)


def _examine(text: str, *, strict: bool, processes: int | None) -> Findings:
    if processes == 1 or (processes is None and len(text) < _FROM):
        return check.examine(text, strict=strict)

    from abclm.processes import cores, pool_of

    processes = processes or cores()
    if processes == 1:
        return check.examine(text, strict=strict)
    parts = cut_book(text, len(text) // (_PARTS_EACH * processes) + 1)
    with pool_of(processes) as pool:
        waiting = [pool.submit(_examine_part, part, strict=strict) for part in parts]
        return check.together(one.result() for one in waiting)


def _examine_part(part: BookPart, *, strict: bool) -> PartFindings:
    return check.examine_part(part.tunes(), strict=strict)
