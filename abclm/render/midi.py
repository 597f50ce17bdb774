"""A tune as the bytes of a standard MIDI file, written by music21."""

import warnings

from abclm.errors import RenderError
from abclm.notation.music import Tune
from abclm.render.score import build_score

__all__ = ["midi_bytes"]


def midi_bytes(tune: Tune) -> bytes:
    """A standard MIDI file of ``tune`` as it is played, repeats and all.

    Raises:
        RenderError: the tune has no notes, or music21 cannot write it.
    """
    from music21.midi.translate import music21ObjectToMidiFile  # noqa: PLC0415 - heavy

    score = build_score(tune)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data: bytes = music21ObjectToMidiFile(score).writestr()
    except Exception as error:  # music21 raises a third of its failures as foreign types
        raise RenderError(f"{tune.title or 'tune'}: no MIDI could be made: {error}") from error
    return data
