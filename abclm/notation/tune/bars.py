"""The bars of a tune: how long each lasts, and whether it touches a section boundary.

One definition of bar, repeat and section for the rules, the canonical form and the decoder:
DESIGN section 7, "exact bars".
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from abclm.notation.syntax.lexer import Token
from abclm.notation.syntax.meter import Meter, parse_meter
from abclm.notation.tune.music import BarLine, BodyField, Ending, Event, Item, Overlay, Tune

__all__ = ["Bar", "Boundary", "bars", "inner_bar_lines", "pickup_offset"]

_NOTHING = Fraction(0)


class Boundary(NamedTuple):
    """What stands between two bars: one bar line or several in a row, and an ending.

    A named tuple, like a bar and a sound: a tunebook has tens of thousands.

    Attributes:
        tokens: the bar lines and the ending mark, none at the open start or end of a tune.
        style: ``|``, ``||`` or ``|]``, or empty where there is no bar line.
        closes, opens: whether a repeat ends, and one starts, here.
        ending: the times of the ending that starts here.
        edge: whether the tune starts or ends here.
        soft: whether nothing stands here but dotted or invisible bar lines.
    """

    tokens: tuple[Token, ...] = ()
    style: str = ""
    closes: bool = False
    opens: bool = False
    ending: tuple[int, ...] = ()
    edge: bool = False
    soft: bool = False

    @property
    def plain(self) -> bool:
        """Whether this is an ordinary bar line inside a section."""
        return self.style == "|" and not (self.closes or self.opens or self.ending or self.edge)

    @property
    def ends_section(self) -> bool:
        """Whether a section ends or starts here: an edge, a double bar or a repeat sign."""
        return self.edge or self.closes or self.opens or self.style in {"||", "|]"}

    def colons(self, end: int) -> int:
        """The colons at the left (``end`` 0) or right (``end`` -1) of its signs."""
        most = 0
        for token in self.tokens:
            text = token.text.strip(".")
            colons = text.split("|")[end] if "|" in text else text[: len(text) // 2]
            most = max(most, colons.count(":") if set(colons) <= {":"} else 0)
        return most


class Bar(NamedTuple):
    """The items between two boundaries.

    Attributes:
        items: what stands in the bar, no bar lines among it.
        duration: how long its notes, chords and rests last together, in whole notes.
        meter: the meter that holds in it.
    """

    items: tuple[Item, ...]
    duration: Fraction
    meter: Meter
    before: Boundary
    after: Boundary

    @property
    def events(self) -> list[Event]:
        """The notes, chords and rests of the bar."""
        return [item for item in self.items if isinstance(item, Event)]

    @property
    def at_boundary(self) -> bool:
        """Whether the bar touches a section boundary, where it may be short."""
        return not (self.before.plain and self.after.plain)

    @property
    def exact(self) -> bool:
        """Whether the bar lasts what its place allows (DESIGN section 7)."""
        full = self.meter.bar
        if full is None or self.duration == full:
            return True
        if self.meter.fits(self.duration) or self._rests_by_bars:
            return True
        return self.at_boundary and self.duration < (self.meter.longest_bar or full)

    @property
    def measures(self) -> int:
        """How many measures it stands for: one, or those of rests such as ``Z4``."""
        full = self.meter.bar
        return max(1, int(self.duration / full)) if full and self._rests_by_bars else 1

    @property
    def _rests_by_bars(self) -> bool:
        rests = [event.rest for event in self.events]
        return bool(rests) and all(rest in {"Z", "X"} for rest in rests)


def bars(tune: Tune) -> list[Bar]:
    """The bars of ``tune``, which has one voice, in written order.

    Bar lines with nothing between them are one. A dotted or invisible bar line inside a measure is
    none: ``CDE.|FG.|AB|`` in 7/8 is one bar.
    """
    pieces = list(_cut(tune.items))
    if [1 for _, after in pieces if after.soft]:
        pieces = _without_soft_lines(pieces, tune.meter)
    result: list[Bar] = []
    following = tune.meter
    before = Boundary(edge=True)
    opening: tuple[Item, ...] = ()
    for items, after in pieces:
        events = _events(items)
        meter = following
        if len(events) < len(items):
            meter, following = _meters(items, meter)
        if events:
            result.append(Bar(opening + items, _duration(items, events), meter, before, after))
            before, opening = after, ()
        else:
            # Only at the start of a tune is there no sound: that boundary opens the first bar.
            before = after._replace(edge=True)
            opening = tuple(item for item in items if isinstance(item, BodyField))
    if result:
        last = result[-1]
        result[-1] = last._replace(after=last.after._replace(edge=True))
    return result


def pickup_offset(bar: Bar) -> Fraction:
    """Where in the full bar its first note falls: a pickup is counted from the bar's end."""
    full = bar.meter.bar
    if full is None or bar.duration >= full:
        return _NOTHING
    starts_section = bar.before.ends_section and not bar.before.ending
    return full - bar.duration if starts_section else _NOTHING


def inner_bar_lines(tune: Tune) -> frozenset[tuple[int, int]]:
    """Line and column of the dotted and invisible bar lines that end no bar, in all voices."""
    soft = {
        (item.token.line, item.token.column)
        for item in tune.items
        if isinstance(item, BarLine) and item.soft
    }
    if not soft:
        return frozenset()
    written = [bar for voice in tune.voices for bar in bars(voice.tune)]
    ends = (token for bar in written for token in (*bar.before.tokens, *bar.after.tokens))
    return frozenset(soft - {(token.line, token.column) for token in ends})


def _without_soft_lines(
    pieces: Iterable[tuple[tuple[Item, ...], Boundary]], meter: Meter
) -> list[tuple[tuple[Item, ...], Boundary]]:
    """``pieces`` joined at the soft bar lines inside a measure that do not make it too long."""
    joined: list[tuple[tuple[Item, ...], Boundary]] = []
    for items, after in pieces:
        if joined and joined[-1][1].soft:
            begun = joined[-1][0]
            whole = begun + items
            full = _meters(begun, meter)[1].longest_bar
            if full is None or (_lasts(begun) < full and _lasts(whole) <= full):
                joined[-1] = whole, after
                continue
        if joined:
            meter = _meters(joined[-1][0], meter)[1]
        joined.append((items, after))
    return joined


def _cut(items: Iterable[Item]) -> Iterator[tuple[tuple[Item, ...], Boundary]]:
    """Each bar's items with the boundary after it; what follows a bar line is the next bar's."""
    content: list[Item] = []
    following: list[Item] = []
    marks: list[BarLine | Ending] = []
    for item in items:
        # By type and not with isinstance: a book has hundreds of thousands of items.
        kind = type(item)
        if kind is BarLine or kind is Ending:
            marks.append(item)  # type: ignore[arg-type]
        elif not marks:
            content.append(item)
        else:
            following.append(item)
            if kind is Event:
                yield tuple(content), _merge(marks)
                content, following, marks = following, [], []
    yield tuple(content), _merge(marks)


def _merge(marks: list[BarLine | Ending]) -> Boundary:
    first = marks[0] if marks else None
    if len(marks) == 1 and isinstance(first, BarLine):
        token, style, closes, opens, soft = first
        return Boundary((token,), style, closes, opens, (), False, soft)  # noqa: FBT003
    lines = [mark for mark in marks if isinstance(mark, BarLine)]
    endings = [mark for mark in marks if isinstance(mark, Ending)]
    styles = {line.style for line in lines}
    style = next((style for style in ("|]", "||", "|") if style in styles), "")
    return Boundary(
        tuple(mark.token for mark in marks),
        style,
        any(line.closes for line in lines),
        any(line.opens for line in lines),
        endings[-1].numbers if endings else (),
        soft=bool(marks) and all(line.soft for line in lines) and not endings,
    )


def _meters(items: Iterable[Item], meter: Meter) -> tuple[Meter, Meter]:
    """The meter that holds in a bar, and behind it: ``[M:3/4]|`` is the next bar's."""
    inside = behind = meter
    for item in items:
        if isinstance(item, Event):
            inside = behind
        elif isinstance(item, BodyField) and item.name == "M":
            behind = parse_meter(item.value) or behind
    return inside, behind


def _lasts(items: Sequence[Item]) -> Fraction:
    return _duration(items, _events(items))


def _events(items: Iterable[Item]) -> list[Event]:
    return [item for item in items if type(item) is Event]


def _duration(items: Sequence[Item], events: Sequence[Event]) -> Fraction:
    if len(events) == len(items) or not any(isinstance(item, Overlay) for item in items):
        return _sum(tuple([event.duration.as_integer_ratio() for event in events]))
    # The layers of an overlay sound together, and the bar lasts as long as the longest.
    layers: list[list[Event]] = [[]]
    for item in items:
        if isinstance(item, Overlay):
            layers.append([])
        elif isinstance(item, Event):
            layers[-1].append(item)
    return max(_duration(layer, layer) for layer in layers)


@lru_cache(maxsize=4096)
def _sum(ratios: tuple[tuple[int, int], ...]) -> Fraction:
    """Their sum by way of a common denominator: several times faster than adding fractions.

    Bars of the same lengths come again and again, and are added up once.
    """
    common = math.lcm(*{below for _, below in ratios})
    return Fraction(sum(above * (common // below) for above, below in ratios), common)
