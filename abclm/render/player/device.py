"""The loudspeaker: the package miniaudio (MIT), which plays without any library of the system."""

import importlib.util
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from abclm.errors import MissingExtraError, NoSoundDeviceError
from abclm.render.player.engine import Engine
from abclm.render.player.synthesiser import RATE

__all__ = ["LATENCY", "Device", "require_device"]

_PERIOD: Final = 40
"""Milliseconds between two calls for samples."""
_PERIODS: Final = 3
LATENCY: Final = _PERIOD * _PERIODS / 1000
"""Seconds from the moment at which samples are given until they are heard, at most."""


def require_device(command: str) -> None:
    """Check that the package for the sound device is installed.

    Raises:
        MissingExtraError: it is not; ``command`` names what needs it.
    """
    if importlib.util.find_spec("miniaudio") is None:
        raise MissingExtraError(command, "miniaudio", "audio")


class Device:
    """The default sound device, opened at once; a context manager that closes it on exit.

    Args:
        silent: whether to take miniaudio's null device, which keeps time but makes no sound.

    Raises:
        NoSoundDeviceError: there is none.
    """

    def __init__(self, *, silent: bool = False) -> None:
        import miniaudio  # noqa: PLC0415 - in an extra

        null = miniaudio.Backend.NULL
        # With all others listed, miniaudio does not fall back on the null device.
        backends = [null] if silent else [one for one in miniaudio.Backend if one is not null]
        try:
            with _quiet():
                self._device: Any = miniaudio.PlaybackDevice(
                    sample_rate=RATE,
                    buffersize_msec=_PERIOD,
                    callback_periods=_PERIODS,
                    backends=backends,
                    app_name="abclm",
                )
        except miniaudio.MiniaudioError as error:
            raise NoSoundDeviceError("no sound device was found") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._device.close()

    def start(self, engine: Engine) -> None:
        """Let the device take its samples from ``engine``."""
        source = _blocks(engine)
        next(source)  # runs up to its first yield, where it waits for a number of samples
        self._device.start(source)


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what the sound libraries of the system write to standard error, past Python."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _blocks(engine: Engine) -> Generator[NDArray[np.int16], int, None]:
    frames = yield np.zeros((0, 2), dtype=np.int16)
    while True:
        frames = yield engine.block(frames)
