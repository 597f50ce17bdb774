"""A tune as a standard MIDI file, written by music21.

music21 translates the elements of the score and writes the file, but the events are ordered here:
music21's own conversion compares every note with every other, and can stop a repeated note at the
tick at which it starts again.
"""

import warnings
from collections.abc import Iterable
from typing import Any, NamedTuple

from abclm.errors import RenderError
from abclm.notation.tune.music import Tune
from abclm.render.midi.score import build_score
from abclm.render.sound.playback import AS_WRITTEN, Playback

__all__ = ["TICKS", "midi_bytes"]

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


def midi_bytes(tune: Tune, playback: Playback = AS_WRITTEN) -> bytes:
    """Return a standard MIDI file of ``tune`` as it is played, with repeats.

    Track 0 has the title, tempo, meter and key; a track for each voice follows. Every note stops
    before or when its pitch starts again. The same tune gives the same bytes.

    Raises:
        RenderError: the tune has no notes or too many, or music21 cannot write it.
    """
    score = build_score(tune, playback)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _file(score)
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(f"{tune.title or 'tune'}: no MIDI could be made: {error}") from error


def _file(score: Any) -> bytes:
    from music21.midi import MidiFile  # noqa: PLC0415 - heavy

    parts = list(score.parts)
    file = MidiFile()
    file.format = 1
    file.ticksPerQuarterNote = TICKS
    signs = [event for part in parts[:1] for event in _signs(part)]
    file.tracks = [_track(0, [_name(score.metadata.title or ""), *signs])]
    for number, part in enumerate(parts, 1):
        file.tracks.append(_track(number, [*_player(part), *_notes(part)]))
    data: bytes = file.writestr()
    return data


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
    from music21.midi import MetaEvents, MidiEvent  # noqa: PLC0415 - heavy

    event = MidiEvent(type=MetaEvents.SEQUENCE_TRACK_NAME)
    event.data = name.encode("utf-8")
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


def _player(part: Any) -> Iterable[_Event]:
    from music21.midi.translate import instrumentToMidiEvents  # noqa: PLC0415 - heavy

    player = part.getInstrument(returnDefault=False)
    yield _name(part.partName or player.instrumentName)
    channel = player.midiChannel + 1
    for event in instrumentToMidiEvents(player, includeDeltaTime=False, channel=channel):
        yield _Event(0, _SIGN, event)


def _notes(part: Any) -> Iterable[_Event]:
    channel = part.getInstrument(returnDefault=False).midiChannel + 1
    latest: dict[int, _Sounding] = {}
    for sounding in _soundings(part, channel):
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
