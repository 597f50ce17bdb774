"""The first bars of a tune."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from abclm.notation.tune.music import BarLine, BodyField, Event, Item, LineBreak, Overlay, Tune

__all__ = ["incipit_of"]

_LENGTH: Final = Fraction(2)
"""Whole notes: two bars of 4/4, three of 6/8."""


def incipit_of(tune: Tune) -> Tune:
    """Return the first voice of ``tune`` up to the bar line after two whole notes, on one line."""
    if not tune.voices:
        return tune
    voice = tune.voices[0].tune
    return replace(voice, items=tuple(_first(voice.items)))


def _first(items: tuple[Item, ...]) -> Iterator[Item]:
    length = Fraction(0)
    layered = False
    for item in items:
        if isinstance(item, LineBreak) or (isinstance(item, BodyField) and item.name in "wV"):
            continue
        if isinstance(item, BarLine):
            layered = False
            if length >= _LENGTH:
                yield item
                return
        if isinstance(item, Overlay):
            layered = True
        if isinstance(item, Event) and not layered:
            length += item.duration
        if not layered:
            yield item
