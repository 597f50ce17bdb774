"""Removes accidentals that change nothing, because the key or the bar already has them."""

from collections.abc import Iterable, Iterator, Mapping

from abclm.notation.syntax.accidentals import semitones, spell
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.music import BarLine, BodyField, Ending, Event, Item, Tune

__all__ = ["with_all_accidentals", "without_needless_accidentals"]

_Place = tuple[str, int]
"""The letter and octave of a pitch."""


def without_needless_accidentals(items: Iterable[Item], key: Key | None) -> Iterator[Item]:
    """Yield the ``items`` of a body without redundant accidentals.

    An accidental holds for its letter in all octaves up to the bar line (ABC 2.1 section 11.3),
    and a tie carries it over the bar line (section 4.11): after ``^c-|`` only ``=c`` is c natural.

    Args:
        items: the items of the body, in order.
        key: the key in which the body begins.
    """
    signature = key.alterations if key is not None else {}
    altered: dict[str, int] = {}
    tied: dict[_Place, int] = {}
    for item in items:
        if isinstance(item, Event):
            event, sounding = _without(item, signature, altered, tied)
            tied = sounding if item.tie else {}
            yield event
            continue
        if isinstance(item, BarLine | Ending):
            altered = {}
        elif isinstance(item, BodyField) and item.name == "K":
            new = parse_key(item.value)
            signature = new.alterations if new is not None else signature
        yield item


def with_all_accidentals(tune: Tune) -> Iterator[Item]:
    """Yield the items of ``tune``, which has one voice, with an accidental at every pitch.

    A bar then means the same in another place, in another key, and beside other notes.
    """
    signature = tune.key.alterations if tune.key is not None else {}
    altered: dict[str, int] = {}
    tied: dict[_Place, int] = {}
    for item in tune.items:
        if isinstance(item, Event):
            graces = tuple(
                grace._replace(pitch=_full(grace.pitch, signature, altered, None)[0])
                for grace in item.graces
            )
            full = [
                _full(pitch, signature, altered, tied.get((pitch.letter, pitch.octave)))
                for pitch in item.pitches
            ]
            tied = {(one.letter, one.octave): sounding for one, sounding in full if item.tie}
            yield item._replace(pitches=tuple(pitch for pitch, _ in full), graces=graces)
            continue
        if isinstance(item, BarLine | Ending):
            altered = {}
        elif isinstance(item, BodyField) and item.name == "K":
            new = parse_key(item.value)
            signature = new.alterations if new is not None else signature
        yield item


def _full(
    pitch: Pitch, signature: Mapping[str, int], altered: dict[str, int], tied: int | None
) -> tuple[Pitch, int]:
    """Return ``pitch`` with its accidental, and its alteration."""
    _, alteration = _plain(pitch, signature, altered, tied)
    return pitch._replace(accidental=spell(alteration)), alteration


def _without(
    event: Event, signature: Mapping[str, int], altered: dict[str, int], tied: Mapping[_Place, int]
) -> tuple[Event, dict[_Place, int]]:
    """Return ``event`` without redundant accidentals, and the alteration of each pitch."""
    graces = tuple(
        grace._replace(pitch=_plain(grace.pitch, signature, altered, None)[0])
        for grace in event.graces
    )
    pitches = []
    sounding = {}
    for pitch in event.pitches:
        place = (pitch.letter, pitch.octave)
        plain, sounding[place] = _plain(pitch, signature, altered, tied.get(place))
        pitches.append(plain)
    if graces == event.graces and tuple(pitches) == event.pitches:
        return event, sounding
    return event._replace(graces=graces, pitches=tuple(pitches)), sounding


def _plain(
    pitch: Pitch, signature: Mapping[str, int], altered: dict[str, int], tied: int | None
) -> tuple[Pitch, int]:
    """Return ``pitch`` without a redundant accidental, and its alteration.

    ``tied`` is the alteration of the note that is tied to it, if any.
    """
    usual = altered.get(pitch.letter, signature.get(pitch.letter, 0))
    alteration = semitones(pitch.accidental) if pitch.accidental else None
    if alteration is None:
        return pitch, usual if tied is None else tied
    if alteration == usual and tied in {None, alteration}:
        return pitch._replace(accidental=""), alteration
    altered[pitch.letter] = alteration
    return pitch, alteration
