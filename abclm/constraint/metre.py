"""The time in a bar while a tune is written: what is used, what is owed, what can still fit.

`Metre` holds what stays the same for a tune, a `abclm.constraint.place.Place` where in it the next
sound falls, and `Metre.fits` says whether a bar can still end well from there.

A tune is in metre when every section that starts with a pickup ends that much short of a full bar:
played with its repeats, such a tune never gains nor loses a beat. So the first pickup binds: all
later sections start with one of the same length, and all last bars pay for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Final

from abclm.constraint.place import (
    ANY_SECTION,
    BROKEN,
    SIXTEENTHS,
    TICKS,
    Place,
    SectionPlan,
    to_ticks,
)
from abclm.notation.cursor.plan import PHRASE
from abclm.notation.syntax.meter import Meter, tuplet_times
from abclm.notation.syntax.values import read_length

__all__ = ["Metre"]

_MOST_UNITS = 32
_MOST_FREE_UNITS = 16
_MOST_PARTS = 10
_DIVISIONS: Final = {"": 1, "/": 2, "/4": 4, "/8": 8}
_SHORTEST = Fraction(1, 128)
"""No note gets shorter than this, in whole notes; validate allows half of it."""

_MOST_BARS = 16
"""Where no plan says otherwise, a section ends with the first phrase that reaches so many bars."""


@dataclass(frozen=True)
class Metre:
    """What stays the same for a tune: its meter, its unit, what can be spelt, what is planned.

    Args:
        meter: of the tune.
        unit: its unit note length, in whole notes.
        characters: what the vocabulary can spell.
        plan: of each section; empty leaves the form to the model.
        usual: what is asked of every section where there is no plan.
        finest: the unit is divided into so many parts at most.
    """

    meter: Meter
    unit: Fraction
    characters: frozenset[str]
    plan: tuple[SectionPlan, ...] = ()
    usual: SectionPlan = ANY_SECTION
    finest: int = 4
    bar: int | None = field(init=False)
    lengths: dict[str, int] = field(init=False)
    grid: int = field(init=False)
    _shortest: int = field(init=False)
    _even: bool = field(init=False)
    _fitting: dict[Place, bool] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        bar = None if self.meter.bar is None else self.meter.bar / self.unit
        lengths = {text: _ticks(length) for text, length in _spellings(self, bar).items()}
        grid = min(lengths.values())
        needed = {grid * parts for parts in range(1, 11) if not bar or grid * parts <= bar * TICKS}
        values = {
            # A bar that is no whole number of ticks is none that can be filled either.
            "bar": None if bar is None else to_ticks(bar) or 0,
            "lengths": lengths,
            "grid": grid,
            "_shortest": _ticks(_SHORTEST / self.unit),
            "_even": needed.issubset(lengths.values()),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def can_be_written(self) -> bool:
        """Whether a whole bar can be filled with notes that can be spelt."""
        return self.bar is None or (self.bar > 0 and self.on_grid(self.bar))

    def on_grid(self, time: int) -> bool:
        """Whether ``time`` can be filled with notes that can be spelt."""
        return time % self.grid == 0

    def after(self, place: Place, length: int, *, rest: bool = False) -> Place:
        """The place after a sound of the written ``length``."""
        time = length * place.factor * place.times // (SIXTEENTHS * place.notes)
        plain = not (rest or place.pending)
        left = max(place.tuplet - 1, 0)
        return place._replace(
            used=1 if self._is_free(place) else place.used + time,
            tuplet=left,
            times=place.times if left else 1,
            notes=place.notes if left else 1,
            factor=SIXTEENTHS,
            last=time if plain else 0,
            tied=False,
        )

    def broken(self, place: Place, sign: str) -> Place:
        """The place after a sign of broken rhythm."""
        before, after = BROKEN[sign]
        used = place.used + place.last * (before - SIXTEENTHS) // SIXTEENTHS
        return place._replace(used=1 if self._is_free(place) else used, factor=after)

    def can_break(self, place: Place) -> bool:
        """Whether broken rhythm may follow: halved, the sound before is still long enough."""
        return place.last >= 2 * self._shortest

    def tuplet(self, place: Place, notes: int) -> Place:
        """The place inside a tuplet of so many ``notes``."""
        times = tuplet_times(notes, compound=self.meter.compound)
        return place._replace(tuplet=notes, times=times, notes=notes, last=0)

    def fits(self, place: Place) -> bool:
        """Whether the bar can end well from here, now or after more sounds."""
        return self.ends_bar(place) or self.takes_sound(place)

    def takes_sound(self, place: Place) -> bool:
        """Whether some sound can come here so that the bar can still end well."""
        known = self._fitting.get(place)
        if known is None:
            known = self._fitting[place] = self._takes_sound(place)
        return known

    def takes_length(self, place: Place, length: int) -> bool:
        """Whether a sound of the written ``length`` can come here."""
        if place.broken and place.last not in {0, length}:
            # Both notes are written alike: abc2midi knows broken rhythm in no other form.
            return False
        if length * place.factor < self._shortest * SIXTEENTHS:
            return False
        return self.fits(self.after(place, length))

    def ends_bar(self, place: Place) -> bool:
        """Whether the bar may end here, by some bar line."""
        if place.pending or not place.used:
            return False
        if place.target is not None:
            return place.used == place.target
        return self.ends_inside(place) or (self.ends_section(place) and not place.tied)

    def ends_inside(self, place: Place) -> bool:
        """Whether a plain bar line may come here."""
        if place.pending or not place.used:
            return False
        if self.bar is None:
            return self._goes_on(place)
        if place.first and self._is_pickup(place):
            return True
        return place.used == self.bar and not self._owes(place) and self._goes_on(place)

    def ends_section(self, place: Place) -> bool:
        """Whether a section may end here."""
        if place.pending or not place.used:
            return False
        if place.first and (place.pickup or self.section_plan(place).bars != 1):
            return False  # a pickup, or the first of several bars
        if not self._has_bars(place):
            return False
        return self.bar is None or place.used == self.bar - (place.pickup or 0)

    def is_lone_pickup(self, place: Place) -> bool:
        """Whether the bar so far is a pickup that may stand before a repeat sign: ``d|:``."""
        return (
            place.first
            and not place.repeat
            and place.pickup is None
            and place.section == 0
            and self._is_pickup(place)
        )

    def _takes_sound(self, place: Place) -> bool:
        targets = self._targets(place)
        if targets is None:
            return True
        if not place.pending:
            return any(t > place.used and self.on_grid(t - place.used) for t in targets)
        if place.broken or not self._even:
            return any(self.takes_length(place, length) for length in self.lengths.values())
        used = self._soonest(place)
        return used is not None and any(t >= used and self.on_grid(t - used) for t in targets)

    def _soonest(self, place: Place) -> int | None:
        """The time used when the open tuplet ends as soon as it can on the grid.

        The sounds that are missing have some multiple of the grid as their sum; what the tuplet
        makes of it repeats its remainder after ``notes`` of them.
        """
        least = max(self.grid, self._shortest)
        for more in range(place.notes):
            sounds = place.tuplet * least + more * self.grid
            used = place.used + sounds * place.times // place.notes
            if sounds * place.times % place.notes == 0 and self.on_grid(used):
                return used
        return None

    def _targets(self, place: Place) -> Sequence[int] | None:
        """How long the bar may last; None for as long as it likes."""
        if place.target is not None:
            return [place.target]
        if self.bar is None:
            return None
        if place.first:
            return [place.pickup] if place.pickup else [self.bar]
        targets = [self.bar] if self._goes_on(place) else []
        return [*targets, self.bar - (place.pickup or 0)] if self._has_bars(place) else targets

    def _is_pickup(self, place: Place) -> bool:
        if self.bar is None:
            return False
        if place.pickup is not None:
            return place.used == place.pickup
        return 2 * place.used <= self.bar and self.on_grid(place.used)

    def _owes(self, place: Place) -> bool:
        """Whether a whole bar cannot stand here because the section must start with a pickup."""
        return place.first and bool(place.pickup)

    def section_plan(self, place: Place) -> SectionPlan:
        """What is planned for the section of ``place``."""
        return self.plan[place.section] if place.section < len(self.plan) else self.usual

    def next_bar(self, place: Place) -> Place:
        """The place after a plain bar line."""
        pickup = place.pickup
        whole = self.bar is None or place.used == self.bar
        if place.first and pickup is None:
            pickup = 0 if whole else place.used
        bars = place.bars + (1 if whole else 0)
        return place._replace(used=0, last=0, first=False, pickup=pickup, bars=bars)

    def next_section(self, place: Place) -> Place:
        """The place where the next section starts."""
        return Place(
            pickup=place.pickup,
            least=place.least or place.bars + 1,
            section=place.section + 1 if self.plan else 0,
        )

    def first_ending(self, place: Place) -> Place:
        """The place after ``|1``."""
        inside = self.next_bar(place)
        return inside._replace(ending=1, common=inside.bars)

    def second_ending(self, place: Place) -> Place:
        """The place after ``:|2``."""
        return Place(
            first=False,
            pickup=place.pickup,
            repeat=True,
            ending=2,
            bars=place.common,
            common=place.common,
            least=place.least,
            section=place.section,
        )

    def bars_like(self, place: Place) -> int:
        """A number of bars after which the same bar lines may come as at ``place``."""
        planned = self.section_plan(place).bars
        if planned is not None:
            return 0 if self._goes_on(place) else min(place.bars, planned)
        if not self._has_bars(place):
            return 0
        return (PHRASE if self._goes_on(place) else _MOST_BARS) - 1

    def takes_first_ending(self, place: Place) -> bool:
        """Whether ``|1`` may come here: after a whole bar of an open repeat."""
        return (
            place.repeat
            and self.section_plan(place).endings
            and not place.ending
            and not place.first
            and (self.bar is None or place.used == self.bar)
            and self.ends_inside(place)
        )

    def has_more_sections(self, place: Place) -> bool | None:
        """Whether another section is planned after this one; None without a plan."""
        return place.section + 1 < len(self.plan) if self.plan else None

    def _is_free(self, place: Place) -> bool:
        """Whether no time is counted: free meter."""
        return self.bar is None and place.target is None

    def _goes_on(self, place: Place) -> bool:
        """Whether the section has room for a bar after this one."""
        done, planned = place.bars + 1, self.section_plan(place).bars
        if planned is not None:
            return done < planned
        if done % PHRASE != 0 or done < place.least:
            return True
        return done < _MOST_BARS and not place.ending

    def _has_bars(self, place: Place) -> bool:
        """Whether this bar may be the section's last."""
        done, planned = place.bars + 1, self.section_plan(place).bars
        if planned is not None:
            return done == planned
        return done % PHRASE == 0 and done >= place.least


def _ticks(units: Fraction) -> int:
    return (units * TICKS).numerator


def _spellings(metre: Metre, bar: Fraction | None) -> dict[str, Fraction]:
    """Every way to write a length that the vocabulary can spell, with the length."""
    most = min(_MOST_UNITS, int(bar)) if bar is not None else _MOST_FREE_UNITS
    above = ["", *(str(number) for number in range(2, max(most, _MOST_PARTS) + 1))]
    below = [under for under, parts in _DIVISIONS.items() if parts <= metre.finest]
    found: dict[str, Fraction] = {}
    for over, under in product(above, below):
        text = over + ("/2" if over and under == "/" else under)
        length = read_length(text)
        if not under and length > most:
            continue
        reduced = length.denominator == read_length(under).denominator
        if reduced and length * metre.unit >= _SHORTEST and metre.characters.issuperset(text):
            found[text] = length
    return found
