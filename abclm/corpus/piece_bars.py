"""The bars of a piece, all voices together, with the key and the meter in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import BodyField, Event, Item, Tune
from abclm.notation.write.music import bar_text

__all__ = ["PieceBar", "PieceBars", "piece_bars"]

_CHANGES: Final = frozenset("KM")
_MARK: Final = 6
"""The characters of ``[V:1]`` and of a bar line."""
_UNIT: Final = Fraction(1, 16)
_NO_ACCIDENTALS: Final = str.maketrans("", "", "^_=")


@dataclass(frozen=True, slots=True)
class PieceBar:
    """A bar of every voice, without changes of key or meter, and what is in force in it."""

    row: tuple[Bar, ...]
    key: Key | None
    meter: Meter
    changes: bool
    characters: int

    @property
    def silent(self) -> bool:
        """Whether all voices rest."""
        return not any(event.pitches for bar in self.row for event in bar.events)


PieceBars = Sequence[PieceBar | None]
"""The bars of a piece; None for one that cannot be used."""


def piece_bars(lines: Sequence[Sequence[Bar | None]], tune: Tune) -> PieceBars:
    """The bars of a piece, from those of each voice."""
    found: list[PieceBar | None] = []
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
        found.append(PieceBar(plain, key, meter, changes, characters))
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
