"""A MIDI file as a WAV file, rendered by a sampling synthesiser with a General MIDI sound font.

The synthesiser is the package midirenderer (MIT): the Rust library rustysynth in a wheel without
system dependencies. The sound font is TimGM6mb by Tim Brechbill (GPL-2, 6 MB), which the package
pretty_midi contains; none of its code is used. Both come with the extra ``abclm[audio]``.
"""

import importlib.util
import io
import wave
from pathlib import Path
from typing import Final

from abclm.errors import MissingExtraError, RenderError
from abclm.files import read_bytes

__all__ = ["require_synthesiser", "wav_bytes"]

_LOUDEST: Final = 0.8  # the peak, as a share of full scale
_MOST: Final = 16  # the largest gain, so that near silence is not blown up
_COMMAND: Final = "abclm render --wav"


def require_synthesiser() -> None:
    """Check that the synthesiser is installed.

    Raises:
        MissingExtraError: it is not.
    """
    if importlib.util.find_spec("midirenderer") is None:
        raise MissingExtraError(_COMMAND, "midirenderer", "audio")


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

    path = sound_font or _bundled_sound_font()
    try:
        data: bytes = midirenderer.render_wave_from(read_bytes(path), midi)
    except (RuntimeError, ValueError) as error:
        raise RenderError(f"no sound could be made with {path.name}: {error}") from error
    return _made_louder(data)


def _bundled_sound_font() -> Path:
    found = importlib.util.find_spec("pretty_midi")
    path = Path(found.origin).with_name("TimGM6mb.sf2") if found and found.origin else None
    if path is None or not path.is_file():
        raise MissingExtraError(_COMMAND, "pretty_midi (its sound font)", "audio")
    return path


def _made_louder(data: bytes) -> bytes:
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
