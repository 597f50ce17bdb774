"""The notes of one bar as an MEI layer: values, chords, grace notes, beams and tuplets."""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.syntax.values import Pitch
from abclm.notation.tune.bars import Bar, pickup_offset
from abclm.notation.tune.music import Event, Item, Tune, Tuplet
from abclm.render.engrave.lyrics import Syllable
from abclm.render.engrave.mei_values import (
    ARTICULATIONS,
    accidental_of,
    note_values,
    plain_text,
)

__all__ = [
    "Group",
    "LayerContext",
    "add_events",
    "beam_groups",
    "beam_starts",
    "event_id",
    "piece_ids",
    "pitch_id",
    "tuplet_groups",
]

_FLAGGED = Fraction(1, 4)
"""Notes shorter than a quarter have flags, or beams in place of them."""
_OCTAVE_OF_MIDDLE_C = 4
"""As MEI counts octaves."""


class LayerContext(NamedTuple):
    """What all notes of a voice share.

    Attributes:
        prefix: the prefix of their ids.
        spaced: the result of `beam_starts`.
        sung: the syllables of each note, by its token.
    """

    prefix: str
    spaced: set[tuple[int, int]]
    sung: dict[Token, list[Syllable]]


class Group(NamedTuple):
    """The events from ``start`` up to ``stop`` (exclusive) in one beam or tuplet."""

    start: int
    stop: int
    tuplet: Tuplet | None = None


def event_id(prefix: str, event: Event) -> str:
    """Return the id of an event in the picture, from its position in the text."""
    return f"{prefix}-{event.token.line}-{event.token.column}"


def piece_ids(prefix: str, event: Event) -> list[str]:
    """Return the ids of the tied notes that ``event`` is written as, usually one note."""
    count = len(note_values(event.notated))
    name = event_id(prefix, event)
    return [name, *(f"{name}.{piece}" for piece in range(1, count))]


def pitch_id(piece: str, event: Event, pitch: Pitch) -> str:
    """Return the id of the note of ``pitch``; each note of a chord has its own."""
    if len(event.pitches) == 1:
        return piece
    return f"{piece}_{event.pitches.index(pitch)}"


def beam_starts(tune: Tune) -> set[tuple[int, int]]:
    """Return the positions (line, column) of the events that have white space before them.

    ABC 2.1 section 4.7: notes without a space between them are beamed together.
    """
    starts: set[tuple[int, int]] = set()
    spaced, in_grace = False, False
    for token in tune.tokens:
        if token.kind in {TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.BLANK, TokenKind.BAR_LINE}:
            spaced = True
        elif token.kind in {TokenKind.GRACE_OPEN, TokenKind.GRACE_CLOSE}:
            in_grace = token.kind is TokenKind.GRACE_OPEN
        elif token.kind in {TokenKind.NOTE, TokenKind.REST, TokenKind.CHORD_OPEN} and not in_grace:
            if spaced:
                starts.add(_place(token))
            spaced = False
    return starts


def add_events(layer: Element, items: Sequence[Item], bar: Bar, context: LayerContext) -> None:
    """Add the events among the ``items`` of ``bar`` to ``layer``."""
    events = [item for item in items if isinstance(item, Event)]
    if len(events) == 1 and events[0].rest in {"Z", "X"} and bar.meter.bar is not None:
        _add_measure_rest(layer, events[0], bar.meter.bar)
        return
    tuplets = tuplet_groups(items)
    groups = sorted(
        [*tuplets, *beam_groups(events, bar, context.spaced, tuplets)],
        key=lambda group: (group.start, -group.stop, group.tuplet is None),
    )
    _add_range(layer, events, Group(0, len(events)), deque(groups), context)


def _add_range(
    parent: Element,
    events: Sequence[Event],
    span: Group,
    groups: deque[Group],
    context: LayerContext,
) -> None:
    """Write the events of ``span``; ``groups`` lie inside it, outer ones before inner ones.

    ``(3ABc de`` has the groups ``[0, 3)`` as tuplet, ``[0, 3)`` as beam inside it, and the beam
    ``[3, 5)``.
    """
    index = span.start
    while index < span.stop:
        if not groups or groups[0].start > index:
            _add_event(parent, events[index], context)
            index += 1
            continue
        group, inside = groups.popleft(), deque[Group]()
        while groups and groups[0].stop <= group.stop:
            inside.append(groups.popleft())
        _add_range(
            _open_group(parent, group, inside, events[index]), events, group, inside, context
        )
        index = group.stop


def _open_group(parent: Element, group: Group, inside: deque[Group], first: Event) -> Element:
    if group.tuplet is None:
        _add_graces(parent, first)  # inside the beam they would be beamed with their note
        return SubElement(parent, "beam")
    attributes = {"num": str(group.tuplet.notes), "numbase": str(group.tuplet.times)}
    whole = parent.tag == "beam" or [(one.start, one.stop) for one in inside] == [group[:2]]
    attributes["bracket.visible"] = "false" if whole else "true"
    return SubElement(parent, "tuplet", attributes)


def tuplet_groups(items: Sequence[Item]) -> list[Group]:
    """Return the tuplets among the ``items`` of a layer, by the indices of their events."""
    groups: list[Group] = []
    count = 0
    for item in items:
        if isinstance(item, Event):
            if item.tuplet and groups:
                groups[-1] = groups[-1]._replace(stop=count + 1)
            count += 1
        elif isinstance(item, Tuplet):
            groups.append(Group(count, count, item))
    return [group for group in groups if group.stop > group.start]


def beam_groups(
    events: Sequence[Event],
    bar: Bar,
    spaced: set[tuple[int, int]],
    tuplets: Sequence[Group],
) -> list[Group]:
    """Return the beams: runs of flagged notes without a space; none crosses the end of a tuplet.

    A bar written without any space is beamed by the beats of its meter: ``ABcdef`` in 6/8 gives
    the beams ``[0, 3)`` and ``[3, 6)``.
    """
    by_beat = not any(_place(event.token) in spaced for event in events[1:])
    cuts: set[int] = set()
    offset = pickup_offset(bar)
    for index, event in enumerate(events):
        on_beat = offset % bar.meter.group == 0
        if (on_beat if by_beat else _place(event.token) in spaced) or not _has_flag(event):
            cuts.add(index)
        if not _has_flag(event):
            cuts.add(index + 1)
        offset += event.duration
    runs = _runs(sorted({*cuts, len(events)}))
    starts = [run.start for run in runs]
    crossed = {
        edge
        for tuplet in tuplets
        if tuplet.stop > runs[bisect_right(starts, tuplet.start) - 1].stop
        for edge in (tuplet.start, tuplet.stop)
    }
    return [
        run for run in _runs(sorted({*cuts, *crossed, len(events)})) if run.stop - run.start > 1
    ]


def _runs(cuts: Sequence[int]) -> list[Group]:
    return [Group(start, stop) for start, stop in zip([0, *cuts], cuts, strict=False)]


def _has_flag(event: Event) -> bool:
    return (
        bool(event.pitches)
        and 0 < event.notated < _FLAGGED
        and len(note_values(event.notated)) == 1
    )


def _add_measure_rest(layer: Element, event: Event, bar: Fraction) -> None:
    count = max(1, min(int(event.notated / bar), 999))
    if event.rest == "X":
        SubElement(layer, "mSpace")
    elif count == 1:
        SubElement(layer, "mRest")
    else:
        SubElement(layer, "multiRest", {"num": str(count)})


def _add_event(parent: Element, event: Event, context: LayerContext) -> None:
    if parent.tag != "beam" or len(parent):
        _add_graces(parent, event)
    ids = piece_ids(context.prefix, event)
    for piece, (value, dots) in zip(ids, note_values(event.notated), strict=True):
        attributes = {"xml:id": piece, "dur": value}
        if dots:
            attributes["dots"] = str(dots)
        if event.rest:
            SubElement(parent, "space" if event.rest in {"x", "X"} else "rest", attributes)
            continue
        struck = piece == ids[0]
        holder, own = parent, attributes
        if len(event.pitches) > 1:
            holder, own = SubElement(parent, "chord", attributes), {}
        for pitch in dict.fromkeys(event.pitches):
            name = {"xml:id": pitch_id(piece, event, pitch)}
            note = SubElement(holder, "note", own | name | _pitch(pitch, shows=struck))
        if struck:
            _add_attached(holder if holder is not parent else note, event, context)


def _add_attached(element: Element, event: Event, context: LayerContext) -> None:
    """Add the articulations and the syllables of a note or chord."""
    for decoration in event.decorations:
        name = decoration_name(decoration)
        if name in ARTICULATIONS:
            SubElement(element, "artic", {"artic": ARTICULATIONS[name]})
    for syllable in context.sung.get(event.token, []):
        verse = SubElement(element, "verse", {"n": str(syllable.verse)})
        joined = {"con": "d"} if syllable.place in {"i", "m"} else {}
        SubElement(verse, "syl", joined | {"wordpos": syllable.place}).text = plain_text(
            syllable.text
        )


def _add_graces(parent: Element, event: Event) -> None:
    chords: list[list[Pitch]] = []
    for grace in event.graces:
        chords[-1:] = (
            [[*chords[-1], grace.pitch]]
            if grace.with_last and chords
            else [*chords[-1:], [grace.pitch]]
        )
    value = "8" if len(chords) == 1 else "16"
    holder = SubElement(parent, "beam") if len(chords) > 1 else parent
    for pitches in chords:
        # verovio draws a slash through an unaccented grace note: "{/g}" has one, "{g}" has not.
        kind = "unacc" if event.slashed else "acc"
        attributes = {"grace": kind, "dur": value, "stem.dir": "up"}
        if len(pitches) == 1:
            SubElement(holder, "note", attributes | _pitch(pitches[0]))
            continue
        chord = SubElement(holder, "chord", attributes)
        for pitch in pitches:
            SubElement(chord, "note", _pitch(pitch))


def _pitch(pitch: Pitch, *, shows: bool = True) -> dict[str, str]:
    octave = min(max(pitch.octave + _OCTAVE_OF_MIDDLE_C, 0), 9)
    written = {"pname": pitch.letter.lower(), "oct": str(octave)}
    if pitch.accidental and shows:
        written["accid"] = accidental_of(pitch.accidental)
    return written


def _place(token: Token) -> tuple[int, int]:
    return token.line, token.column
