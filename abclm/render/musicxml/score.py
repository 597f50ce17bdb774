"""A tune as it is written as a music21 score: a part for each voice, measure by measure."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from abclm.errors import RenderError
from abclm.notation.play.shift import Shift
from abclm.notation.play.sounding import is_percussion
from abclm.notation.syntax.instructions import propagation_of
from abclm.notation.syntax.key import parse_key, split_key
from abclm.notation.tune.bars import Bar, bars, pickup_offset
from abclm.notation.tune.music import BodyField, Event, Item, Overlay, Tune, Tuplet, Voice
from abclm.notation.tune.structure import explicit_repeats
from abclm.render.engrave.lyrics import lyrics_of
from abclm.render.engrave.mei_layer import beam_groups, beam_starts, tuplet_groups
from abclm.render.musicxml.marks import Marks
from abclm.render.musicxml.notes import add_beams, grace_notes, written_pieces
from abclm.render.musicxml.pitches import PitchReader
from abclm.render.musicxml.signs import (
    add_bar_lines,
    clef_of,
    key_of,
    meter_of,
    tempo_of,
    text_of,
)
from abclm.render.sound.instruments import program_in

__all__ = ["WrittenScore", "build_written_score"]

_MOST_BARS: Final = 20_000
"""Of all voices together, as in the engraved picture."""
_MOST_NOTES: Final = 20_000
"""music21 holds each as an object; a tune has a few hundred."""
_SHORTEST: Final = Fraction(1, 4096)
"""In whole notes; what is shorter is not written."""
_DRUMS: Final = 9
"""General MIDI's channel of drums, counted from 0."""


class WrittenScore(NamedTuple):
    """A score for MusicXML.

    Attributes:
        score: the `music21.stream.Score`.
        numbers: for each measure its number, and whether it is not counted, as a pickup is.
    """

    score: Any
    numbers: list[tuple[str, bool]]


def build_written_score(tune: Tune) -> WrittenScore:
    """Return ``tune`` as it is written; bar lines and endings are those of the first voice.

    Raises:
        RenderError: the tune has no notes, or too many bars.
    """
    from music21 import metadata, stream  # noqa: PLC0415 - heavy

    voices = tune.voices
    name = f"tune X:{tune.value('X') or '?'}"
    if not any(event.pitches for voice in voices for event in voice.tune.events):
        raise RenderError(f"{name} has no notes to render")
    if sum(len(voice.tune.events) for voice in voices) > _MOST_NOTES:
        raise RenderError(f"{name} has more than the {_MOST_NOTES:,} notes that can be rendered")
    written = [explicit_repeats(bars(voice.tune)) for voice in voices]
    longest = max(sum(bar.measures for bar in own) for own in written)
    if longest * len(voices) > _MOST_BARS:
        raise RenderError(f"{name} has more than the {_MOST_BARS:,} bars that can be rendered")
    cut = [list(_one_measure_each(own)) for own in written]
    rows = list(zip_longest(*cut))
    lead = [next(bar for bar in row if bar is not None) for row in rows]
    score = stream.Score()
    score.metadata = metadata.Metadata(title=text_of(tune.title))
    spaced = beam_starts(tune)
    for number, voice in enumerate(voices):
        part = _Part(tune, voice, spaced, is_first=number == 0)
        own = [row[number] for row in rows]
        score.insert(0, part.build(own, lead))
    return WrittenScore(score, list(_numbers(lead)))


def _one_measure_each(written: Iterable[Bar]) -> Iterator[Bar]:
    """The bars, those of a rest such as ``Z4`` cut into measures."""
    for bar in written:
        if bar.measures == 1:
            yield bar
            continue
        full = bar.meter.bar or bar.duration
        rest = bar.events[0]._replace(duration=full, notated=full)
        plain = bar.after._replace(
            tokens=(), style="|", closes=False, opens=False, ending=(), edge=False, soft=False
        )
        kept = tuple(item for item in bar.items if not isinstance(item, Event))
        for place in range(bar.measures):
            yield bar._replace(
                items=(*kept, rest) if place == 0 else (rest,),
                duration=full,
                before=bar.before if place == 0 else plain,
                after=bar.after if place == bar.measures - 1 else plain,
            )


def _numbers(lead: Sequence[Bar]) -> Iterator[tuple[str, bool]]:
    """A pickup at the start is measure 0; a later one is not counted."""
    number = 0
    for place, bar in enumerate(lead):
        if pickup_offset(bar):
            yield ("0" if place == 0 else f"X{place}"), True
        else:
            number += 1
            yield str(number), False


class _Part:
    """Writes one voice as a part."""

    def __init__(
        self, tune: Tune, voice: Voice, spaced: set[tuple[int, int]], *, is_first: bool
    ) -> None:
        properties = " ".join([*(split_key(one)[1] for one in tune.values("K")[-1:])])
        self._properties = f"{properties} {voice.properties}"
        self._tune = tune
        self._voice = voice
        self._spaced = spaced
        self._is_first = is_first
        self._shift = Shift().after(self._properties)
        self._pitches = PitchReader[Any](tune.key, self._octaves, propagation_of(tune.instructions))
        self._marks = Marks()
        self._sung = lyrics_of(voice.tune.items)
        self._meter: object = None

    @property
    def _octaves(self) -> int:
        return self._shift.octave + self._shift.clef // 12

    def build(self, own: Sequence[Bar | None], lead: Sequence[Bar]) -> Any:
        """Return the part; ``own`` has None for measures that its voice does not reach."""
        from music21 import spanner, stream  # noqa: PLC0415 - heavy

        part = stream.Part()
        part.partName = text_of(self._voice.name)
        part.insert(0, self._instrument())
        now = Fraction(0)
        bracket: Any = None
        for bar, first in zip(own, lead, strict=True):
            measure = self._measure(bar, first)
            if first.before.ending or first.before.ends_section:
                bracket = None
            if first.before.ending:
                bracket = spanner.RepeatBracket(number=", ".join(map(str, first.before.ending)))
                part.insert(0, bracket)
            if bracket is not None:
                bracket.addSpannedElements(measure)
            part.coreInsert(float(now), measure)
            now += (bar or first).duration * 4
        part.coreElementsChanged()
        for one in self._marks.spanners:
            part.insert(0, one)
        return part

    def _instrument(self) -> Any:
        from music21 import instrument, interval  # noqa: PLC0415 - heavy

        made = instrument.Instrument(text_of(self._voice.name))
        program = program_in(self._tune, self._voice.id)
        if program is not None:
            made.midiProgram = program
        if is_percussion(self._voice):
            made.midiChannel = _DRUMS
        if self._shift.transpose:
            made.transposition = interval.Interval(self._shift.transpose)
        return made

    def _measure(self, bar: Bar | None, lead: Bar) -> Any:
        from music21 import stream  # noqa: PLC0415 - heavy

        measure = stream.Measure()
        if self._meter is None:
            self._open(measure)
        meter = (bar or lead).meter
        if meter != self._meter:
            measure.insert(0, meter_of(meter))
            self._meter = meter
        add_bar_lines(measure, lead.before, lead.after)
        if bar is None:
            measure.insert(0, _silence(lead.duration))
            return measure
        if bar.before.ending and bar.before.ending[0] > 1:
            # The first ending comes in between, so no tie is drawn into a later one.
            self._pitches.drop_ties()
        layers = _layers(bar)
        for place, items in enumerate(layers):
            target = measure if len(layers) == 1 else stream.Voice(id=str(place + 1))
            self._fill(target, measure, items, bar)
            if target is not measure:
                measure.insert(0, target)
            if place + 1 < len(layers):
                self._pitches.end_layer()
        self._pitches.end_bar()
        return measure

    def _open(self, measure: Any) -> None:
        """Write the clef, the key and the tempo at the start."""
        measure.insert(0, clef_of(self._properties) or clef_of("treble"))
        if self._tune.key is not None:
            measure.insert(0, key_of(self._tune.key))
        for value in self._tune.values("Q")[-1:] if self._is_first else ():
            self._put(measure, 0.0, tempo_of(value, self._tune.unit))

    def _fill(self, target: Any, measure: Any, items: Sequence[Item], bar: Bar) -> None:
        """Write the events of a layer and what stands beside them."""
        now = Fraction(0)
        written: list[Any] = []
        events: list[Event] = []
        tuplet: Tuplet | None = None
        for item in items:
            if isinstance(item, BodyField):
                self._change(measure, item, float(now * 4))
            elif isinstance(item, Tuplet):
                tuplet = item
            elif isinstance(item, Event):
                events.append(item)
                written.append(self._event(target, item, now, tuplet if item.tuplet else None))
                now += item.duration
        groups = tuplet_groups(items)
        for group in groups:
            _bracket(written[group.start : group.stop])
        alone = [pieces[0] if pieces else None for pieces in written]
        for group in beam_groups(events, bar, self._spaced, groups) if events else ():
            if all(len(pieces) == 1 for pieces in written[group.start : group.stop]):
                add_beams(group, alone)

    def _event(self, target: Any, event: Event, now: Fraction, tuplet: Tuplet | None) -> list[Any]:
        from music21.common.numberTools import opFrac  # noqa: PLC0415 - heavy

        at = opFrac(now * 4)
        graces = grace_notes(event.graces, self._pitches, slashed=event.slashed)
        for grace in graces:
            target.coreInsert(at, grace)
        if event.duration < _SHORTEST:
            return []
        pieces, slurred = written_pieces(event, self._pitches, tuplet)
        sung = self._sung.get(event.token, [])
        for beside in self._marks.add(event, pieces, sung, slurred=slurred):
            target.coreInsert(at, beside)
        place = now * 4
        for piece in pieces:
            target.coreInsert(opFrac(place), piece)
            place += Fraction(piece.quarterLength)
        target.coreElementsChanged()
        return pieces

    def _change(self, measure: Any, change: BodyField, at: float) -> None:
        from music21 import expressions  # noqa: PLC0415 - heavy

        if change.name == "K":
            key, (_, properties) = parse_key(change.value), split_key(change.value)
            self._shift = self._shift.after(properties)
            self._pitches.octaves = self._octaves
            self._put(measure, at, clef_of(properties))
            if key is not None:
                self._pitches.use_key(key)
                self._put(measure, at, key_of(key))
        elif change.name == "Q" and self._is_first:
            self._put(measure, at, tempo_of(change.value, self._tune.unit))
        elif change.name == "P" and self._is_first and change.value.strip():
            self._put(measure, at, expressions.RehearsalMark(text_of(change.value.strip())))

    def _put(self, measure: Any, at: float, made: Any) -> None:
        if made is not None:
            measure.insert(at, made)


def _layers(bar: Bar) -> list[list[Item]]:
    layers: list[list[Item]] = [[]]
    for item in bar.items:
        if isinstance(item, Overlay):
            layers.append([])
        else:
            layers[-1].append(item)
    return layers


def _bracket(pieces: Sequence[Sequence[Any]]) -> None:
    """Mark the first and the last note of a tuplet."""
    notes = [note for one in pieces for note in one if note.duration.tuplets]
    if len(notes) == 1:
        notes[0].duration.tuplets[0].type = "startStop"
    elif notes:
        notes[0].duration.tuplets[0].type = "start"
        notes[-1].duration.tuplets[0].type = "stop"


def _silence(duration: Fraction) -> Any:
    from music21 import note  # noqa: PLC0415 - heavy

    rest = note.Rest(quarterLength=float(duration * 4))
    rest.fullMeasure = True
    return rest
