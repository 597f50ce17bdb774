"""Reads the files of a source: tunebooks as they are, MIDI and MusicXML converted to ABC."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from abclm.corpus.layers import highest_first, staves_of
from abclm.corpus.recipe import Recipe, RecipeSource
from abclm.errors import InputError
from abclm.files import MOST_ABC, read_bytes
from abclm.notation.parse.parser import Parsed, parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.reading.conversion import READ_SUFFIXES, Converted, convert_bytes
from abclm.reading.midi_options import MidiOptions

__all__ = ["read_source"]

_MIDI: Final = frozenset({".mid", ".midi"})
_NUMBER: Final = re.compile(r"\b\d[^\s,]*")


def read_source(
    source: RecipeSource, recipe: Recipe, dropped: Counter[str], remarks: Counter[str]
) -> Iterator[Parsed]:
    """Yield the tunes of a source.

    Args:
        source: its files are read one by one.
        recipe: the number of voices, and whether MIDI was played.
        dropped: counts the files that cannot be converted.
        remarks: counts the files in which conversion guessed, left out or changed something.

    Raises:
        InputError: a file cannot be read, or a tunebook is not text.
    """
    for path in source.files:
        data = read_bytes(path, MOST_ABC)
        if path.suffix.lower() not in READ_SUFFIXES:
            yield from parse_tunebook(decode_source(data, str(path)))
            continue
        try:
            if path.suffix.lower() in _MIDI:
                converted = _midi(data, path.stem, recipe)
            else:
                converted = convert_bytes(data, path.stem)
        except InputError:
            dropped["cannot be converted"] += 1
            continue
        remarks.update({_general(remark.text) for remark in converted.remarks})
        (parsed,) = parse_tunebook(converted.abc)
        yield highest_first(parsed) if path.suffix.lower() in _MIDI else parsed


def _midi(data: bytes, name: str, recipe: Recipe) -> Converted:
    """Convert MIDI to as many staves or voices as wanted, if it can be.

    Each track is a staff, or else one track is two hands, or is separated into voices.
    """
    wanted, played = recipe.filters.voices, recipe.performance
    tracks = convert_bytes(data, name, MidiOptions(voices=1, performance=played))
    count = _staves(tracks)
    if count >= wanted or wanted % count:
        return tracks
    hands = convert_bytes(data, name, MidiOptions(performance=played))
    if _staves(hands) == wanted:
        return hands
    return convert_bytes(data, name, MidiOptions(voices=wanted // count, performance=played))


def _staves(converted: Converted) -> int:
    return len(staves_of(parse_tunebook(converted.abc)[0].tune))


def _general(remark: str) -> str:
    """A remark without what differs from file to file."""
    return _NUMBER.sub("…", remark.partition(": ")[0])
