"""Joins the layers of a staff to one voice: divisi, double stops, the voices of a hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from statistics import fmean
from typing import Final, NamedTuple

from abclm.notation.parse.parser import Parsed
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Event, Item, Tune, Tuplet, Voice

__all__ = ["Staff", "highest_first", "join_layers", "staves_of"]

_STAVES: Final = re.compile(r"%%(?:score|staves)\s(.*)")
_STAFF: Final = re.compile(r"([{}])|\(([^()]*)\)|([^\s|(){}\[\]]+)")
_HEIGHTS: Final = {letter: place for place, letter in enumerate("CDEFGAB")}


class Staff(NamedTuple):
    """The voices of a staff, and whether a brace joins it to others, as a keyboard's."""

    voices: tuple[Voice, ...]
    braced: bool = False


def staves_of(tune: Tune) -> list[Staff]:
    """Return the staves of a tune, by the first ``%%score`` of its header, if there is one."""
    voices = {voice.id: voice for voice in tune.voices}
    matches = filter(None, (_STAVES.match(token.text) for token in tune.directives))
    text = next((match[1] for match in matches), "")
    staves: list[Staff] = []
    braced = False
    for brace, layers, alone in _STAFF.findall(text):
        braced = brace == "{" if brace else braced
        names = (layers or alone).split()
        found = tuple(voices.pop(name) for name in names if name in voices)
        if found:
            staves.append(Staff(found, braced))
    return staves + [Staff((voice,)) for voice in voices.values()]


def highest_first(parsed: Parsed) -> Parsed:
    """Return a tune with its staves from high to low if the last one is higher than the first.

    The tracks of some MIDI files stand upside down.
    """
    staves = staves_of(parsed.tune)
    if len(staves) < 2 or _mean_height(staves[0]) >= _mean_height(staves[-1]):
        return parsed
    ordered = sorted(staves, key=_mean_height, reverse=True)
    names = (f"({' '.join(voice.id for voice in staff.voices)})" for staff in ordered)
    score = Token(TokenKind.DIRECTIVE, f"%%score {' '.join(names)}", 0, 0)
    items: list[Item] = []
    for voice in (voice for staff in ordered for voice in staff.voices):
        field = Token(TokenKind.INLINE_FIELD, f"[V:{voice.id}]", 0, 0)
        items += [BodyField(field, "V", voice.id), *voice.tune.items]
    tune = replace(parsed.tune, items=tuple(items), tokens=(score, *parsed.tune.tokens))
    return replace(parsed, tune=tune)


def _mean_height(staff: Staff) -> float:
    events = (event for voice in staff.voices for event in voice.tune.events)
    return fmean([_height(pitch)[0] for event in events for pitch in event.pitches] or [0])


def join_layers(layers: Sequence[Tune], most: int, *, shorten: bool) -> list[Bar | None]:
    """Return the bars of a staff with its layers joined to chords.

    A bar in which all layers but one rest is that one. Layers with the same rhythm become chords.

    Args:
        layers: the voices of the staff, with an accidental at every pitch.
        most: the most notes of a chord; of more, the highest and the lowest are kept.
        shorten: whether layers with different rhythms are joined, too: every note keeps its
            beginning, and ends where a note of another layer begins.

    Returns:
        The bars; None for one that cannot be joined, or for all from the first that a layer lacks.
    """
    if len(layers) == 1:
        return list(bars(layers[0]))
    written = [bars(layer) for layer in layers]
    shared = min(map(len, written))
    joined = [
        _joined([row[place] for row in written], most, shorten=shorten) for place in range(shared)
    ]
    return [*joined, *[None] * (max(map(len, written)) - shared)]


def _joined(row: Sequence[Bar], most: int, *, shorten: bool) -> Bar | None:
    sounding = [bar for bar in row if any(event.pitches for event in bar.events)]
    if len(sounding) < 2:
        return sounding[0] if sounding else row[0]
    first = sounding[0]
    if len({bar.duration for bar in sounding}) > 1:
        return None
    rhythms = {tuple(_rhythm(bar)) for bar in sounding}
    if len(rhythms) == 1:
        return first._replace(items=tuple(_chords(sounding, most)))
    if not shorten or any(isinstance(item, Tuplet) for bar in sounding for item in bar.items):
        return None
    return first._replace(items=tuple(_at_every_onset(sounding, most)))


def _rhythm(bar: Bar) -> Iterator[object]:
    for item in bar.items:
        if isinstance(item, Event):
            yield item.duration
        elif isinstance(item, Tuplet):
            yield item.notes, item.times, item.count


def _chords(row: Sequence[Bar], most: int) -> Iterator[Item]:
    """The items of a bar whose layers have one rhythm."""
    rests = iter(zip(*(bar.events for bar in row), strict=True))
    for item in row[0].items:
        if not isinstance(item, Event):
            yield item
            continue
        together = [event for event in next(rests) if event.pitches]
        yield _chord(together, item.duration, item, most) if together else item


def _chord(together: Sequence[Event], duration: Fraction, like: Event, most: int) -> Event:
    """One event with the pitches of several."""
    pitches = sorted({pitch for event in together for pitch in event.pitches}, key=_height)
    if len(pitches) > most:
        pitches = [pitches[0], *pitches[len(pitches) - most + 1 :]]
    best = together[0]
    notated = like.notated if duration == like.duration else duration
    return best._replace(
        pitches=tuple(pitches),
        rest="",
        notated=notated,
        duration=duration,
        tuplet=like.tuplet,
        strings=(),
        opens=0,
        closes=0,
        tie=all(event.tie for event in together),
        tied=(),
    )


def _height(pitch: Pitch) -> tuple[int, str]:
    return 7 * pitch.octave + _HEIGHTS[pitch.letter], pitch.accidental


def _at_every_onset(row: Sequence[Bar], most: int) -> Iterator[Item]:
    """The items of a bar whose layers differ in rhythm: a chord or rest from onset to onset."""
    yield from (item for item in row[0].items if isinstance(item, BodyField))
    starts: dict[Fraction, list[Event]] = {}
    ends: set[Fraction] = set()
    for bar in row:
        now = Fraction(0)
        for event in bar.events:
            if event.pitches:
                starts.setdefault(now, []).append(event)
                ends.add(now + event.duration)
            now += event.duration
    duration = row[0].duration
    rest = (
        row[0]
        .events[0]
        ._replace(pitches=(), rest="z", graces=(), decorations=(), strings=(), tie=False, tied=())
    )
    sounds_until = Fraction(0)
    for here, after in pairwise(sorted({Fraction(0), duration, *starts, *ends})):
        together = starts.get(here)
        if together:
            stop = min([onset for onset in starts if onset > here] or [duration])
            length = min(stop - here, max(event.duration for event in together))
            whole = [
                event._replace(tie=event.tie and event.duration <= length) for event in together
            ]
            yield _chord(whole, length, together[0], most)
            sounds_until = here + length
        elif here >= sounds_until:
            yield rest._replace(notated=after - here, duration=after - here, tuplet=0)
