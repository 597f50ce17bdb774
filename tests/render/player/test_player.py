"""The whole player with the real synthesiser, and the null device of miniaudio."""

import io
import time
import wave

import numpy as np
import pytest

from abclm.errors import MissingExtraError, NoSoundDeviceError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.render.player.device import Device
from abclm.render.player.options import PlayOptions
from abclm.render.player.player import Player, programme_wav
from abclm.render.player.programme import Programme, programme_of
from abclm.render.player.synthesiser import RATE, Synthesiser

SCALE = "X:1\nT:Scale\nM:4/4\nL:1/4\nQ:1/4=240\nK:C\nCDEF|GABc|cBAG|FEDC|\n"


@pytest.fixture(autouse=True)
def _installed() -> None:
    for package in ("midirenderer", "pretty_midi", "miniaudio"):
        pytest.importorskip(package, reason=f"{package} is not installed (abclm[audio])")


def programme(abc: str = SCALE, **options: object) -> Programme:
    return programme_of([parse_tunebook(abc)[0].tune], PlayOptions(**options))  # type: ignore[arg-type]


def silent() -> Device:
    return Device(silent=True)


def test_it_plays_to_the_end_in_time_and_without_underruns() -> None:
    with Player(programme(), silent) as player:
        begin = time.monotonic()
        player.wait()
        assert 4 <= time.monotonic() - begin < 6.5  # four seconds, and what rings on
        assert player.engine.underruns == 0


def test_keys_do_what_they_say_while_it_plays() -> None:
    with Player(programme(loop=True), silent) as player:
        player.forward()
        player.faster()
        player.loop_from()
        _until(lambda: player.place.transport.first == 1)
        assert player.place.transport.at == 1
        assert player.place.transport.factor == pytest.approx(1.05)
        player.slower()
        player.back()
        player.loop_to()
        _until(lambda: (player.place.transport.first, player.place.transport.last) == (0, 0))
        player.pause()
        assert player.engine.paused
        player.pause()
        player.unloop()
        _until(lambda: not player.place.transport.loops)
        assert player.engine.underruns == 0


def test_onsets_in_the_file_are_where_the_tempo_puts_them() -> None:
    """A wood block clicks once a second; each click begins within 3 ms of its time."""
    abc = "X:1\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\nz4|z4|C4|\n"
    samples = sound_of(programme(abc, click=True, instrument="flute", bars="1-2"))
    level = np.abs(samples[: 8 * RATE])
    for second in range(8):
        before = level[second * RATE - RATE // 10 : second * RATE - 10]
        start = int(np.flatnonzero(level[second * RATE :] > 0.05 * level.max())[0])
        assert start < 0.003 * RATE
        assert before.size == 0 or before.max() < 0.05 * level.max()


def sound_of(made: Programme) -> np.ndarray:
    with wave.open(io.BytesIO(programme_wav(made))) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data.reshape(-1, 2)[:, 0] / 32768


def test_the_file_has_each_turn_once_even_of_a_loop() -> None:
    once = len(sound_of(programme(loop=True))) / RATE
    assert 4 < once < 6
    twice = len(sound_of(programme(times=2, count_in=True))) / RATE
    assert twice == pytest.approx(once + 5, abs=0.2)


def test_a_drone_sounds_on_below_without_a_gap() -> None:
    samples = sound_of(programme("X:1\nM:4/4\nL:1/4\nQ:1/4=10\nK:C\nC z3|z4|\n", drone="D"))
    rests = samples[8 * RATE : 46 * RATE].reshape(-1, RATE // 10)
    levels = np.sqrt((rests**2).mean(axis=1))
    assert levels.min() > 0.5 * levels.max()
    assert levels.max() > 0.01


def test_what_the_synthesiser_cannot_read_is_one_error() -> None:
    with Synthesiser() as synthesiser, pytest.raises(RenderError, match="synthesiser failed"):
        synthesiser.render(b"no MIDI")


def test_without_a_device_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    def fail(**_: object) -> None:
        raise miniaudio.MiniaudioError("none")

    monkeypatch.setattr("miniaudio.PlaybackDevice", fail)
    with pytest.raises(NoSoundDeviceError, match="no sound device was found"):
        Player(programme())


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"miniaudio.*abclm\[audio\]"):
        Player(programme(), silent)


def _until(condition: object, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)
