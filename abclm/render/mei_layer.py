"""The notes of one bar as an MEI layer: values, chords, grace notes, beams and tuplets."""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from abclm.notation.bars import Bar
from abclm.notation.decorations import decoration_name
from abclm.notation.lexer import Kind, Token
from abclm.notation.music import Item, Pitch, Sound, Tune, Tuplet
from abclm.notation.swing import pickup_offset
from abclm.render.lyrics import Syllable
from abclm.render.mei_values import (
    ARTICULATIONS,
    accidental_of,
    note_values,
    plain_text,
)

__all__ = ["Context", "add_sounds", "beam_starts", "piece_ids", "pitch_id", "sound_id"]

_FLAGGED = Fraction(1, 4)
_OCTAVE_OF_MIDDLE_C = 4


class Context(NamedTuple):
    """What holds for all notes of a voice.

    Attributes:
        prefix: begins their ids.
        spaced: what `beam_starts` gives.
        sung: the syllables of each note, by its token.
    """

    prefix: str
    spaced: set[tuple[int, int]]
    sung: dict[Token, list[Syllable]]


class _Group(NamedTuple):
    """The sounds from ``start`` up to ``stop`` that stand in one beam or tuplet."""

    start: int
    stop: int
    tuplet: Tuplet | None = None


def sound_id(prefix: str, sound: Sound) -> str:
    """The id of a sound in the picture, from its place in the text."""
    return f"{prefix}-{sound.token.line}-{sound.token.column}"


def piece_ids(prefix: str, sound: Sound) -> list[str]:
    """The ids of the tied notes that make up ``sound``; mostly it is one note."""
    count = len(note_values(sound.notated))
    name = sound_id(prefix, sound)
    return [name, *(f"{name}.{piece}" for piece in range(1, count))]


def pitch_id(piece: str, sound: Sound, pitch: Pitch) -> str:
    """The id of the note of ``pitch``: in a chord each of its notes has its own."""
    if len(sound.pitches) == 1:
        return piece
    return f"{piece}_{sound.pitches.index(pitch)}"


def beam_starts(tune: Tune) -> set[tuple[int, int]]:
    """The places (line, column) of the sounds that have white space before them.

    ABC 2.1 section 4.7: notes without a blank between them are beamed together.
    """
    starts: set[tuple[int, int]] = set()
    spaced, in_grace = False, False
    for token in tune.tokens:
        if token.kind in {Kind.SPACE, Kind.NEWLINE, Kind.BLANK, Kind.BAR_LINE}:
            spaced = True
        elif token.kind in {Kind.GRACE_OPEN, Kind.GRACE_CLOSE}:
            in_grace = token.kind is Kind.GRACE_OPEN
        elif token.kind in {Kind.NOTE, Kind.REST, Kind.CHORD_OPEN} and not in_grace:
            if spaced:
                starts.add(_place(token))
            spaced = False
    return starts


def add_sounds(layer: Element, items: Sequence[Item], bar: Bar, context: Context) -> None:
    """Put the sounds among ``items`` of ``bar`` into ``layer``."""
    sounds = [item for item in items if isinstance(item, Sound)]
    if len(sounds) == 1 and sounds[0].rest in {"Z", "X"} and bar.meter.bar is not None:
        _add_measure_rest(layer, sounds[0], bar.meter.bar)
        return
    tuplets = _tuplets(items)
    groups = sorted(
        [*tuplets, *_beams(sounds, bar, context.spaced, tuplets)],
        key=lambda group: (group.start, -group.stop, group.tuplet is None),
    )
    _add_range(layer, sounds, _Group(0, len(sounds)), deque(groups), context)


def _add_range(
    parent: Element,
    sounds: Sequence[Sound],
    span: _Group,
    groups: deque[_Group],
    context: Context,
) -> None:
    """Write the sounds of ``span``; ``groups`` lie inside it, the outer before the inner."""
    index = span.start
    while index < span.stop:
        if not groups or groups[0].start > index:
            _add_sound(parent, sounds[index], context)
            index += 1
            continue
        group, inside = groups.popleft(), deque[_Group]()
        while groups and groups[0].stop <= group.stop:
            inside.append(groups.popleft())
        _add_range(
            _open_group(parent, group, inside, sounds[index]), sounds, group, inside, context
        )
        index = group.stop


def _open_group(parent: Element, group: _Group, inside: deque[_Group], first: Sound) -> Element:
    if group.tuplet is None:
        _add_graces(parent, first)  # inside the beam they would be beamed with their note
        return SubElement(parent, "beam")
    attributes = {"num": str(group.tuplet.notes), "numbase": str(group.tuplet.times)}
    whole = parent.tag == "beam" or [(one.start, one.stop) for one in inside] == [group[:2]]
    attributes["bracket.visible"] = "false" if whole else "true"
    return SubElement(parent, "tuplet", attributes)


def _tuplets(items: Sequence[Item]) -> list[_Group]:
    groups: list[_Group] = []
    count = 0
    for item in items:
        if isinstance(item, Sound):
            if item.tuplet and groups:
                groups[-1] = groups[-1]._replace(stop=count + 1)
            count += 1
        elif isinstance(item, Tuplet):
            groups.append(_Group(count, count, item))
    return [group for group in groups if group.stop > group.start]


def _beams(
    sounds: Sequence[Sound],
    bar: Bar,
    spaced: set[tuple[int, int]],
    tuplets: Sequence[_Group],
) -> list[_Group]:
    """Runs of notes with flags and no blank inside; none crosses the end of a tuplet.

    A bar written without any blank is beamed by the beats of its meter.
    """
    by_beat = not any(_place(sound.token) in spaced for sound in sounds[1:])
    cuts: set[int] = set()
    offset = pickup_offset(bar)
    for index, sound in enumerate(sounds):
        on_beat = offset % bar.meter.group == 0
        if (on_beat if by_beat else _place(sound.token) in spaced) or not _has_flag(sound):
            cuts.add(index)
        if not _has_flag(sound):
            cuts.add(index + 1)
        offset += sound.duration
    runs = _runs(sorted({*cuts, len(sounds)}))
    starts = [run.start for run in runs]
    crossed = {
        edge
        for tuplet in tuplets
        if tuplet.stop > runs[bisect_right(starts, tuplet.start) - 1].stop
        for edge in (tuplet.start, tuplet.stop)
    }
    return [
        run for run in _runs(sorted({*cuts, *crossed, len(sounds)})) if run.stop - run.start > 1
    ]


def _runs(cuts: Sequence[int]) -> list[_Group]:
    return [_Group(start, stop) for start, stop in zip([0, *cuts], cuts, strict=False)]


def _has_flag(sound: Sound) -> bool:
    return (
        bool(sound.pitches)
        and 0 < sound.notated < _FLAGGED
        and len(note_values(sound.notated)) == 1
    )


def _add_measure_rest(layer: Element, sound: Sound, bar: Fraction) -> None:
    count = max(1, min(int(sound.notated / bar), 999))
    if sound.rest == "X":
        SubElement(layer, "mSpace")
    elif count == 1:
        SubElement(layer, "mRest")
    else:
        SubElement(layer, "multiRest", {"num": str(count)})


def _add_sound(parent: Element, sound: Sound, context: Context) -> None:
    if parent.tag != "beam" or len(parent):
        _add_graces(parent, sound)
    ids = piece_ids(context.prefix, sound)
    for piece, (value, dots) in zip(ids, note_values(sound.notated), strict=True):
        attributes = {"xml:id": piece, "dur": value}
        if dots:
            attributes["dots"] = str(dots)
        if sound.rest:
            SubElement(parent, "space" if sound.rest in {"x", "X"} else "rest", attributes)
            continue
        struck = piece == ids[0]
        holder, own = parent, attributes
        if len(sound.pitches) > 1:
            holder, own = SubElement(parent, "chord", attributes), {}
        for pitch in dict.fromkeys(sound.pitches):
            name = {"xml:id": pitch_id(piece, sound, pitch)}
            note = SubElement(holder, "note", own | name | _pitch(pitch, shows=struck))
        if struck:
            _add_attached(holder if holder is not parent else note, sound, context)


def _add_attached(element: Element, sound: Sound, context: Context) -> None:
    """Articulation signs and words of a note or chord."""
    for decoration in sound.decorations:
        name = decoration_name(decoration)
        if name in ARTICULATIONS:
            SubElement(element, "artic", {"artic": ARTICULATIONS[name]})
    for syllable in context.sung.get(sound.token, []):
        verse = SubElement(element, "verse", {"n": str(syllable.verse)})
        joined = {"con": "d"} if syllable.place in {"i", "m"} else {}
        SubElement(verse, "syl", joined | {"wordpos": syllable.place}).text = plain_text(
            syllable.text
        )


def _add_graces(parent: Element, sound: Sound) -> None:
    chords: list[list[Pitch]] = []
    for grace in sound.graces:
        chords[-1:] = (
            [[*chords[-1], grace.pitch]]
            if grace.with_last and chords
            else [*chords[-1:], [grace.pitch]]
        )
    value = "8" if len(chords) == 1 else "16"
    holder = SubElement(parent, "beam") if len(chords) > 1 else parent
    for pitches in chords:
        # verovio strikes an unaccented grace note through: "{/g}" is one, "{g}" is not.
        kind = "unacc" if sound.slashed else "acc"
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
