"""A tune as a standard MIDI file, written by music21.

music21 translates the elements of the score and writes the file, but the events are ordered here:
music21's own conversion compares every note with every other, and can stop a repeated note at the
tick at which it starts again.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from abclm.errors import RenderError
from abclm.notation.play.sounding import perform
from abclm.notation.play.turns import turns_of
from abclm.notation.tune.music import Tune
from abclm.render.mark import MARK
from abclm.render.midi.score import build_score
from abclm.render.sound.playback import AS_WRITTEN, Playback

__all__ = ["TICKS", "midi_bytes", "set_midi_bytes"]

TICKS = 10080
"""Ticks per quarter note; it is a multiple of 2 to 10, so tuplets of 2 to 10 notes are exact."""

_STOP, _SIGN, _START = range(3)  # the order of events at the same tick


class _Event(NamedTuple):
    tick: int
    rank: int
    event: Any


class _Sounding(NamedTuple):
    start: int
    end: int
    on: Any
    off: Any


class _Played(NamedTuple):
    """A tune in the file.

    Attributes:
        score: its music21 score.
        start: the tick at which it starts.
        end: the tick at which it ends.
        next: the tick at which the next tune starts; None for the last.
    """

    score: Any
    start: int = 0
    end: int = 0
    next: int | None = None


def midi_bytes(tune: Tune, playback: Playback = AS_WRITTEN, *, mark: bool = False) -> bytes:
    """Return a standard MIDI file of ``tune`` as it is played, with repeats.

    Track 0 has the title, tempo, meter and key; a track for each voice follows. Every note stops
    before or when its pitch starts again. The same tune gives the same bytes.

    Args:
        tune: the tune.
        playback: how it is played.
        mark: whether a text event says that abclm wrote the file.

    Raises:
        RenderError: the tune has no notes or too many, or music21 cannot write it.
    """
    return _bytes([_Played(build_score(tune, playback))], tune.title, mark=mark)


def set_midi_bytes(
    tunes: Sequence[Tune], playback: Playback = AS_WRITTEN, *, mark: bool = False
) -> bytes:
    """Return a standard MIDI file of ``tunes`` as a set, one after the other without a gap.

    As in `midi_bytes`, but a marker names each tune where it starts, and a track holds the same
    voice of all tunes. The beat goes on from tune to tune, as `turns_of` says.

    Raises:
        RenderError: a tune has no notes or too many, or music21 cannot write it.
    """
    if len(tunes) == 1:
        return midi_bytes(tunes[0], playback, mark=mark)
    turns = turns_of([perform(tune, swing=playback.swing) for tune in tunes])
    played = [
        _Played(
            build_score(tune, playback),
            _ticks(turn.start * 4),
            _ticks(turn.end * 4),
            None if turn.next is None else _ticks(turn.next * 4),
        )
        for tune, turn in zip(tunes, turns, strict=True)
    ]
    return _bytes(played, " / ".join(tune.title for tune in tunes), mark=mark)


def _bytes(tunes: Sequence[_Played], title: str, *, mark: bool) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _file(tunes, title, mark=mark)
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(f"{title or 'tune'}: no MIDI could be made: {error}") from error


def _file(tunes: Sequence[_Played], title: str, *, mark: bool) -> bytes:
    from music21.midi import MetaEvents, MidiFile  # noqa: PLC0415 - heavy

    file = MidiFile()
    file.format = 1
    file.ticksPerQuarterNote = TICKS
    opening = [_name(title)]
    if mark:
        opening.append(_text(MetaEvents.TEXT_EVENT, MARK))
    if len(tunes) > 1:
        names = (one.score.metadata.title or "" for one in tunes)
        markers = (_text(MetaEvents.MARKER, name) for name in names)
        opening += [
            marker._replace(tick=one.start) for one, marker in zip(tunes, markers, strict=True)
        ]
    for one in tunes:
        opening += _moved((event for part in one.score.parts[:1] for event in _signs(part)), one)
    file.tracks = [_track(0, opening)]
    for number, parts in enumerate(zip_longest(*(one.score.parts for one in tunes)), 1):
        events: list[_Event] = []
        for one, part in zip(tunes, parts, strict=True):
            if part is not None:
                events += _moved(_player(part, named=not events), one)
                events += _moved(_notes(part, one), one)
        file.tracks.append(_track(number, events))
    data: bytes = file.writestr()
    return data


def _moved(events: Iterable[_Event], tune: _Played) -> Iterator[_Event]:
    """Yield the events of a tune at their ticks in the file."""
    return (event._replace(tick=event.tick + tune.start) for event in events)


def _track(number: int, events: Iterable[_Event]) -> Any:
    from music21.midi import DeltaTime, MidiTrack  # noqa: PLC0415 - heavy
    from music21.midi.translate import getEndEvents  # noqa: PLC0415 - heavy

    track = MidiTrack(number)
    now = 0
    for tick, _, event in sorted(events, key=lambda timed: timed[:2]):
        track.events += [DeltaTime(track, time=tick - now), event]
        now = tick
    track.events += getEndEvents(track)
    track.updateEvents()
    return track


def _name(name: str) -> _Event:
    from music21.midi import MetaEvents  # noqa: PLC0415 - heavy

    return _text(MetaEvents.SEQUENCE_TRACK_NAME, name)


def _text(kind: Any, text: str) -> _Event:
    from music21.midi import MidiEvent  # noqa: PLC0415 - heavy

    event = MidiEvent(type=kind)
    event.data = text.encode("utf-8")
    return _Event(0, _SIGN, event)


def _signs(part: Any) -> Iterable[_Event]:
    from music21 import key, meter, tempo  # noqa: PLC0415 - heavy
    from music21.midi import translate  # noqa: PLC0415 - heavy

    translators = {
        tempo.MetronomeMark: translate.tempoToMidiEvents,
        meter.TimeSignature: translate.timeSignatureToMidiEvents,
        key.KeySignature: translate.keySignatureToMidiEvents,
    }
    for kind, translator in translators.items():
        for element in part.getElementsByClass(kind):
            for event in translator(element, includeDeltaTime=False) or ():
                yield _Event(_ticks(element.offset), _SIGN, event)


def _player(part: Any, *, named: bool) -> Iterable[_Event]:
    from music21.midi.translate import instrumentToMidiEvents  # noqa: PLC0415 - heavy

    player = part.getInstrument(returnDefault=False)
    if named:
        yield _name(part.partName or player.instrumentName)
    channel = player.midiChannel + 1
    for event in instrumentToMidiEvents(player, includeDeltaTime=False, channel=channel):
        yield _Event(0, _SIGN, event)


def _notes(part: Any, tune: _Played) -> Iterable[_Event]:
    channel = part.getInstrument(returnDefault=False).midiChannel + 1
    latest: dict[int, _Sounding] = {}
    for sounding in (_held(one, tune) for one in _soundings(part, channel)):
        before = latest.get(sounding.on.pitch)
        if before is not None and before.start == sounding.start:
            # The same pitch twice at once, as of voices in unison: the longer one is kept.
            latest[sounding.on.pitch] = max(before, sounding, key=lambda one: one.end)
            continue
        if before is not None:
            yield from _timed(before._replace(end=min(before.end, sounding.start)))
        latest[sounding.on.pitch] = sounding
    for sounding in latest.values():
        yield from _timed(sounding)


def _held(sounding: _Sounding, tune: _Played) -> _Sounding:
    """Return a note of a tune, which ends where the next tune starts: cut off, or held."""
    if tune.next is None:
        return sounding
    turn = tune.next - tune.start
    is_last = sounding.end == tune.end - tune.start
    return sounding._replace(end=turn if is_last else min(sounding.end, turn))


def _soundings(part: Any, channel: int) -> Iterable[_Sounding]:
    """Yield each pitch of the notes and chords of a part, in the order of their starts."""
    from music21.midi.translate import (  # noqa: PLC0415 - heavy
        chordToMidiEvents,
        noteToMidiEvents,
    )
    from music21.volume import realizeVolume  # noqa: PLC0415 - heavy

    realizeVolume(part)  # all at once; otherwise every note searches the part for dynamics
    for element in part.notes:
        translator = chordToMidiEvents if element.isChord else noteToMidiEvents
        start, end = _ticks(element.offset), _ticks(element.offset + element.quarterLength)
        events = translator(element, includeDeltaTime=False, channel=channel)
        for event in events:
            if event.isNoteOn():
                event.channel = channel  # music21 10.5 starts the notes of a chord on channel 1
                yield _Sounding(start, end, event, event.correspondingEvent)


def _timed(sounding: _Sounding) -> tuple[_Event, _Event]:
    return (
        _Event(sounding.start, _START, sounding.on),
        _Event(sounding.end, _STOP, sounding.off),
    )


def _ticks(quarters: Any) -> int:
    ticks: int = round(quarters * TICKS)
    return ticks
