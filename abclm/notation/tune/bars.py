"""The bars of a tune: how long each lasts, and whether it touches a section boundary.

One definition of bar, repeat and section for the rules, the canonical form and the decoder.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from abclm.notation.syntax.meter import Meter, parse_meter
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.durations import lasts
from abclm.notation.tune.music import BarLine, BodyField, Ending, Event, Item, Overlay, Tune

__all__ = ["Bar", "Boundary", "bars", "inner_bar_lines", "pickup_offset"]

_NOTHING = Fraction(0)


class Boundary(NamedTuple):
    """What separates two bars: one or more bar lines, and an ending mark.

    A named tuple, like `Bar` and `Event`, for speed: a tunebook has tens of thousands.

    Attributes:
        tokens: the bar lines and the ending mark; empty at an open start or end of a tune.
        style: ``|``, ``||`` or ``|]``; empty without a bar line.
        closes, opens: whether a repeat ends here, and whether one starts here.
        ending: the numbers of the ending that starts here, such as ``(1,)``.
        edge: whether the tune starts or ends here.
        soft: whether all bar lines here are dotted or invisible, and no ending starts.
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
        """Count the colons at the left (``end`` 0) or right (``end`` -1) of its signs."""
        most = 0
        for token in self.tokens:
            text = token.text.strip(".")
            colons = text.split("|")[end] if "|" in text else text[: len(text) // 2]
            most = max(most, colons.count(":") if set(colons) <= {":"} else 0)
        return most


class Bar(NamedTuple):
    """The items between two boundaries.

    Attributes:
        items: the items in the bar, without bar lines.
        duration: the total length of its notes, chords and rests, in whole notes.
        meter: the meter in force in it.
        before, after: its boundaries.
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
        """Whether the bar lasts what its meter says, or is a shorter one at a section boundary."""
        full = self.meter.bar
        if full is None or self.duration == full:
            return True
        if self.meter.fits(self.duration) or self._rests_by_bars:
            return True
        return self.at_boundary and self.duration < (self.meter.longest_bar or full)

    @property
    def measures(self) -> int:
        """The number of measures it stands for: 1, or more for a rest such as ``Z4``."""
        full = self.meter.bar
        return max(1, int(self.duration / full)) if full and self._rests_by_bars else 1

    @property
    def _rests_by_bars(self) -> bool:
        rests = [event.rest for event in self.events]
        return bool(rests) and all(rest in {"Z", "X"} for rest in rests)


_Piece = tuple[tuple[Item, ...], Boundary]
"""The items of a bar, and the boundary after it."""
_SIGNS = frozenset({BarLine, Ending})
_new_bar: Callable[[tuple[Any, ...]], Bar] = partial(tuple.__new__, Bar)
_new_boundary: Callable[[tuple[Any, ...]], Boundary] = partial(tuple.__new__, Boundary)


def bars(tune: Tune) -> list[Bar]:
    """Return the bars of ``tune``, which has one voice, in written order.

    Bar lines with nothing between them make one boundary. A dotted or invisible bar line inside a
    measure makes none: ``CDE.|FG.|AB|`` in 7/8 is one bar.
    """
    pieces = _cut(tune.items)
    if [1 for _, after in pieces if after.soft]:
        pieces = _without_soft_lines(pieces, tune.meter)
    result: list[Bar] = []
    following = tune.meter
    before = Boundary(edge=True)
    opening: tuple[Item, ...] = ()
    kinds = {*map(type, tune.items)}
    has_fields, overlaid = BodyField in kinds, Overlay in kinds
    for items, after in pieces:
        meter = following
        if has_fields:
            meter, following = _meters(items, meter)
        if Event in map(type, items):
            duration = lasts(items, overlaid=overlaid)
            result.append(_new_bar((opening + items, duration, meter, before, after)))
            before, opening = after, ()
        else:
            # Only the start of a tune has no event: this boundary opens the first bar.
            before = after._replace(edge=True)
            opening = tuple(item for item in items if isinstance(item, BodyField))
    if result:
        last = result[-1]
        result[-1] = last._replace(after=last.after._replace(edge=True))
    return result


def pickup_offset(bar: Bar) -> Fraction:
    """Return where in a full bar its first note falls, in whole notes; a pickup fills its end."""
    full = bar.meter.bar
    if full is None or bar.duration >= full:
        return _NOTHING
    starts_section = bar.before.ends_section and not bar.before.ending
    return full - bar.duration if starts_section else _NOTHING


def inner_bar_lines(tune: Tune) -> frozenset[tuple[int, int]]:
    """Return line and column of the soft bar lines that do not end a bar, in all voices."""
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


def _without_soft_lines(pieces: Iterable[_Piece], meter: Meter) -> list[_Piece]:
    """``pieces`` joined at the soft bar lines inside a measure that do not make it too long.

    In 4/4 in quarters, ``AB.|cd.|e4|`` becomes the bars of ``ABcd`` and of ``e4``: with the first
    two pieces the measure is full, so the second dotted line ends it.
    """
    joined: list[_Piece] = []
    for items, after in pieces:
        if joined and joined[-1][1].soft:
            begun = joined[-1][0]
            whole = begun + items
            full = _meters(begun, meter)[1].longest_bar
            if full is None or (lasts(begun) < full and lasts(whole) <= full):
                joined[-1] = whole, after
                continue
        if joined:
            meter = _meters(joined[-1][0], meter)[1]
        joined.append((items, after))
    return joined


def _cut(items: tuple[Item, ...]) -> list[_Piece]:
    """The items of each bar, with the boundary after it.

    In ``AB|[K:D]|:cd|`` the first boundary is ``||:``, and ``[K:D]`` belongs to the bar of ``cd``.
    """
    pieces: list[_Piece] = []
    # Slices between the signs are faster: a book has hundreds of thousands of items.
    places = [place for place, item in enumerate(items) if type(item) in _SIGNS]
    content = items[: places[0]] if places else items
    following: tuple[Item, ...] = ()
    signs: list[BarLine | Ending] = []
    for place, stop in zip(places, [*places[1:], len(items)], strict=False):
        signs.append(items[place])  # type: ignore[arg-type]
        following += items[place + 1 : stop]
        if Event in map(type, following):
            pieces.append((content, _merge(signs)))
            content, following, signs = following, (), []
    return [*pieces, (content, _merge(signs))]


def _merge(signs: list[BarLine | Ending]) -> Boundary:
    """The signs between two bars as one boundary.

    ``:|`` and ``|:`` with nothing between them close and open; the ending of ``:|2`` is (2,); the
    style of ``|`` and ``||`` together is ``||``.
    """
    first = signs[0] if signs else None
    if len(signs) == 1 and type(first) is BarLine:
        token, style, closes, opens, soft = first
        return _new_boundary(((token,), style, closes, opens, (), False, soft))
    lines = [sign for sign in signs if isinstance(sign, BarLine)]
    endings = [sign for sign in signs if isinstance(sign, Ending)]
    styles = {line.style for line in lines}
    return Boundary(
        tuple(sign.token for sign in signs),
        next((style for style in ("|]", "||", "|") if style in styles), ""),
        any(line.closes for line in lines),
        any(line.opens for line in lines),
        endings[-1].numbers if endings else (),
        soft=bool(signs) and all(line.soft for line in lines) and not endings,
    )


def _meters(items: Iterable[Item], meter: Meter) -> tuple[Meter, Meter]:
    """The meters in force in a bar and after it: ``[M:3/4]|`` applies to the next bar."""
    inside = after = meter
    for item in items:
        if isinstance(item, Event):
            inside = after
        elif isinstance(item, BodyField) and item.name == "M":
            after = parse_meter(item.value) or after
    return inside, after
