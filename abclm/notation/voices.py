"""Voices: a tune of several voices as one tune for each."""

import re
from dataclasses import dataclass, replace

from abclm.notation.music import Change, Item, Sound, Tune
from abclm.notation.navigation import without_signs

__all__ = ["Voice", "played_voices", "split_voices"]

_NAME = re.compile(r'\b(?:name|nm)\s*=\s*(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a tune.

    Attributes:
        id: what stands after ``V:``, or empty where the tune has no voices.
        name: its ``name=``, else its id.
        properties: all that its ``V:`` fields say.
        tune: the tune with the items of this voice alone.
    """

    id: str
    name: str
    properties: str
    tune: Tune


def split_voices(tune: Tune) -> list[Voice]:
    """The voices of ``tune`` in the order in which they first play.

    Without a ``V:`` in the body all is one voice, of the first ``V:`` of the header if there is
    one. Fields before the first ``V:`` of the body, and every ``P:``, hold for all voices
    (ABC 2.1 section 7).
    """
    header = tune.values("V")
    first = _id(header[0]) if header else ""
    items: dict[str, list[Item]] = {}
    properties: dict[str, list[str]] = {}
    for value in header:
        properties.setdefault(_id(value), []).append(value)
    common: list[Item] = []
    voice: str | None = None
    for item in tune.items:
        if isinstance(item, Change) and item.name == "V":
            voice = _id(item.value)
            items.setdefault(voice, [*common])
            properties.setdefault(voice, []).append(item.value)
        elif voice is None and isinstance(item, Change):
            common.append(item)
        elif isinstance(item, Change) and item.name == "P":
            common.append(item)
            for line in items.values():
                line.append(item)
        else:
            voice = first if voice is None else voice
            items.setdefault(voice, [*common]).append(item)
    return [
        _voice(tune, name, found, properties.get(name, []))
        for name, found in items.items()
        if any(isinstance(item, Sound) for item in found)
    ]


def played_voices(tune: Tune) -> list[Voice]:
    """The voices as they are played.

    Of several, none follows a da capo: it stands in one voice, and the others would not come along.
    """
    voices = split_voices(tune)
    if len(voices) < 2:
        return voices
    return [
        replace(voice, tune=replace(voice.tune, items=without_signs(voice.tune.items)))
        for voice in voices
    ]


def _voice(tune: Tune, name: str, items: list[Item], properties: list[str]) -> Voice:
    said = " ".join(properties)
    match = _NAME.search(said)
    shown = (match.group(1) or match.group(2) or name) if match else name
    return Voice(name, shown, said, replace(tune, items=tuple(items)))


def _id(value: str) -> str:
    return (value.split() or [""])[0]
