"""Every instrument that is offered sounds in tune and loud enough, in the sound itself."""

import io
import math
import wave
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from abclm.notation.parse.parser import parse_tunebook
from abclm.render.midi.midi import midi_bytes
from abclm.render.sound.audio import wav_bytes
from abclm.render.sound.fonts import CENTS, bundled_sound_font, in_tune
from abclm.render.sound.instruments import INSTRUMENTS, program_of
from abclm.render.sound.playback import Playback

PITCHES = {"D": 62, "A": 69, "d": 74, "a": 81}
PROGRAMS = {program: name for name, program in INSTRUMENTS.items()}
"""Instruments that share a program sound alike."""

Sound = NDArray[np.float64]


@pytest.fixture(autouse=True)
def _installed() -> None:
    for package in ("midirenderer", "pretty_midi"):
        pytest.importorskip(package, reason=f"{package} is not installed (abclm[audio])")


def notes_of(instrument: str) -> tuple[list[Sound], int]:
    """A second of each pitch, as shares of full scale, and the samples per second."""
    body = "|".join(f"{name}2z2" for name in PITCHES)
    tune = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n{body}|]\n")[0].tune
    with wave.open(
        io.BytesIO(wav_bytes(midi_bytes(tune, Playback(instrument=instrument))))
    ) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        rate = file.getframerate()
    samples = data.reshape(-1, 2).mean(axis=1) / 32768
    peaks = np.abs(data.reshape(-1, 2)).max(axis=1) / 32768
    assert -6 <= 20 * math.log10(peaks.max()) <= -1
    return [samples[2 * at * rate : (2 * at + 1) * rate] for at in range(len(PITCHES))], rate


def cents_off(note: Sound, rate: int, pitch: int) -> float:
    """How far a note is from its pitch, in cents: its fundamental or, if that is weak, its octave.

    It is looked for within a semitone, and must be there: a note a fourth off has none. Of an
    ensemble, whose players differ, it is the centre.
    """
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    size = 2**18
    spectrum = np.abs(np.fft.rfft(note[rate // 20 :] * np.hanning(len(note) - rate // 20), size))
    loudest = spectrum[round(100 * size / rate) :].max()
    for harmonic in (1, 2):
        low, high = (
            round(harmonic * wanted * 2 ** (semitones / 12) * size / rate) for semitones in (-1, 1)
        )
        top = low + int(spectrum[low:high].argmax())
        peaks = spectrum[top - 1] < spectrum[top] > spectrum[top + 1]
        if peaks and spectrum[top] > 0.1 * loudest:
            around = np.arange(round(top * 0.97), round(top * 1.03))
            center = np.average(around, weights=spectrum[around] ** 2)
            return 1200 * math.log2(center * rate / size / harmonic / wanted)
    raise AssertionError(f"nothing sounds near {wanted:.1f} Hz")


@pytest.mark.parametrize("instrument", sorted(PROGRAMS.values()))
def test_it_is_in_tune_and_heard(instrument: str) -> None:
    notes, rate = notes_of(instrument)
    for note, pitch in zip(notes, PITCHES.values(), strict=True):
        assert np.abs(note).max() > 0.05
        assert abs(cents_off(note, rate, pitch)) < 10


def test_what_is_a_fourth_off_is_noticed() -> None:
    (low, *_), rate = notes_of("flute")
    with pytest.raises(AssertionError, match="nothing sounds near"):
        cents_off(low, rate, 62 + 5)


def test_every_correction_of_the_sound_font_finds_its_sample() -> None:
    font = bundled_sound_font()
    mended = in_tune(font)
    changed = [at for at, (old, new) in enumerate(zip(font, mended, strict=True)) if old != new]
    whistle, *samples = changed
    assert len(samples) == len(CENTS) == 11
    assert all((second - first) % 46 == 0 for first, second in pairwise(samples))
    assert samples[0] - whistle > 46


def test_a_font_without_those_samples_stays_as_it_is() -> None:
    assert in_tune(b"RIFF\0\0\0\0sfbk") == b"RIFF\0\0\0\0sfbk"


def test_names_with_other_spellings_are_known() -> None:
    assert program_of("Tin-Whistle") == program_of("whistle")
