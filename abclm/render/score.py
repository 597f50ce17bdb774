"""A tune as a music21 score, built note by note; music21's own ABC reader is not used."""

import warnings
from fractions import Fraction
from typing import Any

from abclm.errors import RenderError
from abclm.notation.music import Tune
from abclm.notation.sounding import SoundingNote, sounding_notes
from abclm.notation.tempo import tempo_of

__all__ = ["build_score"]

_GRACE = Fraction(1, 32)


def build_score(tune: Tune) -> Any:
    """A `music21.stream.Score` of ``tune`` as it is played, with title, tempo, meter and key.

    Grace notes sound for a thirty-second note each, or for half of their note if that is shorter,
    and take that time from it.

    Raises:
        RenderError: the tune has no notes, or music21 cannot hold it.
    """
    notes = sounding_notes(tune)
    if not notes:
        raise RenderError(f"tune {tune.value('X') or '?'} has no notes to render")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _score(tune, notes)
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(f"{tune.title or 'tune'}: music21 could not hold it: {error}") from error


def _score(tune: Tune, notes: list[SoundingNote]) -> Any:
    from music21 import instrument, metadata, stream, tempo  # noqa: PLC0415 - heavy

    part = stream.Part()
    part.insert(0, instrument.Violin())
    part.insert(0, tempo.MetronomeMark(number=tempo_of(tune).quarters_per_minute))
    _insert_signatures(part, tune)
    for note in notes:
        _insert_note(part, note)
    score = stream.Score()
    score.metadata = metadata.Metadata(title=tune.title)
    score.insert(0, part)
    return score


def _insert_signatures(part: Any, tune: Tune) -> None:
    from music21 import key, meter  # noqa: PLC0415 - heavy

    if tune.meter.beats:
        part.insert(0, meter.TimeSignature(f"{tune.meter.beats}/{tune.meter.beat_unit}"))
    if tune.key is not None:
        shifts = [shift for _, shift in tune.key.signature]
        if set(shifts) <= {1} or set(shifts) <= {-1}:
            part.insert(0, key.KeySignature(sum(shifts)))


def _insert_note(part: Any, sounding: SoundingNote) -> None:
    onset, duration = sounding.onset * 4, sounding.duration * 4
    if sounding.graces:
        each = min(_GRACE * 4, duration / 2 / len(sounding.graces))
        for pitch in sounding.graces:
            part.insert(onset, _note((pitch,), each))
            onset += each
            duration -= each
    part.insert(onset, _note(sounding.pitches, duration))


def _note(pitches: tuple[int, ...], quarters: Fraction) -> Any:
    from music21 import chord, note  # noqa: PLC0415 - heavy

    made = note.Note(pitches[0]) if len(pitches) == 1 else chord.Chord(list(pitches))
    made.quarterLength = quarters
    return made
