"""Recorded timbres for the player of a page: short loops, made by our own synthesiser.

A page with them is some 0.4 MB larger. Each is a note of eight tenths of a second, as mu-law bytes
(ITU-T G.711) at 16,000 samples per second, whose end can be repeated without a seam.
"""

import base64
import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from abclm.notation.parse.parser import parse_tunebook
from abclm.render.midi.midi import midi_bytes
from abclm.render.sound.audio import wav_bytes
from abclm.render.sound.playback import Playback

__all__ = ["SAMPLED", "sampled_timbres"]

SAMPLED: Final = {"fiddle": "fiddle", "flute": "flute", "whistle": "recorder"}
"""The timbres that are recorded, and the instrument that plays each; the others are made in the
browser. The sound font's own whistle is out of tune."""

_NOTES: Final = {"A,": 57, "D": 62, "G": 67, "c": 72, "f": 77, "b": 83, "e'": 88}
"""The recorded notes in ABC, and their MIDI numbers; those between are played faster or slower."""
_RATE: Final = 16_000
_SECONDS: Final = 0.8
_LOOP: Final = 0.4
"""Seconds from the start of the sample to that of its loop."""
_FADE: Final = 0.1
"""Seconds over which the end of the loop turns into its beginning."""
_LOUDNESS: Final = 0.16
"""The root mean square of every sample."""
_SPACING: Final = 4
"""Seconds from one recorded note to the next."""


def sampled_timbres(sound_font: Path | None = None) -> dict[str, list[dict[str, object]]]:
    """Return the samples of each timbre, for JSON.

    A sample has its ``pitch`` as a MIDI number with fraction, the ``loop`` as first and last index,
    the ``rate``, and its ``data`` in base64.

    Raises:
        InputError: the sound font cannot be read.
        MissingExtraError: the synthesiser or the sound font is not installed.
    """
    return {name: list(_samples(player, sound_font)) for name, player in SAMPLED.items()}


def _samples(instrument: str, sound_font: Path | None) -> Iterator[dict[str, object]]:
    notes = " ".join(f"{note}3 z |" for note in _NOTES)
    (parsed,) = parse_tunebook(f"X:1\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\n{notes}\n")
    midi = midi_bytes(parsed.tune, Playback(instrument=instrument))
    sound, rate = _mono(wav_bytes(midi, sound_font))
    for place, number in enumerate(_NOTES.values()):
        start = place * _SPACING * rate
        yield _sample(sound[start : start + int(1.6 * rate)], rate, number)


def _mono(data: bytes) -> tuple[Any, int]:
    """Return the sound as floats from -1 to 1, and its samples per second."""
    import numpy as np  # noqa: PLC0415 - not at import time

    with wave.open(io.BytesIO(data)) as source:
        samples = np.frombuffer(source.readframes(source.getnframes()), dtype="<i2")
        channels, rate = source.getnchannels(), source.getframerate()
    return samples.reshape(-1, channels).mean(axis=1) / 32768, rate


def _sample(sound: Any, rate: int, number: int) -> dict[str, object]:
    import numpy as np  # noqa: PLC0415 - not at import time

    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max(initial=1e-9))
    sound = sound[loud[0] if len(loud) else 0 :]
    hertz = _pitch(sound[rate // 4 : rate], rate, 440 * 2 ** ((number - 69) / 12))
    small = _resampled(sound, rate)
    first, fade = int(_LOOP * _RATE), int(_FADE * _RATE)
    period = _RATE / hertz
    length = round(round((_SECONDS - _LOOP) * hertz) * period)
    last = first + length
    blend = np.linspace(0, 1, fade)
    looped = small[:last].copy()
    looped[last - fade :] = (
        small[last - fade : last] * (1 - blend) + small[first - fade : first] * blend
    )
    looped *= _LOUDNESS / max(float(np.sqrt(np.mean(looped**2))), 1e-9)
    return {
        "pitch": round(69 + 12 * float(np.log2(hertz / 440)), 3),
        "rate": _RATE,
        "loop": [first, last],
        "data": base64.b64encode(_mu_law(looped)).decode("ascii"),
    }


def _pitch(sound: Any, rate: int, expected: float) -> float:
    """Return the pitch in hertz, the best within a semitone of ``expected``, by autocorrelation."""
    import numpy as np  # noqa: PLC0415 - not at import time

    periods = 8  # several periods at once, for a finer measure
    low, high = (int(periods * rate / (expected * 2 ** (step / 12))) for step in (1, -1))
    window = sound[: len(sound) - high]
    scores = [float(window @ sound[lag : lag + len(window)]) for lag in range(low, high)]
    return periods * rate / (low + int(np.argmax(scores)))


def _resampled(sound: Any, rate: int) -> Any:
    """Return the sound at 16,000 samples per second, without what it cannot hold."""
    import numpy as np  # noqa: PLC0415 - not at import time

    reach = np.arange(-48, 49)
    cut = 0.9 * _RATE / rate
    kernel = cut * np.sinc(cut * reach) * np.hamming(len(reach))
    smooth = np.convolve(sound, kernel, mode="same")
    places = np.arange(0, len(sound) * _RATE // rate) * (rate / _RATE)
    return np.interp(places, np.arange(len(sound)), smooth)


def _mu_law(sound: Any) -> bytes:
    """Return floats from -1 to 1 as mu-law bytes: sign and 7 bits of the logarithm (G.711)."""
    import numpy as np  # noqa: PLC0415 - not at import time

    clipped = np.clip(sound, -1, 1)
    level = np.log1p(255 * np.abs(clipped)) / np.log(256)
    return bytes((np.round(level * 127).astype(int) + 128 * (clipped < 0)).astype(np.uint8))
