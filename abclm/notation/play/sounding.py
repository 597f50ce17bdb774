"""A tune as it sounds: its voices, each in playing order, with key, meter and tempo."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, takewhile
from typing import NamedTuple

from abclm.notation.play.notes import Holding, NoteReader, SoundingNote
from abclm.notation.play.parts import split_parts
from abclm.notation.play.playing import MOST_BARS, playing_indices
from abclm.notation.play.shift import Shift
from abclm.notation.play.swing import swing_bar, swings
from abclm.notation.play.tempo import Tempo, parse_tempo, tempo_of
from abclm.notation.play.voices import played_voices
from abclm.notation.syntax.instructions import Instructed, propagation_of
from abclm.notation.syntax.key import Key, parse_key, split_key
from abclm.notation.syntax.meter import Meter
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import BodyField, Event, Item, Tune, Voice

__all__ = [
    "PlayedBar",
    "PlayedVoice",
    "Signature",
    "SoundingNote",
    "is_percussion",
    "perform",
    "sounding_notes",
]


@dataclass(frozen=True, slots=True)
class Signature:
    """A key, meter or tempo in force from a moment on.

    Attributes:
        onset: the moment, in whole notes from the start.
        value: the key, the meter or the tempo.
    """

    onset: Fraction
    value: Key | Meter | Tempo


class PlayedBar(NamedTuple):
    """A bar as often as it is played.

    Attributes:
        onset: its start, in whole notes from that of the tune.
        bar: the bar; swung if it is played so.
        instructed: the instructions in force where it begins.
        shift: semitones by which its notes sound higher than written.
    """

    onset: Fraction
    bar: Bar
    instructed: Instructed
    shift: int


@dataclass(frozen=True, slots=True)
class PlayedVoice:
    """One voice as it is played, repeats and parts expanded.

    Attributes:
        name: the name of the voice; empty if the tune has only one.
        notes: its notes, sorted by onset.
        signatures: key, meter and tempo at the start and at each change, sorted by onset.
        drums: whether its notes are drums.
        bars: its bars in playing order; voices that sound alike are equal whatever their bars.
    """

    name: str
    notes: tuple[SoundingNote, ...]
    signatures: tuple[Signature, ...]
    drums: bool = False
    bars: tuple[PlayedBar, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Context:
    """What is in force where a bar begins, in written order."""

    key: Key | None
    tempo: Tempo
    shift: Shift
    instructed: Instructed

    @property
    def drums(self) -> bool:
        """Whether notes are drums."""
        return self.instructed.drums or self.shift.percussion

    @property
    def holding(self) -> Holding:
        """What is in force for the notes themselves."""
        asked = self.instructed.transpose
        shift = self.shift if asked is None else replace(self.shift, transpose=asked)
        return Holding(self.key, shift.semitones, self.instructed.drum_map if self.drums else {})


def perform(tune: Tune, *, swing: bool = False) -> list[PlayedVoice]:
    """Return the voices of ``tune`` as they are played, in the order in which they first play.

    Each voice is cut at `MOST_BARS` bars. With ``swing``, hornpipes and schottisches are swung.
    """
    swung = swing and swings(tune)
    return [_perform(voice, swing=swung) for voice in played_voices(tune)]


def is_percussion(voice: Voice) -> bool:
    """Whether the notes of a voice are drums from its start."""
    return _opening_context(voice).drums


def sounding_notes(tune: Tune) -> list[SoundingNote]:
    """Return the notes of the first voice of ``tune`` in playing order, tied notes joined."""
    return [note for voice in played_voices(tune)[:1] for note in _perform(voice).notes]


def _perform(voice: Voice, *, swing: bool = False) -> PlayedVoice:
    reader = NoteReader(propagation_of(voice.tune.instructions))
    drums = False
    signatures: list[Signature] = []
    held: dict[type, Key | Meter | Tempo] = {}
    played: list[PlayedBar] = []

    def sign(value: Key | Meter | Tempo | None, onset: Fraction) -> None:
        if value is not None and held.get(type(value)) != value:
            held[type(value)] = value
            signatures.append(Signature(onset, value))

    for bar, context in islice(_played(voice), MOST_BARS):
        for value in (context.key, bar.meter, context.tempo):
            sign(value, reader.now)
        for value, offset in _changes(bar, voice.tune):
            sign(value, reader.now + offset)
        later = _later(bar, context, voice.tune)
        drums = drums or any(one.drums for one in (context, *later.values()))
        sounds = swing_bar(bar) if swing else bar
        holding = context.holding
        played.append(PlayedBar(reader.now, sounds, context.instructed, holding.shift))
        reader.read(
            sounds,
            holding,
            {place: one.holding for place, one in later.items()},
        )
    return PlayedVoice(voice.name, tuple(reader.notes), tuple(signatures), drums, tuple(played))


def _played(voice: Voice) -> Iterator[tuple[Bar, _Context]]:
    """The bars of a voice in playing order, each with the context of its first event."""
    pieces, order = split_parts(voice.tune)
    context = _opening_context(voice)
    meter = voice.tune.meter
    written: list[list[tuple[Bar, _Context]]] = []
    for items in pieces:
        piece = replace(voice.tune, items=items, meter=meter)
        cut = bars(piece)
        contexts = []
        for bar in cut:
            opening = [*takewhile(lambda item: not isinstance(item, Event), bar.items)]
            context = _after(opening, context, voice.tune)
            contexts.append(context)
            context = _after(bar.items[len(opening) :], context, voice.tune)
            meter = bar.meter
        played = playing_indices(cut)
        written.append([(cut[index], contexts[index]) for index in played])
    for index in order:
        yield from written[index]


def _opening_context(voice: Voice) -> _Context:
    """The context of a voice set by the headers."""
    clefs = [split_key(value)[1] for value in voice.tune.values("K")[-1:]]
    shift = Shift().after(" ".join([*clefs, voice.properties]))
    instructed = Instructed()
    for instruction in voice.tune.instructions_of(voice.id):
        instructed = instructed.after(instruction)
    return _Context(voice.tune.key, tempo_of(voice.tune), shift, instructed)


def _later(bar: Bar, context: _Context, tune: Tune) -> dict[int, _Context]:
    """The contexts after fields that follow the first event of ``bar``, by their indices in it."""
    later: dict[int, _Context] = {}
    has_begun = False
    for place, item in enumerate(bar.items):
        has_begun = has_begun or isinstance(item, Event)
        if has_begun and isinstance(item, BodyField):
            context = later[place] = _after((item,), context, tune)
    return later


def _after(items: Iterable[Item], context: _Context, tune: Tune) -> _Context:
    """The context after the fields among ``items``."""
    for item in items:
        if isinstance(item, BodyField):
            if item.name == "K":
                shift = context.shift.after(split_key(item.value)[1])
                context = replace(context, key=parse_key(item.value) or context.key, shift=shift)
            elif item.name == "I":
                context = replace(context, instructed=context.instructed.after(item.value))
            elif item.name == "Q":
                tempo = parse_tempo(item.value, tune.unit) or context.tempo
                context = replace(context, tempo=tempo)
    return context


def _changes(bar: Bar, tune: Tune) -> Iterator[tuple[Key | Tempo | None, Fraction]]:
    """New keys and tempos inside ``bar``, with their offsets in whole notes."""
    offset = Fraction(0)
    for item in bar.items:
        if isinstance(item, Event):
            offset += item.duration
        elif isinstance(item, BodyField) and item.name == "K":
            yield parse_key(item.value), offset
        elif isinstance(item, BodyField) and item.name == "Q":
            yield parse_tempo(item.value, tune.unit), offset
