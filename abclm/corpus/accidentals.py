"""Leaves out accidentals that change nothing: those that the key or the bar already has."""

from collections.abc import Iterable, Iterator

from abclm.notation.key import Key, parse_key
from abclm.notation.music import BarLine, Change, Ending, GraceNote, Item, Pitch, Sound

__all__ = ["without_needless_accidentals"]

_SEMITONES = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


def without_needless_accidentals(items: Iterable[Item], key: Key | None) -> Iterator[Item]:
    """``items`` of a body, each accidental left out that its note would have without it.

    An accidental holds for its letter in all octaves up to the bar line (ABC 2.1 section 11.3).

    Args:
        items: of the body, in their order.
        key: that the body begins in.
    """
    signature = key.alterations if key is not None else {}
    altered: dict[str, int] = {}
    for item in items:
        if isinstance(item, Sound):
            yield _without(item, signature, altered)
            continue
        if isinstance(item, BarLine | Ending):
            altered = {}
        elif isinstance(item, Change) and item.name == "K":
            new = parse_key(item.value)
            signature = new.alterations if new is not None else signature
        yield item


def _without(sound: Sound, signature: dict[str, int], altered: dict[str, int]) -> Sound:
    graces = tuple(_grace(grace, _plain(grace.pitch, signature, altered)) for grace in sound.graces)
    pitches = tuple(_plain(pitch, signature, altered) for pitch in sound.pitches)
    return sound._replace(graces=graces, pitches=pitches)


def _grace(grace: GraceNote, pitch: Pitch) -> GraceNote:
    return grace._replace(pitch=pitch)


def _plain(pitch: Pitch, signature: dict[str, int], altered: dict[str, int]) -> Pitch:
    alteration = _SEMITONES.get(pitch.accidental)
    if alteration is None:
        return pitch
    if altered.get(pitch.letter, signature.get(pitch.letter, 0)) == alteration:
        return pitch._replace(accidental="")
    altered[pitch.letter] = alteration
    return pitch
