"""Cuts a piece where it changes, pauses or is too long, so that a model can learn its parts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from abclm.corpus.accidentals import with_all_accidentals
from abclm.corpus.cuts import must_be_cut, runs
from abclm.corpus.excerpt_tune import excerpt_tune, repeats_of
from abclm.corpus.layers import join_layers, staves_of
from abclm.corpus.piece_bars import piece_bars
from abclm.corpus.recipe import Filters
from abclm.corpus.simplify import canonical_title, in_plain_notation, simplify
from abclm.notation.parse.parser import Parsed
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune

__all__ = ["excerpts_of"]

_MOST_IN_CHORD: Final = {True: 5, False: 4}
"""The most notes that a model writes in a chord of one of several voices, and of a voice alone."""


def excerpts_of(parsed: Parsed, filters: Filters, dropped: Counter[str]) -> Iterator[Parsed]:
    """Yield a tune, or the excerpts that it is cut into.

    A piece is cut only if it has to be: if it is too long, if its voices change key or meter, or
    if it has more voices than wanted. Then it is cut at changes of key or meter, at final bar lines
    and at rests of two bars or more in all voices, and what is still too long at double bars, at
    bars of rest, or else where no note is tied. Layers of a staff are joined (see `join_layers`),
    and a keyboard's staves are left out if those of the other parts are as many as wanted.

    Args:
        parsed: the tune.
        filters: the number of voices, and the limits of length.
        dropped: counts what is left out, by its reason.
    """
    lines = _lines(parsed.tune, filters, dropped)
    if len(set(map(len, lines))) != 1:
        yield parsed
        return
    piece = piece_bars(lines, parsed.tune)
    layered = len(parsed.tune.voices) != filters.voices
    if not layered and not must_be_cut(piece, filters):
        yield parsed
        return
    offset = int(piece[0] is None or _is_full(piece[0].row[0]))
    signs = repeats_of(lines[0])
    for start, end in runs(piece, filters, dropped):
        whole = (start, end) == (0, len(piece))
        title = parsed.tune.title
        if not whole:
            first, last = max(1, start + offset), end - 1 + offset
            title = f"{canonical_title(title)}, bars {first}-{last}"
        run = [bar for bar in piece[start:end] if bar is not None]
        tune = excerpt_tune(parsed.tune, title, run, start, signs)
        yield replace(parsed, tune=tune, has_voices=filters.voices > 1)


def _lines(tune: Tune, filters: Filters, dropped: Counter[str]) -> list[list[Bar | None]]:
    """The bars of each voice, if there are as many as wanted or can be; else nothing."""
    if not filters.cut or tune.key is None or _is_plain_and_short(tune, filters):
        return []
    staves = staves_of(tune)
    if sum(len(staff.voices) for staff in staves) == filters.voices:
        return [list(bars(_simple(voice.tune))) for staff in staves for voice in staff.voices]
    if len(staves) != filters.voices:
        staves = [staff for staff in staves if not staff.braced]
        if len(staves) != filters.voices:
            return []
        dropped["an accompaniment on several staves"] += 1
    most = _MOST_IN_CHORD[filters.voices > 1]
    return [
        join_layers([_simple(one.tune) for one in staff.voices], most, shorten=filters.join_layers)
        for staff in staves
    ]


def _is_plain_and_short(tune: Tune, filters: Filters) -> bool:
    """Whether a tune of one voice needs no cut, found without reading its bars."""
    if filters.voices > 1 or len(tune.voices) > 1:
        return False
    return sum(len(token.text) for token in tune.tokens) <= filters.maximum_characters


def _simple(voice: Tune) -> Tune:
    simple = simplify(in_plain_notation(voice), number=1)
    return replace(simple, items=tuple(with_all_accidentals(simple)))


def _is_full(bar: Bar) -> bool:
    return bar.meter.bar is None or bar.duration >= bar.meter.bar
