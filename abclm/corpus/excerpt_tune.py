"""Some bars of a piece as a tune of its own; a repeat that is cut loses its signs."""

from collections.abc import Sequence
from dataclasses import replace

from abclm.corpus.piece_bars import PieceBar
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bars import Bar, Boundary
from abclm.notation.tune.music import BarLine, BodyField, Ending, Item, Tune

__all__ = ["excerpt_tune", "repeats_of"]


def excerpt_tune(
    tune: Tune, title: str, run: Sequence[PieceBar], start: int, repeats: Sequence[tuple[int, int]]
) -> Tune:
    """A tune of some bars of a piece.

    Args:
        tune: the piece.
        title: the title of the excerpt.
        run: its bars.
        start: the number of the first of them in the piece.
        repeats: the repeats of the piece, see `repeats_of`.
    """
    end = start + len(run)
    whole = {
        number
        for first, last in repeats
        if start <= first and last < end
        for number in range(first, last + 1)
    }
    several = len(run[0].row) > 1
    items: list[Item] = []
    for voice in range(len(run[0].row)):
        if several:
            items.append(BodyField(_token(TokenKind.FIELD, f"V:{voice + 1}"), "V", str(voice + 1)))
        for one, number in zip(run, range(start, end), strict=True):
            bar = one.row[voice]
            if number == start and number in whole:
                items += _signs(bar.before, closes=False)
            items += bar.items
            items += _signs(
                bar.after,
                closes=number in whole,
                opens=number + 1 in whole and number + 1 < end,
                ends=number == end - 1,
            )
    fields = tuple(
        _token(TokenKind.FIELD, f"T:{title}") if token.text.startswith("T:") else token
        for token in tune.fields
        if not token.text.startswith("V:")
    )
    return replace(
        tune, fields=fields, items=tuple(items), tokens=(), key=run[0].key, meter=run[0].meter
    )


def _signs(
    boundary: Boundary, *, closes: bool, opens: bool = True, ends: bool = False
) -> list[Item]:
    """The bar lines of a boundary, without the signs of repeats that are not whole."""
    style = "|]" if ends else boundary.style or "|"
    if boundary.ending and not closes:
        return [BarLine(_token(TokenKind.BAR_LINE, style), style)]
    line = BarLine(
        _token(TokenKind.BAR_LINE, style),
        style,
        closes=boundary.closes and closes,
        opens=boundary.opens and opens,
    )
    if ends or not boundary.ending:
        return [line]
    text = ",".join(map(str, boundary.ending))
    return [line, Ending(_token(TokenKind.ENDING, f"[{text}"), boundary.ending)]


def _token(kind: TokenKind, text: str) -> Token:
    return Token(kind, text, 0, 0)


def repeats_of(line: Sequence[Bar | None]) -> list[tuple[int, int]]:
    """The first and the last bar of each repeat, its endings included."""
    found: list[tuple[int, int]] = []
    start = 0
    for number, bar in enumerate(line):
        if bar is None:
            continue
        if bar.before.opens or (bar.before.ends_section and not bar.before.ending):
            start = number
        if bar.after.closes and not (bar.after.ending and found and found[-1][0] == start):
            found.append((start, _last_of_ending(line, number)))
    return found


def _last_of_ending(line: Sequence[Bar | None], number: int) -> int:
    """The last bar of the endings of the repeat that closes after bar ``number``."""
    bar = line[number]
    while bar is not None and bar.after.ending:
        number += 1
        while number + 1 < len(line) and (bar := line[number]) is not None:
            if bar.after.ends_section or bar.after.ending:
                break
            number += 1
        bar = line[number]
    return number
