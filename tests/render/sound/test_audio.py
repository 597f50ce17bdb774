import io
import wave
from pathlib import Path

import numpy as np
import pytest

from abclm.errors import MissingExtraError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.render.midi.midi import midi_bytes
from abclm.render.sound.audio import wav_bytes

HEADER = "X:1\nT:t\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n"


def midi_of(body: str) -> bytes:
    return midi_bytes(parse_tunebook(f"{HEADER}{body}\n")[0].tune)


def sound_of(body: str) -> tuple[np.ndarray, int]:
    """One channel, and how many samples a second it has."""
    with wave.open(io.BytesIO(wav_bytes(midi_of(body)))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return samples[:: file.getnchannels()].astype(float), file.getframerate()


def test_without_the_synthesiser_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"abclm\[audio\]"):
        wav_bytes(b"")


class TestWithSynthesiser:
    """The real synthesiser and sound font."""

    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        for package in ("midirenderer", "pretty_midi"):
            pytest.importorskip(package, reason=f"{package} is not installed (abclm[audio])")

    def test_it_lasts_as_long_as_the_tune_and_is_heard(self) -> None:
        samples, rate = sound_of("A4|B4|[Q:1/4=60]c4|]")
        assert 8 <= len(samples) / rate <= 10  # 2 + 2 + 4 seconds, and what rings on
        assert 0.7 < np.abs(samples).max() / 32767 < 0.9
        for second in range(8):
            assert np.abs(samples[second * rate : (second + 1) * rate]).max() > 1000

    def test_a_is_440_hertz(self) -> None:
        samples, rate = sound_of("A8|]")
        spectrum = np.abs(np.fft.rfft(samples[: 2 * rate]))
        frequencies = np.fft.rfftfreq(2 * rate, 1 / rate)
        near = (frequencies > 300) & (frequencies < 600)
        assert abs(frequencies[near][spectrum[near].argmax()] - 440) < 5

    def test_what_is_no_sound_font_is_one_error(self, tmp_path: Path) -> None:
        path = tmp_path / "font.sf2"
        path.write_bytes(b"RIFF\0\0\0\0nothing")
        with pytest.raises(RenderError, match=r"font\.sf2"):
            wav_bytes(midi_of("A4|"), path)
