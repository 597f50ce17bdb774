"""The accompaniment that chord symbols stand for: bass and chord in the rhythm of the meter."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Final, NamedTuple

from abclm.notation.play.chord_rhythms import rhythm_of, strokes_of
from abclm.notation.play.notes import SoundingNote
from abclm.notation.play.sounding import PlayedBar, PlayedVoice
from abclm.notation.syntax.chord_symbols import ChordSymbol, is_no_chord, parse_chord_symbol
from abclm.notation.syntax.instructions import Instructed
from abclm.notation.tune.bars import pickup_offset
from abclm.notation.tune.music import BodyField, Event, Overlay

__all__ = ["accompaniment_of"]

_LOWEST_BASS: Final = 36
_LOWEST_CHORD: Final = 52
"""MIDI numbers: the bass lies in the octave from C2, the chord in that from E3, so that the voices
of two chords move little."""
_MOST_NOTES: Final = 20_000
_NAMES: Final = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


class _Change(NamedTuple):
    """From ``onset`` on this chord is in force, None for silence; under these instructions."""

    onset: Fraction
    chord: ChordSymbol | None
    instructed: Instructed


def accompaniment_of(voices: Iterable[PlayedVoice], dance: str = "") -> tuple[SoundingNote, ...]:
    """Return the notes of the accompaniment; empty if no voice has chord symbols.

    The symbols of the first voice that has some count. A chord holds until the next symbol in
    playing order, ``N.C.`` is silence, and a pickup at the start of the tune has no accompaniment.
    A change between two strokes of the rhythm is struck where it stands. No note lasts longer than
    its bar or past the next change.

    Args:
        voices: the voices as they are played.
        dance: the value of ``R:``.
    """
    for voice in voices:
        if any(_names_chord(bar) for bar in voice.bars):
            return tuple(islice(_notes(voice.bars, dance), _MOST_NOTES))
    return ()


def _names_chord(played: PlayedBar) -> bool:
    return any(
        type(item) is Event and item.strings and any(map(parse_chord_symbol, item.strings))
        for item in played.bar.items
    )


def _notes(bars: Sequence[PlayedBar], dance: str) -> Iterator[SoundingNote]:
    chord: ChordSymbol | None = None
    for number, played in enumerate(bars):
        end = played.onset + played.bar.duration
        changes = list(_changes(played, chord))
        chord = changes[-1].chord
        if number == 0 and pickup_offset(played.bar):
            continue
        stops = [*(change.onset for change in changes[1:]), end]
        for change, stop in zip(changes, stops, strict=True):
            if change.chord is not None and change.instructed.chords and change.onset < stop:
                yield from _strike(change, change.chord, stop, played, dance)


def _changes(played: PlayedBar, chord: ChordSymbol | None) -> Iterator[_Change]:
    """The chord at the start of a bar and each change inside it, in order."""
    found = {Fraction(0): _Change(played.onset, chord, played.instructed)}
    offset, instructed, begun = Fraction(0), played.instructed, False
    for item in played.bar.items:
        if isinstance(item, Event):
            begun = True
            for text in item.strings:
                named = parse_chord_symbol(text)
                if named is not None or is_no_chord(text):
                    found[offset] = _Change(played.onset + offset, named, instructed)
            offset += item.duration
        elif isinstance(item, Overlay):
            offset = Fraction(0)
        elif begun and isinstance(item, BodyField) and item.name == "I":
            instructed = instructed.after(item.value)
            before = found[max(place for place in found if place <= offset)]
            found[offset] = before._replace(onset=played.onset + offset, instructed=instructed)
    for place in sorted(found):
        yield found[place]


def _strike(
    change: _Change, chord: ChordSymbol, stop: Fraction, played: PlayedBar, dance: str
) -> Iterator[SoundingNote]:
    """The notes of one chord in a bar from its change to ``stop``."""
    bar = played.bar
    rhythm = change.instructed.chord_rhythm or rhythm_of(bar.meter, dance)
    full = bar.meter.bar or bar.duration
    start = played.onset - pickup_offset(bar)
    start += (change.onset - start) // full * full
    strokes = strokes_of(rhythm or "b", full)
    is_new = change.onset > played.onset
    while start < stop:
        for sign, offset, duration in strokes:
            onset = start + offset
            if onset < change.onset or onset >= stop:
                continue
            if is_new and onset > change.onset:
                yield _note(chord, "b", change.onset, min(onset, stop), played.shift)
            with_bass = is_new and sign == "c" and onset == change.onset
            is_new = False
            yield _note(
                chord, "b" if with_bass else sign, onset, min(onset + duration, stop), played.shift
            )
        start += full
    if is_new:
        yield _note(chord, "b", change.onset, stop, played.shift)


def _note(
    chord: ChordSymbol, sign: str, onset: Fraction, end: Fraction, shift: int
) -> SoundingNote:
    pitches = _pitches(chord, sign, shift)
    names = tuple(f"{_NAMES[pitch % 12]}{pitch // 12 - 1}" for pitch in pitches)
    return SoundingNote(onset, end - onset, pitches, names=names)


def _pitches(chord: ChordSymbol, sign: str, shift: int) -> tuple[int, ...]:
    bass = _LOWEST_BASS + (chord.lowest + shift - _LOWEST_BASS) % 12
    upper = sorted(_LOWEST_CHORD + (tone + shift - _LOWEST_CHORD) % 12 for tone in chord.tones)
    if sign == "f":
        return (bass,)
    if sign == "c":
        return tuple(upper)
    if sign == "b":
        return (bass, *upper)
    place = "ghij".index(sign.lower())
    octaves, tone = divmod(place, len(upper))
    return (upper[tone] + 12 * octaves - 12 * sign.isupper(),)
