"""A tune as a music21 score, built note by note; music21's own ABC reader is not used."""

import warnings
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from abclm.errors import RenderError
from abclm.notation.play.accompaniment import accompaniment_of
from abclm.notation.play.sounding import PlayedVoice, Signature, SoundingNote, perform
from abclm.notation.play.tempo import Tempo
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tables import MODES
from abclm.notation.tune.music import Tune
from abclm.render.sound.instruments import INSTRUMENTS, program_for
from abclm.render.sound.playback import AS_WRITTEN, Playback

__all__ = ["CHORD_VELOCITY", "build_score", "channel_of", "check_size", "chord_program"]

_GRACE = Fraction(1, 32)
"""In whole notes."""
_SHORTEST = Fraction(1, 1024)
_LONGEST = 20_000  # whole notes; a longer file overflows MIDI's tick counter
_MOST_NOTES = 20_000
"""music21 holds each as an object; a tune has a few hundred."""
_MOST_VOICES = 64
"""Four times MIDI's channels, which the voices share."""
_DRUMS = 9
"""General MIDI's channel of drums, counted from 0."""
_CHANNELS = 15
"""MIDI's channels without that of drums."""
CHORD_VELOCITY = 50
"""How hard the chords are struck; music21 plays notes at 90."""
_MODES = {suffix: mode for mode, (suffix, _) in reversed(MODES.items())}


def build_score(tune: Tune, playback: Playback = AS_WRITTEN) -> Any:
    """Return a `music21.stream.Score` of ``tune`` as it is played, with repeats written out.

    It has a part for each voice, with notes, chords and rests in quarter notes, spelled as written;
    key, meter and tempo where they begin and change. The accompaniment by chord symbols is a last
    part, unless the voices need all channels. Each grace note lasts a thirty-second note,
    all of them together at most half of their note, and they take that time from it.

    Raises:
        RenderError: the tune has no notes or too many, or music21 cannot hold it.
    """
    voices = perform(tune, swing=playback.swing)
    check_size(tune, voices)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _score(tune, voices, playback)
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(
            f"{tune.title or 'tune'}: music21 cannot represent it: {error}"
        ) from error


def check_size(tune: Tune, voices: Sequence[PlayedVoice]) -> None:
    """Check that a tune has notes, and not more than can be rendered.

    Raises:
        RenderError: it has none, or too many.
    """
    notes = [note for voice in voices for note in voice.notes]
    name = f"tune X:{tune.value('X') or '?'}"
    if not notes:
        raise RenderError(f"{name} has no notes to render")
    if len(voices) > _MOST_VOICES:
        raise RenderError(
            f"{name} has {len(voices):,} voices; at most {_MOST_VOICES} can be rendered"
        )
    if len(notes) > _MOST_NOTES:
        raise RenderError(
            f"{name} plays {len(notes):,} notes; at most {_MOST_NOTES:,} can be rendered"
        )
    end = max(note.onset + note.duration for note in notes)
    if end > _LONGEST:
        raise RenderError(
            f"{name} lasts {int(end):,} whole notes; at most {_LONGEST:,} can be rendered"
        )


def _score(tune: Tune, voices: Sequence[PlayedVoice], playback: Playback) -> Any:
    from music21 import metadata, stream  # noqa: PLC0415 - heavy

    score = stream.Score()
    score.metadata = metadata.Metadata(title=tune.title)
    for number, (written, voice) in enumerate(zip(tune.voices, voices, strict=True)):
        program = program_for(tune, written.id, playback.instrument)
        part = _part(number, voice, playback)
        part.insert(0, _player(number, program, playback, drums=voice.drums))
        score.insert(0, part)
    chords = _chords(tune, voices) if playback.chords and len(voices) < _CHANNELS else None
    if chords is not None:
        chords.insert(0, _player(len(voices), chord_program(voices), AS_WRITTEN, drums=False))
        score.insert(0, chords)
    return score


def _chords(tune: Tune, voices: Sequence[PlayedVoice]) -> Any:
    """Return the part of the chord symbols, or None if there are none to play."""
    notes = accompaniment_of(voices, tune.value("R") or "")
    if not notes:
        return None
    part = _part(len(voices), PlayedVoice("Chords", notes, ()), AS_WRITTEN)
    for note in part.notes:
        note.volume.velocity = CHORD_VELOCITY
    return part


def chord_program(voices: Sequence[PlayedVoice]) -> int:
    """Return the program that ``%%MIDI chordprog`` names, else the guitar."""
    said = [bar.instructed.chord_program for voice in voices for bar in voice.bars[:1]]
    return next((program for program in said if program is not None), INSTRUMENTS["guitar"])


def _player(number: int, program: int, playback: Playback, *, drums: bool) -> Any:
    from music21 import instrument  # noqa: PLC0415 - heavy

    names = [name for name, known in INSTRUMENTS.items() if known == program]
    player = instrument.Instrument(playback.instrument or next(iter(names), ""))
    player.midiProgram = program
    player.midiChannel = channel_of(number, drums=drums)
    return player


def channel_of(number: int, *, drums: bool) -> int:
    """Return the MIDI channel, from 0, of the voice ``number``, from 0.

    Each voice has its own as long as there are enough, so that two can hold the same pitch.
    """
    return _DRUMS if drums else (number if number < _DRUMS else number + 1) % 16


def _part(number: int, voice: PlayedVoice, playback: Playback) -> Any:
    from music21 import stream  # noqa: PLC0415 - heavy

    part = stream.Part()
    part.partName = voice.name
    for signature in voice.signatures:
        if number and isinstance(signature.value, Tempo):
            continue  # the first voice sets the tempo for all
        made = _signature(signature, playback)
        if made is not None:
            part.coreInsert(_quarters(signature.onset), made)
    end = Fraction(0)
    for note in voice.notes:
        if note.onset > end:
            part.coreInsert(_quarters(end), _rest(note.onset - end))
        _insert_note(part, note)
        end = max(end, note.onset + note.duration)
    part.coreElementsChanged()
    return part


def _signature(signature: Signature, playback: Playback) -> Any:
    from music21 import meter, tempo  # noqa: PLC0415 - heavy

    value = signature.value
    if isinstance(value, Meter):
        return meter.TimeSignature(f"{value.beats}/{value.beat_unit}") if value.beats else None
    if isinstance(value, Key):
        return _key(value)
    if playback.tempo is not None:
        value = Tempo(value.beat, playback.tempo)
        if signature.onset:
            return None
    return tempo.MetronomeMark(
        number=value.quarters_per_minute / float(value.beat * 4), referent=float(value.beat * 4)
    )


def _key(value: Key) -> Any:
    """Return the key with its mode; with explicit accidentals a signature, or None if mixed."""
    from music21 import key  # noqa: PLC0415 - heavy

    shifts = [shift for _, shift in value.signature if shift]
    if value.tonic[:1] in "ABCDEFG" and not value.accidentals:
        return key.Key(value.tonic.replace("b", "-"), _MODES[value.mode])
    alike = set(shifts) <= {1} or set(shifts) <= {-1}
    return key.KeySignature(sum(shifts)) if alike else None


def _insert_note(part: Any, sounding: SoundingNote) -> None:
    onset, duration = sounding.onset, sounding.duration
    if sounding.graces:
        chords = sounding.grace_chords
        each = min(_GRACE, duration / 2 / len(chords))
        for chord in chords:
            _insert(part, onset, each, chord)
            onset += each
            duration -= each
    _insert(part, onset, duration, tuple(zip(sounding.pitches, sounding.names, strict=True)))


def _insert(
    part: Any, onset: Fraction, duration: Fraction, pitches: tuple[tuple[int, str], ...]
) -> None:
    from music21 import chord, note  # noqa: PLC0415 - heavy

    if duration < _SHORTEST:
        return  # inaudible, and may round to zero ticks
    named = [_pitch(number, name) for number, name in pitches]
    made = note.Note(named[0]) if len(named) == 1 else chord.Chord(named)
    made.quarterLength = duration * 4
    part.coreInsert(_quarters(onset), made)


def _rest(duration: Fraction) -> Any:
    from music21 import note  # noqa: PLC0415 - heavy

    rest = note.Rest()
    rest.quarterLength = duration * 4
    return rest


def _pitch(number: int, name: str) -> Any:
    from music21 import pitch  # noqa: PLC0415 - heavy

    # music21 writes a flat as "-", which is ambiguous before a negative octave.
    return pitch.Pitch(name.replace("b", "-")) if number >= 12 else pitch.Pitch(midi=number)


def _quarters(onset: Fraction) -> Any:
    """Return an onset in music21's form: a float if that is exact, else a fraction."""
    from music21.common.numberTools import opFrac  # noqa: PLC0415 - heavy

    return opFrac(onset * 4)
