"""A MIDI file as a WAV file, rendered by a sampling synthesiser with a General MIDI sound font.

The synthesiser is the package midirenderer (MIT): the Rust library rustysynth in a wheel without
system dependencies. The sound font is in `abclm.render.sound.fonts`. Both come with the extra
``abclm[audio]``.
"""

import importlib.util
import io
import wave
from pathlib import Path
from typing import Final

from abclm.errors import MissingExtraError, RenderError
from abclm.render.sound.fonts import read_sound_font

__all__ = ["as_loud", "require_synthesiser", "wav_bytes"]

_LOUDEST: Final = 0.8  # the peak, as a share of full scale
_MOST: Final = 16  # the largest gain, so that near silence is not blown up
_COMMAND: Final = "abclm render --wav"


def require_synthesiser(command: str = _COMMAND) -> None:
    """Check that the synthesiser is installed; ``command`` names what needs it.

    Raises:
        MissingExtraError: it is not.
    """
    if importlib.util.find_spec("midirenderer") is None:
        raise MissingExtraError(command, "midirenderer", "audio")


def wav_bytes(midi: bytes, sound_font: Path | None = None) -> bytes:
    """Render a MIDI file as a WAV file (16 bits, stereo, 48,000 samples per second).

    It ends about a second after the last note, and its loudest sample is at 80 % of full scale.

    Args:
        midi: the MIDI file.
        sound_font: an SF2 file; else TimGM6mb.

    Raises:
        InputError: the sound font cannot be read.
        MissingExtraError: the synthesiser or the sound font is not installed.
        RenderError: the sound font or the MIDI file is not valid.
    """
    require_synthesiser()
    import midirenderer  # noqa: PLC0415 - in an extra

    font = read_sound_font(sound_font, _COMMAND)
    try:
        data: bytes = midirenderer.render_wave_from(font, midi)
    except (RuntimeError, ValueError) as error:
        name = sound_font.name if sound_font is not None else "TimGM6mb"
        raise RenderError(f"no sound could be made with {name}: {error}") from error
    return as_loud(data)


def as_loud(data: bytes) -> bytes:
    """Return a WAV file of 16 bits with its loudest sample at 80 % of full scale."""
    import numpy as np  # noqa: PLC0415 - not at import time

    with wave.open(io.BytesIO(data)) as source:
        form = source.getparams()
        samples = np.frombuffer(source.readframes(form.nframes), dtype="<i2")
    loudest = int(np.abs(samples.astype(np.int32)).max(initial=1))
    gain = min(_LOUDEST * 32767 / max(loudest, 1), _MOST)
    louder = io.BytesIO()
    with wave.open(louder, "wb") as target:
        target.setparams(form)
        target.writeframes((samples * gain).astype("<i2").tobytes())
    return louder.getvalue()
