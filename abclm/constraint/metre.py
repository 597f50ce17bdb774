"""How a bar can still be filled: which lengths can be spelled, and which of them fit.

`Metre` holds what is constant in a tune, a `Moment` the time used in a bar, and `Aims` the lengths
that the bar may have at its position in the form (see `abclm.constraint.sections`).
"""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Final, NamedTuple, Self

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE, ticks_of
from abclm.notation.syntax.broken import BROKEN_SIXTEENTHS, SIXTEENTHS
from abclm.notation.syntax.meter import Meter, tuplet_times
from abclm.notation.syntax.values import read_length

__all__ = ["MARKS_OF_BROKEN", "Aims", "Metre", "Moment"]

MARKS_OF_BROKEN: Final = "><"
"""The broken rhythm marks that are written; abc2midi has its own reading of ``>>`` and ``<<``."""
_MOST_UNITS = 32
"""The longest note in units, if the bar allows it: the bar of 4/2 in sixteenths."""
_MOST_FREE_UNITS = 16
"""The same in free meter: two whole notes in eighths."""
_MOST_PARTS = 10
"""Numerators of fractions go up to 10 where a bar has fewer units, as in ``7/4``."""
_DIVISIONS: Final = {"": 1, "/": 2, "/4": 4, "/8": 8}
"""Parts of a unit by their spelling, down to those of the shipped corpus."""
_SHORTEST = Fraction(1, 128)
"""The shortest note, in whole notes; validate allows half of it."""


class Moment(NamedTuple):
    """How much of a bar is used where the next event begins. Times are in ticks.

    Attributes:
        used: time used in the bar.
        missing: number of events missing in the open tuplet.
        notes, times: the open tuplet plays ``notes`` events in the time of ``times``.
        factor: the factor of broken rhythm on the next event, in sixteenths.
        last: the written length of the last event if broken rhythm may follow or has followed it,
            else 0.
    """

    used: int = 0
    missing: int = 0
    notes: int = 1
    times: int = 1
    factor: int = SIXTEENTHS
    last: int = 0

    @classmethod
    def at(cls, cursor: Cursor) -> Self:
        """The moment after all that ``cursor`` has read, the last event as written so far."""
        time = cursor.settled.time
        notes, times, missing = time.tuplet
        last = 0 if cursor.state is State.TIE else time.plain
        if not time.broken and (missing or time.share != SIXTEENTHS):
            last = 0
        return cls(time.used, missing, notes, times, time.following, last)

    @classmethod
    def before(cls, cursor: Cursor) -> Self:
        """The moment before the last event."""
        time = cursor.time
        notes, times = time.in_tuplet
        missing = time.tuplet[2] + 1 if time.in_tuplet != (1, 1) else 0
        return cls(time.gone, missing, notes, times, time.share, time.paired)

    @property
    def pending(self) -> bool:
        """Whether a tuplet or broken rhythm still needs an event."""
        return self.missing > 0 or self.factor != SIXTEENTHS

    def after(self, length: int) -> "Moment":
        """The moment after an event of the written ``length``."""
        time = length * self.factor * self.times // (SIXTEENTHS * self.notes)
        left = max(self.missing - 1, 0)
        notes, times = (self.notes, self.times) if left else (1, 1)
        last = 0 if self.pending else length
        return Moment(self.used + time, left, notes, times, SIXTEENTHS, last)

    def broken(self, mark: str) -> "Moment":
        """The moment after a broken rhythm mark."""
        before, after = BROKEN_SIXTEENTHS[mark]
        used = self.used + self.last * (before - SIXTEENTHS) // SIXTEENTHS
        return self._replace(used=used, factor=after)


class Aims(NamedTuple):
    """The lengths that a bar may have.

    Attributes:
        lengths: in ticks; None for any length.
        pickup: the bar may also end at any point of the grid up to here, in ticks.
    """

    lengths: tuple[int, ...] | None
    pickup: int = 0


@dataclass(frozen=True)
class Metre:
    """What is constant in a tune: its meter, its unit, what can be spelled.

    Args:
        meter: the tune's meter.
        unit: its unit note length, in whole notes.
        characters: what the vocabulary can spell.
        finest: the most parts into which the unit is divided.

    Attributes:
        bar: ticks in a bar; None in free meter.
        lengths: ticks of each length that can be spelled, by its text.
        grid: ticks of the shortest length; any multiple of it can be filled.
    """

    meter: Meter
    unit: Fraction
    characters: frozenset[str]
    finest: int = 4
    bar: int | None = field(init=False)
    lengths: dict[str, int] = field(init=False)
    grid: int = field(init=False)
    _shortest: int = field(init=False)
    _even: bool = field(init=False)
    _fitting: dict[tuple[Moment, Aims], bool] = field(
        init=False, default_factory=dict, compare=False
    )

    def __post_init__(self) -> None:
        bar = self.meter.bar
        units = None if bar is None else bar / self.unit
        unit = ticks_of(self.unit)
        lengths = {text: int(length * unit) for text, length in self._spellings(units).items()}
        grid = min(lengths.values())
        ticks = None if bar is None else _whole(bar * WHOLE)
        needed = {grid * parts for parts in range(1, 11) if not bar or grid * parts <= bar * WHOLE}
        values = {
            "bar": ticks,
            "lengths": lengths,
            "grid": grid,
            "_shortest": ticks_of(_SHORTEST),
            "_even": needed.issubset(lengths.values()),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def can_be_written(self) -> bool:
        """Whether a whole bar can be filled with lengths that can be spelled."""
        return self.bar is None or (self.bar > 0 and self.on_grid(self.bar))

    def on_grid(self, time: int) -> bool:
        """Whether ``time`` can be filled with lengths that can be spelled."""
        return time % self.grid == 0

    def can_break(self, moment: Moment) -> bool:
        """Whether broken rhythm may follow: half of the last event must be long enough."""
        return moment.last >= 2 * self._shortest

    def tuplet(self, moment: Moment, notes: int) -> Moment:
        """The moment at the start of a tuplet of ``notes`` events."""
        times = tuplet_times(notes, compound=self.meter.compound)
        return moment._replace(missing=notes, notes=notes, times=times, last=0)

    def ends(self, moment: Moment, aims: Aims) -> bool:
        """Whether the bar may end at ``moment``."""
        if moment.pending or not moment.used:
            return False
        if aims.lengths is None or moment.used in aims.lengths:
            return True
        return moment.used <= aims.pickup and self.on_grid(moment.used)

    def takes_event(self, moment: Moment, aims: Aims) -> bool:
        """Whether some event can follow from which the bar can still end properly."""
        if aims.lengths is None:
            return True
        key = moment, aims
        known = self._fitting.get(key)
        if known is None:
            known = self._fitting[key] = self._takes_event(moment, aims, aims.lengths)
        return known

    def takes_length(self, moment: Moment, length: int, aims: Aims) -> bool:
        """Whether an event of the written ``length`` can follow."""
        if moment.factor != SIXTEENTHS and moment.last not in {0, length}:
            # Both notes have the same written length: abc2midi reads no other broken rhythm.
            return False
        if length * moment.factor < self._shortest * SIXTEENTHS:
            return False
        after = moment.after(length)
        return self.ends(after, aims) or self.takes_event(after, aims)

    def _takes_event(self, moment: Moment, aims: Aims, lengths: tuple[int, ...]) -> bool:
        if not moment.pending:
            return any(
                length > moment.used and self.on_grid(length - moment.used) for length in lengths
            )
        if moment.factor != SIXTEENTHS or not self._even:
            return any(self.takes_length(moment, length, aims) for length in self.lengths.values())
        used = self._soonest(moment)
        return used is not None and any(
            length >= used and self.on_grid(length - used) for length in lengths
        )

    def _soonest(self, moment: Moment) -> int | None:
        """The time used if the open tuplet ends as early as possible on the grid.

        The missing events sum to a multiple of the grid. Scaled by ``times / notes``, such sums
        repeat their remainder after ``notes`` steps of the grid, so no more need be tried. With a
        grid of 1/8, three missing events of ``(3`` take 3/8 * 2/3 = 2/8, which is on the grid.
        """
        least = max(self.grid, self._shortest)
        for more in range(moment.notes):
            events = moment.missing * least + more * self.grid
            used = moment.used + events * moment.times // moment.notes
            if events * moment.times % moment.notes == 0 and self.on_grid(used):
                return used
        return None

    def _spellings(self, bar: Fraction | None) -> dict[str, Fraction]:
        """Every length that can be spelled, as text, with its value in units.

        Args:
            bar: length of a bar in units; None in free meter.
        """
        most = min(_MOST_UNITS, int(bar)) if bar is not None else _MOST_FREE_UNITS
        above = ["", *(str(number) for number in range(2, max(most, _MOST_PARTS) + 1))]
        below = [under for under, parts in _DIVISIONS.items() if parts <= self.finest]
        found: dict[str, Fraction] = {}
        for over, under in product(above, below):
            text = over + ("/2" if over and under == "/" else under)
            length = read_length(text)
            if not under and length > most:
                continue
            reduced = length.denominator == read_length(under).denominator
            if reduced and length * self.unit >= _SHORTEST and self.characters.issuperset(text):
                found[text] = length
        return found


def _whole(ticks: Fraction) -> int:
    """The number of ticks as an integer; 0 if it is not one, so the bar cannot be filled."""
    return ticks.numerator if ticks.denominator == 1 else 0
