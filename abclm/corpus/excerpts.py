"""Cuts a piece where it changes, pauses or is too long, so that a model can learn its parts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from abclm.corpus.accidentals import with_all_accidentals
from abclm.corpus.layers import join_layers, staves_of
from abclm.corpus.recipe import Filters
from abclm.corpus.simplify import canonical_title, in_plain_notation, simplify
from abclm.notation.parse.parser import Parsed
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bars import Bar, Boundary, bars
from abclm.notation.tune.music import BarLine, BodyField, Ending, Event, Item, Tune
from abclm.notation.write.music import bar_text

__all__ = ["excerpts_of"]

_CHANGES: Final = frozenset("KM")
_LONG_REST: Final = 2
"""Bars of rest in all voices from which the music on both sides is apart."""
_MARK: Final = 6
"""The characters of ``[V:1]`` and of a bar line."""
_MOST_IN_CHORD: Final = {True: 5, False: 4}
"""The most notes that a model writes in a chord of one of several voices, and of a voice alone."""
_UNIT: Final = Fraction(1, 16)
_NO_ACCIDENTALS: Final = str.maketrans("", "", "^_=")

_Row = tuple[Bar, ...]
"""A bar of every voice."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A bar of a piece: its row, without changes of key or meter, and what is in force in it."""

    row: _Row
    key: Key | None
    meter: Meter
    changes: bool
    characters: int

    @property
    def silent(self) -> bool:
        """Whether all voices rest."""
        return not any(event.pitches for bar in self.row for event in bar.events)


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
    places = _places(lines, parsed.tune)
    layered = len(parsed.tune.voices) != filters.voices
    if not layered and not _must_be_cut(places, filters):
        yield parsed
        return
    offset = int(places[0] is None or _is_full(places[0].row[0]))
    signs = _repeats(lines[0])
    for start, end in _runs(places, filters, dropped):
        whole = (start, end) == (0, len(places))
        title = parsed.tune.title
        if not whole:
            first, last = max(1, start + offset), end - 1 + offset
            title = f"{canonical_title(title)}, bars {first}-{last}"
        run = [place for place in places[start:end] if place is not None]
        tune = _excerpt(parsed.tune, title, run, start, signs)
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


def _places(lines: Sequence[Sequence[Bar | None]], tune: Tune) -> list[_Place | None]:
    """The bars of a piece; None for one that cannot be used."""
    found: list[_Place | None] = []
    key, meter = tune.key, tune.meter
    for row in zip(*lines, strict=True):
        together = [bar for bar in row if bar is not None]
        fields = [_changes(bar) for bar in together]
        new_key = next(
            (parse_key(value) for own in fields for name, value in own if name == "K"), key
        )
        new_meter = together[0].meter if together else meter
        changes = (new_key, str(new_meter)) != (key, str(meter))
        key, meter = new_key, new_meter
        if len(together) < len(row) or any(_changes_inside(bar) for bar in together):
            found.append(None)
            continue
        plain = tuple(bar._replace(items=tuple(_without_changes(bar))) for bar in together)
        characters = sum(map(_characters, plain))
        found.append(_Place(plain, key, meter, changes, characters))
    return found


def _characters(bar: Bar) -> int:
    """About the characters of a bar once needless accidentals are gone."""
    text = bar_text(bar, _UNIT)
    return len(text.translate(_NO_ACCIDENTALS)) * 11 // 10 + _MARK


def _changes(bar: Bar) -> list[tuple[str, str]]:
    return [
        (item.name, item.value)
        for item in bar.items
        if isinstance(item, BodyField) and item.name in _CHANGES
    ]


def _changes_inside(bar: Bar) -> bool:
    """Whether key or meter change after the first note."""
    begun = False
    for item in bar.items:
        begun = begun or isinstance(item, Event)
        if begun and isinstance(item, BodyField) and item.name in _CHANGES:
            return True
    return False


def _without_changes(bar: Bar) -> Iterator[Item]:
    return (item for item in bar.items if not isinstance(item, BodyField))


def _is_full(bar: Bar) -> bool:
    return bar.meter.bar is None or bar.duration >= bar.meter.bar


def _must_be_cut(places: Sequence[_Place | None], filters: Filters) -> bool:
    if _length(places) > filters.maximum_characters:
        return True
    changes = any(
        place is None or (place.changes and number) for number, place in enumerate(places)
    )
    return filters.voices > 1 and changes


def _length(places: Sequence[_Place | None]) -> int:
    return sum(place.characters for place in places if place is not None)


def _runs(
    places: Sequence[_Place | None], filters: Filters, dropped: Counter[str]
) -> Iterator[tuple[int, int]]:
    """The first bar of each excerpt, and the one behind its last."""
    start = 0
    size = len(places)
    while start < size:
        if places[start] is None:
            dropped[_unusable(filters)] += 1
            while start < size and places[start] is None:
                start += 1
            continue
        end = start + 1
        while end < size and not _is_apart(places, end):
            end += 1
        first, last = _trimmed(places, start, end)
        if first < last:
            yield from _short_enough(places, first, last, filters)
        start = end


def _unusable(filters: Filters) -> str:
    if filters.voices == 1:
        return "a staff with layers that make no chords"
    return f"bars with more than {filters.voices} voices"


def _is_apart(places: Sequence[_Place | None], number: int) -> bool:
    """Whether bar ``number`` may not be in one excerpt with the bar before it."""
    here, before = places[number], places[number - 1]
    if here is None or before is None or here.changes:
        return True
    if before.row[0].after.style == "|]":
        return True
    silent = (place is None or place.silent for place in places[number - _LONG_REST : number])
    return number >= _LONG_REST and not here.silent and all(silent)


def _trimmed(places: Sequence[_Place | None], start: int, end: int) -> tuple[int, int]:
    """The excerpt without bars of rest at its beginning and end."""
    sounding = [
        number
        for number in range(start, end)
        if (place := places[number]) is not None and not place.silent
    ]
    return (sounding[0], sounding[-1] + 1) if sounding else (start, start)


def _short_enough(
    places: Sequence[_Place | None], start: int, end: int, filters: Filters
) -> Iterator[tuple[int, int]]:
    """An excerpt in parts that are not too long."""
    room = filters.maximum_characters - 100  # for the header
    least = filters.minimum_bars
    while _length(places[start:end]) > room:
        fitting = [
            cut
            for cut in range(start + least, end - least + 1)
            if _length(places[start:cut]) <= room
        ]
        if not fitting:
            break
        cut = max(fitting, key=lambda number: (_rank(places, number), number))
        yield start, cut
        start = cut
    yield start, end


def _rank(places: Sequence[_Place | None], number: int) -> int:
    """How well a piece can be cut before bar ``number``: 3 at a double bar, 0 within a tie."""
    before, here = places[number - 1], places[number]
    if before is None or here is None:
        return 0
    if before.row[0].after.ending or before.row[0].before.ending:
        return 0
    if before.row[0].after.ends_section:
        return 3
    if before.silent or here.silent:
        return 2
    return int(not any(bar.events and bar.events[-1].tie for bar in before.row))


def _repeats(line: Sequence[Bar | None]) -> list[tuple[int, int]]:
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


def _excerpt(
    tune: Tune, title: str, run: Sequence[_Place], start: int, repeats: Sequence[tuple[int, int]]
) -> Tune:
    """A tune of some bars. A repeat that is cut loses its signs."""
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
        for place, number in zip(run, range(start, end), strict=True):
            bar = place.row[voice]
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
